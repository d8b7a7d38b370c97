import type { PageAssets } from '../../report/page-assets';

/**
 * From source the dashboard's page is bundled here and now. services/cli/build.mjs puts its texts
 * in the place of this file.
 */
export async function dashboardAssets(): Promise<PageAssets> {
  const { bundlePage } = await import('../../report/page-bundle.mjs');
  return bundlePage(new URL('../page/dashboard-page.ts', import.meta.url));
}

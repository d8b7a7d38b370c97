import type { PageAssets } from './page-assets';

/** The report's page if none is named. */
export function bundlePage(entry?: URL): Promise<PageAssets>;

/** The page's script and style, as they stand in the file. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * From source the page is bundled here and now. services/cli/build.mjs puts its texts in the place
 * of this file.
 */
export async function pageAssets(): Promise<PageAssets> {
  const { bundlePage } = await import('./page-bundle.mjs');
  return bundlePage();
}

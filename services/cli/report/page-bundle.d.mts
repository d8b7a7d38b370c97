import type { PageAssets } from './page-assets';

export function bundlePage(): Promise<PageAssets>;

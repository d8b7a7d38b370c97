import { dashboardAssets } from './page-assets';

/** A file that the page consists of. */
export interface PageFile {
  readonly type: string;
  readonly content: string;
}

/**
 * Nothing but the page's own script runs, and it asks nobody but this server. Styles are inline
 * because the plots bring theirs.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The files of the page by their paths. */
export async function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const { script, style } = await dashboardAssets();
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', content: html }],
    ['/page.js', { type: 'text/javascript; charset=utf-8', content: script }],
    ['/page.css', { type: 'text/css; charset=utf-8', content: style }],
  ]);
}

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Rewind</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<noscript>The dashboard needs JavaScript, all of which comes from this machine. <code>rewind watch</code> shows the same in a terminal.</noscript>
<script type="module" src="/page.js"></script>
</body>
</html>
`;

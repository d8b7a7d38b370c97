import { createHash } from 'node:crypto';
import { escapedHtml } from './embedded-element';
import { pageAssets } from './page-assets';

interface HtmlPage {
  readonly title: string;
  /** The elements that hold its data. */
  readonly data: Iterable<string>;
}

/**
 * One self-contained HTML file, in parts. It may load nothing and run nothing but its own script:
 * so says its policy, by the script's digest. Styles are inline because the plots bring theirs.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 */
export async function* htmlPage({ title, data }: HtmlPage): AsyncGenerator<string> {
  const { script, style } = await pageAssets();
  const digest = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; script-src 'sha256-${digest}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapedHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<noscript>This report needs JavaScript, all of which is in this file. <code>rewind replay</code> without <code>--format html</code> prints the same as text.</noscript>
<script type="module">${script}</script>
`;
  yield* data;
  yield '</body>\n</html>\n';
}

/**
 * The HTML of a page of the sandbox before its script runs. `styles` and `script` are addresses on the page's own server,
 * `body` is markup. The shared style sheet comes first, so that each page has the last word.
 */
export function pageDocument(page: { title: string; styles: readonly string[]; script: string; body: string }): string {
  const styles = ['/kit/browser/base.css', ...page.styles].map((href) => `<link rel="stylesheet" href="${href}">`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<link rel="icon" href="data:,">
${styles.join('\n')}
<script type="module" src="${page.script}"></script>
</head>
<body>
${page.body}
<noscript><p>This page needs JavaScript.</p></noscript>
</body>
</html>
`;
}

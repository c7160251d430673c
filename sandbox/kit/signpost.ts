/** The page at a stand-in's bare address: what answers here, and where its pages are. Texts are ours, never a visitor's. */
export function signpost(title: string, about: string, pages: readonly [address: string, name: string][]): string {
  const links = pages.map(([address, name]) => `<li><a href="${address}">${name}</a></li>`).join('');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="icon" href="data:,"></head>
<body><main><h1>${title}</h1><p>${about}</p><ul>${links}</ul><p>The desk shows both CRMs side by side; npm start prints its address.</p></main></body>
</html>
`;
}

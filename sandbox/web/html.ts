/** One page: as a browser gets it, and what a reader sees of its main part; `words` is that in small letters, to search in. */
export interface Page {
  title: string;
  paragraphs: string[];
  words: string;
  html: string;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A page as firms have them: navigation, a main part, a footer, a script that must not be read as text. */
export function page(
  title: string,
  heading: string,
  paragraphs: string[],
  links: [label: string, href: string][],
  footer: string,
): Page {
  const nav = links.map(([label, href]) => `<a href="${escapeHtml(href)}">${escapeHtml(label)}</a>`).join(' | ');
  const main = paragraphs.map((text) => `      <p>${escapeHtml(text)}</p>`).join('\n');
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${escapeHtml(title)}</title>
    <meta name="description" content="${escapeHtml(paragraphs[0] ?? title)}">
    <style>body { font-family: sans-serif; max-width: 48rem; margin: auto }</style>
    <script>window.consent = { analytics: false };</script>
  </head>
  <body>
    <nav>${nav}</nav>
    <main>
      <h1>${escapeHtml(heading)}</h1>
${main}
    </main>
    <footer>${escapeHtml(footer)}</footer>
  </body>
</html>
`;
  return { title, paragraphs, words: `${title} ${paragraphs.join(' ')}`.toLowerCase(), html };
}

/** `12 March 2026`, the day so many days before an instant, in UTC. */
export function dayBefore(now_ms: number, daysAgo: number): string {
  const day = new Date(now_ms - daysAgo * 86_400_000);
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    day,
  );
}

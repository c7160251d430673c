import { pageDocument } from '../../kit/page-document.ts';

/** The page before its script runs; the same for list and record. */
export function pageShell(): string {
  return pageDocument({
    title: 'HubSpot (stand-in)',
    styles: ['/_ui/page/page.css', '/_ui/page/record.css', '/_ui/page/card.css'],
    script: '/_ui/page/main.ts',
    body: `<aside class="stand-in" aria-label="Stand-in"><strong>Stand-in of HubSpot.</strong> The card is the real one, bundled by HubSpot's own bundler.</aside>
<header class="global">
<span class="brand">CRM</span>
<nav aria-label="Global"><a id="to-list" href="#">Deals</a></nav>
<span class="who" id="who"></span>
</header>
<main id="page"><p class="panel" role="status">Loading …</p></main>
<div id="toasts" role="status" aria-live="polite"></div>`,
  });
}

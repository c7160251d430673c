import { pageDocument } from '../../kit/page-document.ts';

/** The page before its script runs; the same for list and record. */
export function pageShell(): string {
  return pageDocument({
    title: 'Salesforce (stand-in)',
    styles: ['/_ui/page/page.css', '/_ui/page/record.css'],
    script: '/_ui/page/main.ts',
    body: `<aside class="stand-in" aria-label="Stand-in"><strong>Stand-in of Salesforce.</strong> Apex is a stand-in too: its calls go straight to the hub.</aside>
<header class="global">
<span class="waffle" aria-hidden="true"></span>
<span class="app">Sales</span>
<nav aria-label="Global"><a id="to-list" href="/lightning/o/Opportunity/list">Opportunities</a></nav>
<span class="who" id="who"></span>
</header>
<main id="page"><p class="card loading" role="status">Loading …</p></main>
<div id="toasts" role="status" aria-live="polite"></div>`,
  });
}

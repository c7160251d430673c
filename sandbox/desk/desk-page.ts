import { pageDocument } from '../kit/page-document.ts';
import type { WorldTenant } from '../seed/world.ts';

/** The desk before its script runs. */
export function deskPage(tenants: readonly Pick<WorldTenant, 'key' | 'name'>[]): string {
  const choices = tenants.map(({ key, name }) => `<option value="${key}">${escapeHtml(name)}</option>`).join('');
  return pageDocument({
    title: 'Rapport desk',
    styles: ['/client/desk.css'],
    script: '/client/main.ts',
    body: `<header>
<h1><span class="mark" aria-hidden="true"></span>Rapport <small>desk</small></h1>
<label class="wide">Deal <select id="deal"></select></label>
<label>Tenant <select id="tenant">${choices}</select></label>
<label>Language <select id="language"><option value="en">English</option><option value="de">Deutsch</option></select></label>
<p class="hub" id="hub" role="status" data-state="unknown">Hub: …</p>
<p class="about">One deal in two CRMs: move its stage or edit a field on either side, and the other follows. HubSpot, Salesforce, the model and the web are <strong>stand-ins on this machine</strong>; the card and the component are the real ones.</p>
<p class="hint" id="hint" role="status" hidden><strong>Try it:</strong> in HubSpot, move the stage to <em>Qualified To Buy</em>, and watch: Salesforce follows, research about the company runs, and its brief appears on both sides.</p>
<ul class="builds" id="builds" role="status" aria-label="Builds"></ul>
</header>
<main>
<section class="pane hubspot" aria-label="HubSpot">
<h2>HubSpot <small>stand-in</small> <a id="hubspot-list" target="_blank" rel="noopener">All deals</a> <a id="hubspot-open" target="_blank" rel="noopener">Open this page</a></h2>
<div id="hubspot"></div>
</section>
<section class="pane salesforce" aria-label="Salesforce">
<h2>Salesforce <small>stand-in</small> <a id="salesforce-list" target="_blank" rel="noopener">All opportunities</a> <a id="salesforce-open" target="_blank" rel="noopener">Open this page</a></h2>
<div id="salesforce"></div>
</section>
</main>`,
  });
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

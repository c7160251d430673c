import { pageDocument } from '../kit/page-document.ts';
import type { WorldTenant } from '../seed/world.ts';
import { parts, text, type TextName } from './client/texts.ts';

/** The desk before its script runs: in English, with the place of each text marked for the script. */
export function deskPage(tenants: readonly Pick<WorldTenant, 'key' | 'name'>[]): string {
  const choices = tenants.map(({ key, name }) => `<option value="${key}">${escapeHtml(name)}</option>`).join('');
  return pageDocument({
    title: 'Rapport desk',
    styles: ['/client/desk.css'],
    script: '/client/main.ts',
    body: `<header>
<h1><span class="mark" aria-hidden="true"></span>Rapport <small>desk</small></h1>
<label class="wide">${said('span', 'deal')} <select id="deal"></select></label>
<label>${said('span', 'tenant')} <select id="tenant">${choices}</select></label>
<label>${said('span', 'language')} <select id="language"><option value="en">English</option><option value="de">Deutsch</option></select></label>
<p class="hub" id="hub" role="status" data-state="unknown">Hub: …</p>
<p class="notice" id="notice" role="status" hidden></p>
${said('p', 'about', 'class="about"')}
${said('p', 'hint', 'class="hint" id="hint" role="status" hidden')}
<ul class="builds" id="builds" role="status" aria-label="Builds"></ul>
<div class="sides" id="sides" role="group" data-label="sides" aria-label="${text('en', 'sides')}">
<button type="button" data-side="hubspot">HubSpot</button><button type="button" data-side="salesforce">Salesforce</button>
</div>
</header>
<main>
<section class="pane hubspot" aria-label="HubSpot">
<h2>HubSpot ${said('small', 'standIn')} ${said('a', 'allDeals', 'id="hubspot-list" target="_blank" rel="noopener"')} ${said('a', 'open', 'id="hubspot-open" target="_blank" rel="noopener"')}</h2>
<div id="hubspot"></div>
</section>
<section class="pane salesforce" aria-label="Salesforce">
<h2>Salesforce ${said('small', 'standIn')} ${said('a', 'allOpportunities', 'id="salesforce-list" target="_blank" rel="noopener"')} ${said('a', 'open', 'id="salesforce-open" target="_blank" rel="noopener"')}</h2>
<div id="salesforce"></div>
</section>
</main>`,
  });
}

function said(tag: string, name: TextName, attributes = ''): string {
  const inner = parts('en', name).map((part, index) => (index % 2 === 0 ? part : `<strong>${part}</strong>`));
  return `<${tag} data-text="${name}"${attributes && ` ${attributes}`}>${inner.join('')}</${tag}>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

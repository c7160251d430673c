import type { WorldTenant } from '../seed/world.ts';

/** The desk before its script runs. */
export function deskPage(tenants: readonly Pick<WorldTenant, 'key' | 'name'>[]): string {
  const choices = tenants.map(({ key, name }) => `<option value="${key}">${escapeHtml(name)}</option>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rapport desk</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/client/desk.css">
<script type="module" src="/client/main.ts"></script>
</head>
<body>
<header>
<h1><span class="mark" aria-hidden="true"></span>Rapport <small>desk</small></h1>
<label class="wide">Deal <select id="deal"></select></label>
<label>Tenant <select id="tenant">${choices}</select></label>
<label>Language <select id="language"><option value="en">English</option><option value="de">Deutsch</option></select></label>
<p class="hub" id="hub" role="status" data-state="unknown">Hub: …</p>
</header>
<p class="about">One deal in two CRMs: move its stage or edit a field on either side, and the other follows. HubSpot, Salesforce, the model and the web are <strong>stand-ins on this machine</strong>; the card and the component are the real ones.</p>
<ul class="builds" id="builds" role="status" aria-label="Builds"></ul>
<main>
<section class="pane hubspot" aria-label="HubSpot">
<h2>HubSpot <small>stand-in</small> <a id="hubspot-list" target="_blank" rel="noopener">All deals</a> <a id="hubspot-open" target="_blank" rel="noopener">Open this page</a></h2>
<div id="hubspot"></div>
</section>
<section class="pane salesforce" aria-label="Salesforce">
<h2>Salesforce <small>stand-in</small> <a id="salesforce-list" target="_blank" rel="noopener">All opportunities</a> <a id="salesforce-open" target="_blank" rel="noopener">Open this page</a></h2>
<div id="salesforce"></div>
</section>
</main>
<noscript><p class="about">The desk needs JavaScript.</p></noscript>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

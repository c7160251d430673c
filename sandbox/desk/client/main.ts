import { mustFind } from '../../kit/browser/dom.ts';
import { pollWhileVisible } from '../../kit/browser/poll.ts';
import type { DealPair } from '../crm-deal.ts';
import { chosen, keepChoice, readChoice, type Choice } from './choice.ts';
import { fillPicker } from './deal-picker.ts';
import { showHint } from './hint.ts';
import { showPane } from './pane.ts';
import { showTexts } from './show-texts.ts';
import { startSideSwitch } from './side-switch.ts';
import { showState } from './state-line.ts';
import { text } from './texts.ts';

interface Deals {
  pairs: DealPair[];
  /** The place of the pair to show where none is chosen. */
  first: number;
  portalId: number;
  hubspotUrl: string;
  salesforceUrl: string;
}

const dealSelect = mustFind('#deal') as HTMLSelectElement;
const tenantSelect = mustFind('#tenant') as HTMLSelectElement;
const languageSelect = mustFind('#language') as HTMLSelectElement;

const asked = readChoice(
  location.search,
  [...tenantSelect.options].map(({ value }) => value),
);
let choice: Choice = asked;
let deals: Deals | undefined;
let drawn = '';

async function load(): Promise<void> {
  const tenant = choice.tenant;
  const response = await fetch(`/api/deals/${tenant}`);
  if (!response.ok) throw new Error(((await response.json()) as { message: string }).message);
  const answer = (await response.json()) as Deals;
  // The choice may have moved on while the answer was under way.
  if (tenant !== choice.tenant) return;
  deals = answer;
  draw();
}

function draw(): void {
  if (!deals) return;
  const pair = chosen(deals.pairs, choice) ?? deals.pairs[deals.first];
  choice = {
    tenant: choice.tenant,
    language: choice.language,
    ...(pair?.hubspot && { hubspotId: pair.hubspot.id }),
    ...(pair?.salesforce && { salesforceId: pair.salesforce.id }),
  };
  keepChoice(choice);
  const names = JSON.stringify([choice, deals.pairs.map(({ name, company, ambiguous }) => [name, company, ambiguous])]);
  // Filling an open list again would close it.
  if (names !== drawn) fillPicker(dealSelect, deals.pairs, pair, choice.language);
  drawn = names;
  if (pair) showPair(deals, pair);
}

function showPair({ portalId, hubspotUrl, salesforceUrl }: Deals, { name, hubspot, salesforce }: DealPair): void {
  const { tenant, language } = choice;
  const contacts = `${hubspotUrl}/contacts/${portalId}`;
  const org = `?org=${tenant}&lang=${language}`;
  document.title = `${name} | Rapport desk`;
  showHint(hubspot, salesforce);
  showPane('hubspot', {
    title: `HubSpot: ${name}`,
    url: hubspot ? `${contacts}/record/0-3/${hubspot.id}?lang=${language}` : undefined,
    listUrl: `${contacts}/objects/0-3/views/all/list?lang=${language}`,
    missing: text(language, 'missing', { crm: 'HubSpot' }),
  });
  showPane('salesforce', {
    title: `Salesforce: ${name}`,
    url: salesforce ? `${salesforceUrl}/lightning/r/Opportunity/${salesforce.id}/view${org}` : undefined,
    listUrl: `${salesforceUrl}/lightning/o/Opportunity/list${org}`,
    missing: text(language, 'missing', { crm: 'Salesforce' }),
  });
}

/** Says that the address asked for a tenant that is not there, until one is chosen. */
function showNotice(): void {
  const notice = mustFind('#notice');
  notice.hidden = asked.unknownTenant === undefined;
  const shown = tenantSelect.selectedOptions[0]?.text ?? '';
  if (asked.unknownTenant !== undefined)
    notice.textContent = text(choice.language, 'noTenant', { asked: asked.unknownTenant, shown });
}

tenantSelect.value = choice.tenant;
languageSelect.value = choice.language;
tenantSelect.addEventListener('change', () => {
  choice = { tenant: tenantSelect.value, language: choice.language };
  delete asked.unknownTenant;
  showNotice();
  void load();
});
languageSelect.addEventListener('change', () => {
  choice = { ...choice, language: languageSelect.value === 'de' ? 'de' : 'en' };
  showWords();
  draw();
});
dealSelect.addEventListener('change', () => {
  const pair = deals?.pairs[Number(dealSelect.value)];
  const { tenant, language } = choice;
  choice = {
    tenant,
    language,
    ...(pair?.hubspot && { hubspotId: pair.hubspot.id }),
    ...(pair?.salesforce && { salesforceId: pair.salesforce.id }),
  };
  draw();
});

function showWords(): void {
  showTexts(choice.language);
  showNotice();
  void state();
}

const state = (): Promise<void> => showState(choice.language);

startSideSwitch();
showWords();
await Promise.allSettled([load(), state()]);
pollWhileVisible(2_000, state);
pollWhileVisible(2_000, load);

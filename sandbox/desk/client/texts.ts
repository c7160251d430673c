/** The desk's own texts. `**` marks what is strong; `{name}` is a place for a value. */
const en = {
  deal: 'Deal',
  tenant: 'Tenant',
  language: 'Language',
  about:
    'One deal in two CRMs: move its stage or edit a field on either side, and the other follows. HubSpot, Salesforce, the model and the web are **stand-ins on this machine**; the card and the component are the real ones.',
  hint: '**Try it:** in HubSpot, move the stage to **Qualified To Buy**, and watch: Salesforce follows, research about the company runs, and its brief appears on both sides.',
  standIn: 'stand-in',
  allDeals: 'All deals',
  allOpportunities: 'All opportunities',
  open: 'Open this page',
  sides: 'Which side is shown',
  hubReady: 'Hub: ready',
  hubStarting: 'Hub: starting',
  hubDown: 'Hub: not running',
  sandboxDown: 'Sandbox: not running',
  missing: '{crm} does not have this deal. Once Rapport has created it, it appears here by itself.',
  noTenant: 'There is no tenant "{asked}". This is {shown}.',
  inBoth: 'In both CRMs',
  inHubspot: 'In HubSpot only',
  inSalesforce: 'In Salesforce only',
  ambiguous: 'More than one of the name',
};

export type TextName = keyof typeof en;

const de: Record<TextName, string> = {
  deal: 'Deal',
  tenant: 'Mandant',
  language: 'Sprache',
  about:
    'Ein Deal in zwei CRMs: Ändern Sie auf einer Seite die Phase oder ein Feld, und die andere zieht nach. HubSpot, Salesforce, das Modell und das Web sind **Nachbildungen auf diesem Rechner**; die Karte und die Komponente sind die echten.',
  hint: '**Probieren Sie es:** Setzen Sie in HubSpot die Phase auf **Qualified To Buy** und sehen Sie zu: Salesforce zieht nach, die Recherche über das Unternehmen läuft, und ihr Bericht erscheint auf beiden Seiten.',
  standIn: 'Nachbildung',
  allDeals: 'Alle Deals',
  allOpportunities: 'Alle Opportunities',
  open: 'Diese Seite öffnen',
  sides: 'Welche Seite zu sehen ist',
  hubReady: 'Hub: bereit',
  hubStarting: 'Hub: startet',
  hubDown: 'Hub: läuft nicht',
  sandboxDown: 'Sandbox: läuft nicht',
  missing: '{crm} hat diesen Deal nicht. Sobald Rapport ihn dort angelegt hat, erscheint er hier von selbst.',
  noTenant: 'Es gibt keinen Mandanten „{asked}“. Dies ist {shown}.',
  inBoth: 'In beiden CRMs',
  inHubspot: 'Nur in HubSpot',
  inSalesforce: 'Nur in Salesforce',
  ambiguous: 'Mehrere dieses Namens',
};

export type Language = 'en' | 'de';

/** A text in the language, with values in its places. */
export function text(language: Language, name: TextName, values: Readonly<Record<string, string>> = {}): string {
  const template = (language === 'de' ? de : en)[name];
  return template.replaceAll(/\{(\w+)\}/g, (place, key: string) => values[key] ?? place);
}

/** A text as parts in turn: plain, strong, plain, ... */
export function parts(language: Language, name: TextName): string[] {
  return text(language, name).split('**');
}

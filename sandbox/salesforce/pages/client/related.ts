import type { Api, Row } from './api.ts';
import { h } from '../../../kit/browser/dom.ts';
import { formatInstant } from './format.ts';

export interface Related {
  account: Row | undefined;
  roles: Row[];
  reports: Row[];
}

/** The account, the people and the research reports of an opportunity. */
export async function loadRelated(api: Api, row: Row): Promise<Related> {
  const accountId = row['AccountId'];
  const [accounts, roles, reports] = await Promise.all([
    typeof accountId === 'string'
      ? api.query(
          `SELECT Id, Name, Website, Industry, BillingCity, BillingCountry FROM Account WHERE Id = '${accountId}'`,
        )
      : [],
    api.query(
      `SELECT Id, Role, IsPrimary, Contact.Name, Contact.Title, Contact.Email FROM OpportunityContactRole WHERE OpportunityId = '${row.Id}'`,
    ),
    api.query(
      `SELECT Id, Name, Summary__c, Model__c, Researched_At__c FROM Research_Report__c WHERE Opportunity__c = '${row.Id}' ORDER BY CreatedDate DESC LIMIT 5`,
    ),
  ]);
  return { account: accounts[0], roles, reports };
}

export function relatedLists({ account, roles, reports }: Related): HTMLElement[] {
  return [
    list('Account', account ? [accountLine(account)] : []),
    list('Contact Roles', roles.map(roleLine)),
    list('Research Reports', reports.map(reportLine)),
  ];
}

function list(title: string, lines: HTMLElement[]): HTMLElement {
  const content = lines.length > 0 ? h('ul', {}, ...lines) : h('p', { class: 'weak' }, 'None');
  return h('section', { class: 'card related__list' }, h('h2', {}, `${title} (${lines.length})`), content);
}

function accountLine(account: Row): HTMLElement {
  const place = joined(account['BillingCity'], account['BillingCountry']);
  return line(account['Name'], joined(account['Industry'], account['Website'], place));
}

function roleLine(role: Row): HTMLElement {
  const contact = role['Contact'] as Row | null;
  const primary = role['IsPrimary'] === true ? 'primary' : undefined;
  return line(contact?.['Name'], joined(contact?.['Title'], role['Role'], primary, contact?.['Email']));
}

function reportLine(report: Row): HTMLElement {
  const at = report['Researched_At__c'];
  return line(
    report['Name'],
    joined(report['Model__c'], typeof at === 'string' ? formatInstant(at) : undefined),
    report['Summary__c'],
  );
}

function line(title: unknown, facts: string, body?: unknown): HTMLElement {
  return h(
    'li',
    {},
    h('strong', {}, joined(title)),
    h('p', { class: 'weak' }, facts),
    typeof body === 'string' ? h('p', { class: 'clamp' }, body) : undefined,
  );
}

function joined(...parts: unknown[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join(' · ');
}

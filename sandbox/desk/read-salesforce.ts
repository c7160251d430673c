import type { CrmDeal } from './crm-deal.ts';
import { getJson } from './get-json.ts';

const DATA = '/services/data/v67.0';
const SOQL = 'SELECT Id, Name, StageName, Account.Name FROM Opportunity';

interface Answer {
  records: { Id: string; Name: string; StageName: string; Account: { Name: string } | null }[];
  nextRecordsUrl?: string;
}

/** All opportunities of a Salesforce org with the name of their account. */
export async function readSalesforceDeals(
  salesforceUrl: string,
  client: { clientId: string; clientSecret: string },
): Promise<CrmDeal[]> {
  const token = await logIn(salesforceUrl, client);
  const deals: CrmDeal[] = [];
  let path: string | undefined = `${DATA}/query?q=${encodeURIComponent(SOQL)}`;
  while (path) {
    const answer = (await getJson(salesforceUrl + path, token)) as Answer;
    for (const { Id, Name, StageName, Account } of answer.records) {
      deals.push({ id: Id, name: Name, company: Account?.Name ?? '', stage: StageName });
    }
    path = answer.nextRecordsUrl;
  }
  return deals;
}

async function logIn(salesforceUrl: string, client: { clientId: string; clientSecret: string }): Promise<string> {
  const response = await fetch(`${salesforceUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.clientSecret,
    }),
  });
  if (!response.ok) throw new Error(`Salesforce refused the login of ${client.clientId} (${response.status}).`);
  return ((await response.json()) as { access_token: string }).access_token;
}

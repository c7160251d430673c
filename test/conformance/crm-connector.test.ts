import { crmConnectorConformance } from './crm-connector.ts';
import { hubspotBench } from './crm-hubspot.ts';
import { salesforceBench } from './crm-salesforce.ts';

describe('HubSpot as a CRM connector', () => crmConnectorConformance(hubspotBench));
describe('Salesforce as a CRM connector', () => crmConnectorConformance(salesforceBench));

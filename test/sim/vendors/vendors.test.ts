import { crmConnectorConformance } from '../../conformance/crm-connector.ts';
import { hubspotFlavour } from './hubspot-flavour.ts';
import { salesforceFlavour } from './salesforce-flavour.ts';
import { simBench } from './sim-bench.ts';

describe('The simulated HubSpot as a CRM connector', () =>
  crmConnectorConformance(() =>
    simBench(hubspotFlavour, {
      object: 'companies',
      text: ['name', 'phone'],
      refused: { fields: { name: 'Bad', industry: 'NOT_AN_OPTION' }, field: 'industry' },
      option: { object: 'deals', field: 'dealstage', value: 'qualifiedtobuy' },
      edges: {
        object: 'deals',
        fields: { dealname: 'Deal', pipeline: 'default', dealstage: 'appointmentscheduled' },
        field: 'associations:contacts',
        peer: { object: 'contacts', fields: { email: 'someone-#@peer.example' } },
      },
    }),
  ));

describe('The simulated Salesforce as a CRM connector', () =>
  crmConnectorConformance(() =>
    simBench(salesforceFlavour, {
      object: 'Account',
      text: ['Name', 'Phone'],
      refused: { fields: { Name: 'x'.repeat(300) }, field: 'Name' },
      option: { object: 'Opportunity', field: 'StageName', value: 'Qualification' },
      edges: {
        object: 'Opportunity',
        fields: { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31' },
        field: 'contactRoles',
        peer: { object: 'Contact', fields: { LastName: 'Someone #', Email: 'someone-#@peer.example' } },
      },
    }),
  ));

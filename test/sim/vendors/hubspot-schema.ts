import { industryOptions } from '../../../sandbox/hubspot/industry-options.ts';
import { stageIds } from '../../../sandbox/hubspot/pipelines.ts';
import { field, texts, type SimSchema } from './field.ts';

/** HubSpot docs, properties: the longest text. */
const longest = 65_536;
const readOnly = { readOnly: true };

/**
 * A fresh portal: the standard properties that the mappings name. `rapport_id` and the properties of research are made by
 * the hub itself. Nothing is required by the API (HubSpot docs: CRM objects).
 */
export const hubspotSchema: SimSchema = {
  companies: [
    ...texts(longest, 'name', 'domain', 'phone', 'address', 'city', 'zip', 'country', 'description'),
    field('industry', 'option', { options: industryOptions }),
    field('numberofemployees', 'number'),
    field('annualrevenue', 'number'),
    field('hubspot_owner_id', 'text'),
  ],
  contacts: [
    field('email', 'email', { unique: true, maxLength: longest }),
    ...texts(longest, 'firstname', 'lastname', 'phone', 'jobtitle'),
    field('association:companies', 'reference', { to: 'companies' }),
    field('hubspot_owner_id', 'text'),
    field('notes_last_contacted', 'instant', readOnly),
  ],
  deals: [
    ...texts(longest, 'dealname', 'hs_next_step', 'description'),
    field('dealstage', 'option', { options: stageIds(undefined) }),
    field('pipeline', 'option', { options: ['default'] }),
    field('amount', 'number'),
    field('deal_currency_code', 'option', { options: ['USD', 'EUR', 'GBP', 'CHF'] }),
    field('closedate', 'instant'),
    field('association:companies', 'reference', { to: 'companies' }),
    field('associations:contacts', 'set', { to: 'contacts' }),
    field('hubspot_owner_id', 'text'),
    field('notes_last_contacted', 'instant', readOnly),
  ],
  notes: [
    field('hs_note_body', 'text', { maxLength: longest }),
    field('hs_timestamp', 'instant'),
    field('association:deals', 'reference', { to: 'deals' }),
  ],
};

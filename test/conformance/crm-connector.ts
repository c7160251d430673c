import type { CrmBench } from './crm-bench.ts';
import { crmErrorsConformance } from './crm-errors.ts';
import { crmListsConformance } from './crm-lists.ts';
import { crmRowsConformance } from './crm-rows.ts';

/** What every CRM connector must do. `make` gives an account that nobody else changes. */
export function crmConnectorConformance(make: () => Promise<CrmBench>): void {
  describe('rows', () => crmRowsConformance(make));
  describe('lists and descriptions', () => crmListsConformance(make));
  describe('errors', () => crmErrorsConformance(make));
}

/** A deal as one CRM shows it; what the desk needs to pair and to link it. */
export interface CrmDeal {
  id: string;
  name: string;
  company: string;
  /** HubSpot's stage id, or Salesforce's stage name. */
  stage: string;
}

/** The same deal in both CRMs, as far as each has it. */
export interface DealPair {
  name: string;
  company: string;
  hubspot: { id: string; stage: string } | null;
  salesforce: { id: string; stage: string } | null;
  /** One of the CRMs has more than one deal of this name at this company: which belongs to which is a guess. */
  ambiguous: boolean;
}

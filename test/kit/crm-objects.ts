/** Where the shipped mapping keeps a kind. */
export const objectOf = {
  company: { hubspot: 'companies', salesforce: 'Account' },
  contact: { hubspot: 'contacts', salesforce: 'Contact' },
  deal: { hubspot: 'deals', salesforce: 'Opportunity' },
} as const;

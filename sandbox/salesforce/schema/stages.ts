/** What a stage of a fresh developer org derives on its Opportunity. */
export interface Stage {
  name: string;
  probability: number;
  forecastCategory: string;
  forecastCategoryName: string;
  isClosed: boolean;
  isWon: boolean;
}

const open = (name: string, probability: number): Stage => ({
  name,
  probability,
  forecastCategory: 'Pipeline',
  forecastCategoryName: 'Pipeline',
  isClosed: false,
  isWon: false,
});

export const stages: readonly Stage[] = [
  open('Prospecting', 10),
  open('Qualification', 10),
  open('Needs Analysis', 20),
  open('Value Proposition', 50),
  open('Id. Decision Makers', 60),
  open('Perception Analysis', 70),
  open('Proposal/Price Quote', 75),
  open('Negotiation/Review', 90),
  {
    name: 'Closed Won',
    probability: 100,
    forecastCategory: 'Closed',
    forecastCategoryName: 'Closed',
    isClosed: true,
    isWon: true,
  },
  {
    name: 'Closed Lost',
    probability: 0,
    forecastCategory: 'Omitted',
    forecastCategoryName: 'Omitted',
    isClosed: true,
    isWon: false,
  },
];

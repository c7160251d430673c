import { orgs } from '../../seed/credentials.ts';

/** A connected app of an org, or the stand-in for a person at the UI. */
export interface OAuthClient {
  orgId: string;
  clientId: string;
  clientSecret: string;
  kind: 'app' | 'person';
}

/** The apps of the seeded orgs; client ids are unique across orgs, so that they tell the org. */
export const oauthClients: readonly OAuthClient[] = orgs.flatMap(({ orgId, integration, person }) => [
  { orgId, ...integration, kind: 'app' as const },
  { orgId, ...person, kind: 'person' as const },
]);

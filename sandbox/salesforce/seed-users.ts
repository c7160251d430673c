import type { WorldPerson } from '../seed/world.ts';
import { apiInstant } from './instant.ts';
import type { Org } from './org/org.ts';

interface NewUser {
  firstName: string | null;
  lastName: string;
  email: string;
  username: string;
  timeZone: string;
  locale: string;
}

function addUser(org: Org, user: NewUser, now_ms: number): string {
  const entity = org.schema.entity('User');
  if (!entity) throw new Error('the schema has no User');
  const id = org.nextId(entity);
  const stamp = apiInstant(now_ms);
  org.rows(entity).put({
    Id: id,
    Username: user.username,
    FirstName: user.firstName,
    LastName: user.lastName,
    Name: [user.firstName, user.lastName].filter(Boolean).join(' '),
    Email: user.email,
    Alias: user.lastName.slice(0, 8).toLowerCase(),
    IsActive: true,
    TimeZoneSidKey: user.timeZone,
    LocaleSidKey: user.locale.replace('-', '_'),
    LanguageLocaleKey: 'en_US',
    UserType: 'Standard',
    CreatedById: id,
    CreatedDate: stamp,
    LastModifiedById: id,
    LastModifiedDate: stamp,
    SystemModstamp: stamp,
  });
  return id;
}

/** The hub's own user; time zone UTC, so that its date literals mean UTC days. */
export function addIntegrationUser(org: Org, now_ms: number): string {
  const username = `integration@${org.orgId.slice(0, 15).toLowerCase()}.rapport.example`;
  return addUser(
    org,
    { firstName: 'Rapport', lastName: 'Integration', email: username, username, timeZone: 'GMT', locale: 'en-US' },
    now_ms,
  );
}

/** User ids by the world's person keys. Usernames are unique across orgs, e-mail addresses need not be. */
export function addPeople(org: Org, people: readonly WorldPerson[], now_ms: number): Map<string, string> {
  return new Map(
    people.map((person) => {
      const username = `${person.email}.${org.orgId.slice(-6).toLowerCase()}`;
      return [person.key, addUser(org, { ...person, username }, now_ms)];
    }),
  );
}

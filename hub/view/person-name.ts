import type { Change, Installation, Person } from '../../protocol/nouns.ts';

/**
 * The name of who made a change, or undefined. Ids of users and of owners are counted apart, and apart in each account: a
 * number alone names nobody.
 */
export function personName(
  people: readonly Person[],
  accounts: readonly (Pick<Installation, 'id' | 'vendor'> | undefined)[],
  { author, side }: Pick<Change, 'author' | 'side'>,
): string | undefined {
  const account = accounts.find((one) => one?.vendor === side);
  return people.find((one) => one.installationId === account?.id && one.userId === author.userId)?.name;
}

import { Invalid } from '../../protocol/errors.ts';
import type { Describes } from './describes.ts';

/**
 * A person account is one person in two rows, an account and a contact, that change together (Object reference: person
 * accounts): mirrored as a company and a contact, each would answer the other. An org that has them cannot be told from one
 * that uses them.
 */
export async function personAccounts(describes: Describes): Promise<Invalid | undefined> {
  const account = await describes.get('Account');
  if (!account || !('IsPersonAccount' in account.fields)) return undefined;
  return new Invalid(
    'This Salesforce org has person accounts, which Rapport cannot mirror yet: nothing is read or written there.',
    'Connect an org without person accounts, or ask for them to be supported.',
  );
}

import type { CrmConnector } from '../../../protocol/crm-connector.ts';
import { Reconnect } from '../../../protocol/errors.ts';
import type { Vendor } from '../../../protocol/nouns.ts';
import { openApi } from './api.ts';
import type { SimAccount } from './account.ts';

/** A vendor's connector over accounts in memory. */
export function simConnector(vendor: Vendor, accounts: ReadonlyMap<string, SimAccount>): CrmConnector {
  const find = (accountId: string): SimAccount => {
    const account = accounts.get(accountId);
    if (!account) throw new Reconnect(`${vendor} has no account ${accountId}.`);
    return account;
  };
  return {
    vendor,
    open: ({ accountId, gate }) => openApi(find(accountId), gate),
    async proveGrant({ accountId, grant }) {
      find(accountId);
      return grant;
    },
  };
}

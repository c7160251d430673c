import type { Vendor } from '../../protocol/nouns.ts';
import type { SimAccount } from './vendors/account.ts';
import type { WebhookSender } from './vendors/webhook-sender.ts';

/** One of the tenant's accounts, with its end of the events where the vendor pushes them. */
export interface Place {
  installationId: string;
  vendor: Vendor;
  account: SimAccount;
  sender?: WebhookSender;
}

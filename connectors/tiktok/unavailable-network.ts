import type { SocialSource } from '../../protocol/job.ts';

/** A network that gives no figures of other companies' accounts, and says so instead of leaving a gap. */
export function unavailableNetwork(network: string, reason: string): SocialSource {
  return { network, figures: () => Promise.resolve({ network, status: 'unavailable', reason }) };
}

/** TikTok docs: Display API (figures of who consents), Research API (not for commercial use). */
export const tiktokReason = 'TikTok gives figures only to the account’s owner.';

/** Meta docs: Page Public Content Access, which supersedes Page Public Metadata Access. */
export const facebookReason =
  'Facebook gives figures of other companies’ pages only to apps that Meta has approved for it.';

import type { SocialSource, SocialUnavailable } from '../../protocol/job.ts';

/** A network that gives no figures of other companies' accounts, and says so instead of leaving a gap. */
export function unavailableNetwork(network: string, why: Pick<SocialUnavailable, 'reason' | 'code'>): SocialSource {
  return { network, figures: () => Promise.resolve({ network, status: 'unavailable', ...why }) };
}

/** TikTok docs: Display API (figures of who consents), Research API (not for commercial use). */
export const tiktokReason = {
  code: 'owner_only',
  reason: 'TikTok gives figures only to the account’s owner.',
} as const;

/** Meta docs: Page Public Content Access, which supersedes Page Public Metadata Access. */
export const facebookReason = {
  code: 'approved_apps_only',
  reason: 'Facebook gives figures of other companies’ pages only to apps that Meta has approved for it.',
} as const;

import { hubspot } from '@hubspot/ui-extensions';
import type { HubAnswer } from '../types/deal-view.ts';

/** Below HubSpot's own 15 s, so that the card and not the proxy decides that the hub is out of reach. */
const TIMEOUT_MS = 10_000;
const STATUSES = new Set(['ok', 'not_connected', 'not_synced', 'no_permission']);

export interface HubApi {
  /** The deal as the hub sees it. Rejects when the hub cannot be reached or answers other than the contract. */
  getDeal(objectId: string): Promise<HubAnswer>;
  /** Starts research, or joins the unfinished run. `clickId` makes a repeat of the same click start nothing. */
  startResearch(objectId: string, clickId: string): Promise<HubAnswer>;
}

const isHubAnswer = (body: unknown): body is HubAnswer =>
  typeof body === 'object' &&
  body !== null &&
  'status' in body &&
  STATUSES.has(String(body.status)) &&
  (body.status !== 'ok' || 'view' in body);

const readAnswer = async (response: Response): Promise<HubAnswer> => {
  if (!response.ok) throw new Error(`The hub answered ${response.status}`);
  const body: unknown = await response.json();
  if (!isHubAnswer(body)) throw new Error('The hub answered with an unknown status');
  return body;
};

/**
 * The hub, called through HubSpot's proxy, which adds the user and the portal and signs the request
 * (HubSpot docs: UI extensions, fetching data). `hubUrl` is an origin without a closing slash.
 */
export const createHubApi = (hubUrl: string): HubApi => ({
  getDeal: async (objectId) =>
    readAnswer(
      await hubspot.fetch(`${hubUrl}/cards/deal?objectId=${encodeURIComponent(objectId)}`, {
        method: 'GET',
        timeout: TIMEOUT_MS,
      }),
    ),
  startResearch: async (objectId, clickId) =>
    readAnswer(
      await hubspot.fetch(`${hubUrl}/cards/research`, {
        method: 'POST',
        timeout: TIMEOUT_MS,
        body: { objectId, clickId },
      }),
    ),
});

import { z } from 'zod';
import { Fault } from '../../protocol/errors.ts';
import type { Calls } from './calls.ts';
import { path } from './version.ts';

/** Of `PortalInformationResponse` of HubSpot's OpenAPI file for account information; every grant shows it. */
const answer = z.looseObject({ timeZone: z.string() });

/** The portal's time zone (Settings, Account Defaults): HubSpot shows every date and time by it. */
export async function timeZone(calls: Calls): Promise<string> {
  const { timeZone } = await calls.call({
    method: 'GET',
    path: path('account-info', 'details'),
    effect: 'read',
    object: 'account',
    count: 1,
    purpose: { lane: 'background', what: 'set-up' },
    answer,
  });
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone;
  } catch (cause) {
    throw new Fault(`the portal's time zone ${timeZone} is none that this machine knows`, cause);
  }
}

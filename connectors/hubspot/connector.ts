import type { CrmApi, CrmConnector } from '../../protocol/crm-connector.ts';
import { Fault } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import { archiveRows } from './archive.ts';
import { completeCallback } from './callbacks.ts';
import { Calls } from './calls.ts';
import { describeObject } from './describe.ts';
import { ensureFields } from './ensure-fields.ts';
import { Exchanges } from './exchange.ts';
import { parseWebhooks } from './inbound.ts';
import { listRows, rowsChangedSince } from './list.ts';
import { people } from './people.ts';
import { proveGrant } from './prove-grant.ts';
import { readRows, readRowsByProperty } from './read.ts';
import { verifyV3 } from './signature.ts';
import { signedRequests } from './signed-requests.ts';
import { timeZone } from './time-zone.ts';
import { requestToken, Tokens } from './tokens.ts';
import { writeRows } from './write.ts';

export interface HubspotOptions {
  /** `https://api.hubapi.com` */
  baseUrl: string;
  appId: string;
  clientId: string;
  clientSecret: string;
  /** The address HubSpot was told to call, without a slash at the end. */
  publicUrl: string;
  clock: Clock;
  /** How long one call may take. */
  timeout_ms?: number;
}

/**
 * HubSpot. A grant's keys are `refreshToken` and, kept by the connector, `accessToken` and `expiresAt_ms`.
 * Pseudo-fields: `association:<object>` (one id; of companies the primary) and `associations:<object>` (sorted ids).
 * An object that is not standard is the portal's custom object of that short name.
 */
export function hubspotConnector(options: HubspotOptions): CrmConnector {
  const { baseUrl, appId, clientId, clientSecret, publicUrl, clock, timeout_ms = 30_000 } = options;
  if (clientSecret === '') throw new Fault('The HubSpot connector was started without a client secret.');
  const key = { clientSecret, publicUrl: publicUrl.replace(/\/$/, '') };
  const app = { clientId, clientSecret };
  const exchanges = new Exchanges({ baseUrl: baseUrl.replace(/\/$/, ''), clock, timeout_ms });
  return {
    vendor: 'hubspot',
    webhooks: {
      verify: (request) => verifyV3(request, key, clock.now_ms()),
      parse: (body) => parseWebhooks(body, appId),
    },
    signedRequests: signedRequests({ key, appId, clock }),
    async exchangeCode({ code, redirectUri, codeVerifier }) {
      const form = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        ...(codeVerifier !== undefined && { code_verifier: codeVerifier }),
      };
      const { accountId, grant } = await requestToken(form, { app, exchanges, clock });
      if (accountId === undefined) throw new Fault('The HubSpot token answer names no hub_id.');
      return { accountId, grant };
    },
    proveGrant: (given) => proveGrant({ app, exchanges, clock }, given),
    open(account) {
      const { accountId, grant, gate } = account;
      const tokens = new Tokens(grant, {
        accountId,
        app,
        exchanges,
        clock,
        saveGrant: (renewed) => account.saveGrant(renewed),
        readGrant: account.readGrant?.bind(account),
        renewAlone: account.renewAlone?.bind(account) ?? ((renew) => renew()),
      });
      return api(new Calls({ exchanges, gate, tokens, clock }));
    },
  };
}

function api(calls: Calls): CrmApi {
  return {
    read: (object, ids, fields, purpose) => readRows(calls, object, ids, fields, purpose),
    readByRecordId: (object, idField, recordIds, fields, purpose) =>
      readRowsByProperty(calls, object, idField, recordIds, fields, purpose),
    write: (object, idField, rows, fields, purpose) => writeRows(calls, object, idField, rows, fields, purpose),
    archive: (object, ids, purpose) => archiveRows(calls, object, ids, purpose),
    walk: (object, after, purpose) => listRows(calls, object, after, purpose),
    list: (object, after, purpose) => listRows(calls, object, after, purpose),
    changedSince: (object, since, purpose) => rowsChangedSince(calls, object, since, purpose),
    describe: (object) => describeObject(calls, object),
    timeZone: () => timeZone(calls),
    people: () => people(calls),
    ensureFields: (object, fields) => ensureFields(calls, object, fields),
    completeCallback: (callbackId, outputs) => completeCallback(calls, callbackId, outputs),
  };
}

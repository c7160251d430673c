import { z } from 'zod';
import type { RawRequest, SignedRequests } from '../../protocol/crm-connector.ts';
import { Invalid, Unverified } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import { verifyV2, verifyV3, type SignatureKey } from './signature.ts';

const id = z.union([z.string().regex(/^\d+$/), z.int().nonnegative()]).transform(String);

/** HubSpot docs, "Custom workflow actions": the execution payload. */
const actionCall = z.looseObject({
  callbackId: z.string().min(1),
  origin: z.looseObject({ portalId: id }),
  object: z.looseObject({ objectId: id }),
});

/** Calls HubSpot's servers make for a card (v3) or a workflow step (v3 where present, else v2). */
export function signedRequests(options: { key: SignatureKey; appId: string; clock: Clock }): SignedRequests {
  const { key, appId, clock } = options;
  return {
    verifyUi(request) {
      verifyV3(request, key, clock.now_ms());
      const query = new URLSearchParams(request.target.split('?')[1] ?? '');
      const one = (name: string): string => onlyValue(query, name);
      if (one('appId') !== appId) throw new Unverified('The request is for another app.', remedy);
      return { accountId: one('portalId'), userId: one('userId') };
    },
    verifyAction(request) {
      if (request.headers['x-hubspot-signature-v3'] === undefined) verifyV2(request, key);
      else verifyV3(request, key, clock.now_ms());
      const call = actionCall.safeParse(readJson(request));
      if (!call.success) {
        throw new Invalid(`HubSpot's workflow call cannot be read: ${z.prettifyError(call.error)}`, reportRemedy);
      }
      const { callbackId, origin, object } = call.data;
      return { accountId: origin.portalId, objectId: object.objectId, callbackId };
    },
  };
}

const remedy = 'Send card requests through hubspot.fetch, which adds appId, portalId and userId.';
const reportRemedy = 'Keep the request and report it: HubSpot changed a format, or the action is not ours.';

/** A parameter given twice would let one reader see another value than the next. */
function onlyValue(query: URLSearchParams, name: string): string {
  const values = query.getAll(name);
  const [value] = values;
  if (values.length !== 1 || value === undefined || !/^\d+$/.test(value)) {
    throw new Unverified(`The signed request has no single ${name}.`, remedy);
  }
  return value;
}

function readJson(request: RawRequest): unknown {
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch (error) {
    throw new Invalid(`HubSpot's workflow call is not JSON: ${String(error)}`, reportRemedy);
  }
}

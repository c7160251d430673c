import { randomUUID } from 'node:crypto';
import { Router } from '@koa/router';
import { z } from 'zod';
import type { Collection } from '../kit/storage.ts';
import { ApiError } from './api-error.ts';
import { validationRuleSchema, type ValidationRule } from './dml/validation-rule.ts';
import { reading } from './control-body.ts';
import { oauthClients } from './oauth/clients.ts';
import { readPublicKey } from './oauth/jwt-bearer.ts';
import type { Org } from './org/org.ts';

export interface ControlParts {
  orgs: ReadonlyMap<string, Org>;
  rules: Collection<ValidationRule>;
  certificates: Collection<string>;
}

const certificateSchema = z.strictObject({
  clientId: z.enum(oauthClients.map((client) => client.clientId) as [string, ...string[]]),
  /** PEM of an X.509 certificate or of a public key. */
  certificate: z.string(),
});
const limitSchema = z.strictObject({
  orgId: z.string(),
  dailyApiRequests: z.number().int().nonnegative().optional(),
  dailyBulkQueryJobs: z.number().int().nonnegative().optional(),
});

/**
 * What an admin sets in Setup, where the REST API has no call for it: `POST /_sandbox/certificates {clientId, certificate}`,
 * `POST /_sandbox/validation-rules`, `POST /_sandbox/limits {orgId, dailyApiRequests, dailyBulkQueryJobs}`, `POST /_sandbox/person-accounts {orgId}`.
 */
export function controlRoutes(parts: ControlParts): Router {
  const router = new Router();

  const orgOf = (orgId: string): Org => {
    const org = parts.orgs.get(orgId);
    if (!org)
      throw new ApiError(404, 'NOT_FOUND', `there is no org ${orgId}; there are ${[...parts.orgs.keys()].join(', ')}`);
    return org;
  };

  router.post(
    '/_sandbox/certificates',
    reading(certificateSchema, (ctx, { clientId, certificate }) => {
      try {
        readPublicKey(certificate);
      } catch {
        throw new ApiError(400, 'INVALID_INPUT', 'certificate must be the PEM of an X.509 certificate or public key');
      }
      parts.certificates.set(clientId, certificate);
      ctx.body = { clientId };
    }),
  );
  router.post(
    '/_sandbox/validation-rules',
    reading(validationRuleSchema, (ctx, rule) => {
      const entity = orgOf(rule.orgId).schema.entity(rule.entity);
      if (!entity?.field(rule.field)) throw new ApiError(400, 'INVALID_INPUT', `no field ${rule.entity}.${rule.field}`);
      const id = randomUUID();
      parts.rules.set(id, rule);
      ctx.body = { id };
    }),
  );
  router.post(
    '/_sandbox/limits',
    reading(limitSchema, (ctx, { orgId, dailyApiRequests, dailyBulkQueryJobs }) => {
      const org = orgOf(orgId);
      const limits = {
        ...(dailyApiRequests !== undefined && { dailyApiRequests }),
        ...(dailyBulkQueryJobs !== undefined && { dailyBulkQueryJobs }),
      };
      org.profile = { ...org.profile, ...limits };
      ctx.body = { orgId, ...limits };
    }),
  );
  router.post(
    '/_sandbox/person-accounts',
    reading(z.strictObject({ orgId: z.string() }), (ctx, { orgId }) => {
      orgOf(orgId).enablePersonAccounts();
      ctx.body = { orgId, personAccounts: true };
    }),
  );
  return router;
}

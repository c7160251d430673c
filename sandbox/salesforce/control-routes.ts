import { randomUUID } from 'node:crypto';
import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import type { Collection } from '../kit/storage.ts';
import { ApiError, notFound } from './api-error.ts';
import { undelete } from './dml/remove.ts';
import { validationRuleSchema, type ValidationRule } from './dml/validation-rule.ts';
import { oauthClients } from './oauth/clients.ts';
import { readPublicKey } from './oauth/jwt-bearer.ts';
import type { Session } from './oauth/sessions.ts';
import type { Org } from './org/org.ts';
import { normaliseId } from './record-id.ts';
import type { RestApi } from './rest/rest-api.ts';

export interface ControlParts {
  orgs: ReadonlyMap<string, Org>;
  rules: Collection<ValidationRule>;
  certificates: Collection<string>;
  api: RestApi;
  authenticate(ctx: Koa.Context): Session;
}

const certificateSchema = z.strictObject({
  clientId: z.enum(oauthClients.map((client) => client.clientId) as [string, ...string[]]),
  /** PEM of an X.509 certificate or of a public key. */
  certificate: z.string(),
});
const limitSchema = z.strictObject({ orgId: z.string(), dailyApiRequests: z.number().int().nonnegative() });
const undeleteSchema = z.strictObject({ ids: z.array(z.string()) });

/**
 * What an admin sets in Setup and a person does in the UI, where the REST API has no call for it:
 * `POST /_sandbox/certificates {clientId, certificate}`, `POST /_sandbox/validation-rules`, `POST /_sandbox/limits
 * {orgId, dailyApiRequests}`, and `POST /_ui/undelete {ids}` (bearer token; reads as made in the UI).
 */
export function controlRoutes(parts: ControlParts): Router {
  const router = new Router();

  /** Reads the body by a schema; faults are 400 with what is wrong, since nobody but a developer calls these. */
  function reading<T>(schema: z.ZodType<T>, handler: (ctx: Koa.Context, body: T) => void): Koa.Middleware {
    return (ctx) => {
      try {
        const body = schema.safeParse(JSON.parse((ctx.state['raw'] as Buffer).toString('utf8') || '{}'));
        if (!body.success) throw new ApiError(400, 'INVALID_INPUT', z.prettifyError(body.error));
        handler(ctx, body.data);
      } catch (error) {
        const refusal = error instanceof SyntaxError ? new ApiError(400, 'JSON_PARSER_ERROR', error.message) : error;
        if (!(refusal instanceof ApiError)) throw error;
        ctx.status = refusal.status;
        ctx.body = refusal.items;
      }
    };
  }

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
    reading(limitSchema, (ctx, { orgId, dailyApiRequests }) => {
      const org = orgOf(orgId);
      org.profile = { ...org.profile, dailyApiRequests };
      ctx.body = { orgId, dailyApiRequests };
    }),
  );
  router.post(
    '/_ui/undelete',
    reading(undeleteSchema, (ctx, { ids }) => {
      const session = parts.authenticate(ctx);
      const org = orgOf(session.orgId);
      const answer = parts.api.transact(org, session, '', (tx) => {
        for (const value of ids) {
          const id = normaliseId(value);
          const entity = id && org.schema.entityOfId(id);
          const row = id && org.row(id);
          if (!entity || !row) throw notFound();
          undelete(tx, entity, row);
        }
        return { status: 200, body: { undeleted: ids } };
      });
      ctx.status = answer.status;
      ctx.body = answer.body;
    }),
  );
  return router;
}

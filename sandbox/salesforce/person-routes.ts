import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import { ApiError, notFound } from './api-error.ts';
import { reading } from './control-body.ts';
import { cloneRow } from './dml/clone.ts';
import { convertLead, leadConvert } from './dml/convert-lead.ts';
import { merge } from './dml/merge.ts';
import { readInput } from './dml/read-input.ts';
import { undelete } from './dml/remove.ts';
import type { Session } from './oauth/sessions.ts';
import type { Org } from './org/org.ts';
import type { Row } from './org/row-store.ts';
import type { Transaction } from './org/transaction.ts';
import { normaliseId } from './record-id.ts';
import type { RestApi } from './rest/rest-api.ts';
import type { Entity } from './schema/entity.ts';

export interface PersonParts {
  orgs: ReadonlyMap<string, Org>;
  api: RestApi;
  authenticate(ctx: Koa.Context): Session;
}

const undeleteBody = z.strictObject({ ids: z.array(z.string()) });
const mergeBody = z.strictObject({
  masterId: z.string(),
  mergeIds: z.array(z.string()),
  /** Values that the person chose from the losers. */
  fields: z.record(z.string(), z.unknown()).default({}),
});
const cloneBody = z.strictObject({ id: z.string(), systemMode: z.boolean().default(false) });

/**
 * What a person does in the UI for which the REST API has no call (SOAP has: undelete, merge, convertLead). Each takes a bearer
 * token, is one transaction and reads as made in the UI: `POST /_ui/undelete {ids}`, `POST /_ui/merge {masterId, mergeIds, fields}`,
 * `POST /_ui/convert-lead` (SOAP's LeadConvert), `POST /_ui/clone {id, systemMode}`.
 */
export function personRoutes(parts: PersonParts): Router {
  const router = new Router();
  const act = <T>(path: string, schema: z.ZodType<T>, work: (tx: Transaction, body: T) => unknown): void => {
    router.post(
      path,
      reading(schema, (ctx, body) => {
        const session = parts.authenticate(ctx);
        const org = parts.orgs.get(session.orgId);
        if (!org) throw notFound();
        const answer = parts.api.transact(org, session, '', (tx) => ({ status: 200, body: work(tx, body) }));
        ctx.status = answer.status;
        ctx.body = answer.body;
      }),
    );
  };
  act('/_ui/undelete', undeleteBody, (tx, { ids }) => {
    for (const id of ids) {
      const { entity, row } = rowOf(tx, id);
      undelete(tx, entity, row);
    }
    return { undeleted: ids };
  });
  act('/_ui/merge', mergeBody, (tx, { masterId, mergeIds, fields }) => {
    const { entity, row } = rowOf(tx, masterId);
    const losers = mergeIds.map((id) => rowOf(tx, id));
    const stranger = losers.find((one) => one.entity !== entity);
    if (stranger) throw new ApiError(400, 'INVALID_ID_FIELD', `${stranger.row.Id} is no ${entity.name}`);
    const values = readInput(tx.org.schema, entity, fields);
    merge(
      tx,
      entity,
      row,
      losers.map((one) => one.row),
      values,
    );
    return { id: row.Id, mergedRecordIds: losers.map((one) => one.row.Id) };
  });
  act('/_ui/convert-lead', leadConvert, convertLead);
  act('/_ui/clone', cloneBody, (tx, { id, systemMode }) => {
    const { entity, row } = rowOf(tx, id);
    return { id: cloneRow(tx, entity, row, systemMode) };
  });
  return router;
}

function rowOf(tx: Transaction, given: string): { entity: Entity; row: Row } {
  const id = normaliseId(given);
  const entity = id && tx.org.schema.entityOfId(id);
  const row = id && tx.org.row(id);
  if (!entity || !row) throw notFound();
  return { entity, row };
}

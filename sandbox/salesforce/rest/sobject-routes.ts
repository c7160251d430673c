import { ApiError, notFound } from '../api-error.ts';
import { readInput } from '../dml/read-input.ts';
import { remove } from '../dml/remove.ts';
import { insert, update } from '../dml/save.ts';
import { findByKey, upsert } from '../dml/upsert.ts';
import { parseValue } from '../dml/parse-value.ts';
import { describe, describeGlobal } from '../schema/describe.ts';
import { renderRow } from '../soql/render.ts';
import { ok, type Call, type Route } from './api.ts';
import { entityOf, fieldsOf, keyFieldOf, rowOf } from './find.ts';

const location = ({ base }: Call, type: string, id: string): string => `${base}/sobjects/${type}/${id}`;

/** The body may not carry the id that the URL gives. */
function refuseId(body: unknown): void {
  const id = typeof body === 'object' && body !== null && Object.keys(body).find((key) => key.toLowerCase() === 'id');
  if (id) throw new ApiError(400, 'INVALID_FIELD', 'The Id field should not be specified in the sobject data.', ['Id']);
}

/** Rows, one at a time, and descriptions. Source: REST API guide, sObject resources. */
export const sobjectRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: '/sobjects',
    handler: ({ org, base }) =>
      ok({
        encoding: 'UTF-8',
        maxBatchSize: 200,
        sobjects: org.schema.entities.map((entity) => describeGlobal(entity, base)),
      }),
  },
  {
    method: 'GET',
    pattern: '/sobjects/:type',
    handler: (call) => ok({ objectDescribe: describeGlobal(entityOf(call), call.base), recentItems: [] }),
  },
  {
    method: 'POST',
    pattern: '/sobjects/:type',
    handler: (call) => {
      const entity = entityOf(call);
      const body = call.request.body();
      refuseId(body);
      const id = insert(call.tx, entity, readInput(call.org.schema, entity, body));
      return {
        status: 201,
        headers: { location: location(call, entity.name, id) },
        body: { id, success: true, errors: [] },
      };
    },
  },
  {
    method: 'GET',
    pattern: '/sobjects/:type/describe',
    handler: (call) => ok(describe(call.org.schema, entityOf(call), call.base, call.isIntegration)),
  },
  {
    method: 'GET',
    pattern: '/sobjects/:type/:id',
    query: ['fields'],
    handler: (call) => {
      const { entity, row } = rowOf(call);
      if (row['IsDeleted']) throw notFound();
      const fields = fieldsOf(entity, call.request.query.get('fields')?.split(','));
      return ok(renderRow(call.org, row, fields, call.base));
    },
  },
  {
    method: 'PATCH',
    pattern: '/sobjects/:type/:id',
    handler: (call) => {
      const { entity, row } = rowOf(call);
      const body = call.request.body();
      refuseId(body);
      update(call.tx, entity, row, readInput(call.org.schema, entity, body));
      return { status: 204 };
    },
  },
  {
    method: 'DELETE',
    pattern: '/sobjects/:type/:id',
    handler: (call) => {
      const { entity, row } = rowOf(call);
      remove(call.tx, entity, row);
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    pattern: '/sobjects/:type/:key/:value',
    query: ['fields'],
    handler: (call) => {
      const entity = entityOf(call);
      const key = keyFieldOf(entity, call.params['key'] ?? '');
      const [row, second] = findByKey(call.tx, entity, key, call.params['value']);
      if (!row) throw notFound();
      if (second) return choices(call, entity.name, key.name);
      const fields = fieldsOf(entity, call.request.query.get('fields')?.split(','));
      return ok(renderRow(call.org, row, fields, call.base));
    },
  },
  {
    method: 'PATCH',
    pattern: '/sobjects/:type/:key/:value',
    handler: (call) => {
      const entity = entityOf(call);
      const key = keyFieldOf(entity, call.params['key'] ?? '');
      const body = call.request.body();
      refuseId(body);
      const input = readInput(call.org.schema, entity, body, key);
      const value = parseValue(key, call.params['value']);
      if (findByKey(call.tx, entity, key, value).length > 1) return choices(call, entity.name, key.name);
      const { id, created } = upsert(call.tx, entity, key, value, input);
      return {
        status: created ? 201 : 200,
        ...(created ? { headers: { location: location(call, entity.name, id) } } : {}),
        body: { id, success: true, errors: [], created },
      };
    },
  },
];

/** 300: more than one row has this key. Source: REST API guide, upsert, "status 300". */
function choices(call: Call, type: string, keyName: string) {
  const entity = entityOf(call);
  const rows = findByKey(call.tx, entity, keyFieldOf(entity, keyName), call.params['value']);
  return { status: 300, body: rows.map((row) => location(call, type, row.Id)) };
}

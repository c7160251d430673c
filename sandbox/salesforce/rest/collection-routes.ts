import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import { bulkTrouble, refusePoisoned } from '../dml/batch-trouble.ts';
import { parseValue } from '../dml/parse-value.ts';
import { ParentKey, readInput } from '../dml/read-input.ts';
import { remove } from '../dml/remove.ts';
import { insert, update } from '../dml/save.ts';
import { upsert } from '../dml/upsert.ts';
import type { Row } from '../org/row-store.ts';
import type { Entity } from '../schema/entity.ts';
import { renderRow } from '../soql/render.ts';
import { ok, type ApiAnswer, type Call, type Route } from './api.ts';
import { entityOf, fieldsOf, keyFieldOf, readId } from './find.ts';
import { saveEach, type RowTask } from './save-each.ts';

const maxRecords = 200;
const maxRetrieved = 2000;

const recordsSchema = z.strictObject({
  allOrNone: z.boolean().default(false),
  records: z.array(z.looseObject({ attributes: z.looseObject({ type: z.string() }) })),
});

type RecordBody = z.infer<typeof recordsSchema>['records'][number];

const tooMany = (count: number): ApiError | undefined =>
  count > maxRecords
    ? new ApiError(
        400,
        'EXCEEDED_ID_LIMIT',
        `record limit reached. cannot submit more than ${maxRecords} records into this call`,
      )
    : undefined;

function readRecords(call: Call): z.infer<typeof recordsSchema> {
  const parsed = recordsSchema.safeParse(call.request.body());
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ApiError(400, 'JSON_PARSER_ERROR', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const refusal = tooMany(parsed.data.records.length);
  if (refusal) throw refusal;
  return parsed.data;
}

function entityOfRecord({ org }: Call, record: RecordBody): Entity {
  const entity = org.schema.entity(record.attributes.type);
  if (entity) return entity;
  const message = `sObject type '${record.attributes.type}' is not supported.`;
  throw new ApiError(400, 'INVALID_TYPE', message);
}

/** Splits a record's id from its columns, whatever its case. */
function splitId(record: RecordBody): { id: unknown; rest: Record<string, unknown> } {
  const { id, ...rest } = Object.fromEntries<unknown>(
    Object.entries(record).map(([name, value]) => [name.toLowerCase() === 'id' ? 'id' : name, value]),
  );
  return { id, rest };
}

function existing(call: Call, entity: Entity, id: unknown): Row {
  if (typeof id !== 'string' || id === '') {
    throw new ApiError(400, 'MISSING_ARGUMENT', 'Id not specified in an update call', []);
  }
  const row = call.org.rows(entity).get(readId(entity, id));
  if (!row) throw new ApiError(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
  return row;
}

/** Saves row by row, unless code of the org cannot bear the batch: then every row has the same fault, or the call as a whole. */
function saveAll(call: Call, records: readonly RecordBody[], tasks: readonly RowTask[], allOrNone: boolean): ApiAnswer {
  const [first] = records;
  const entity = first && entityOfRecord(call, first);
  if (!entity) return ok([]);
  refusePoisoned(call.tx, entity, records);
  const trouble = bulkTrouble(call.tx, entity, records.length);
  const troubled =
    trouble &&
    tasks.map((): RowTask => () => {
      throw trouble;
    });
  return ok(saveEach(call.tx, troubled ?? tasks, allOrNone));
}

function createAll(call: Call): ApiAnswer {
  const { allOrNone, records } = readRecords(call);
  const tasks = records.map((record): RowTask => {
    const entity = entityOfRecord(call, record);
    const { id, rest } = splitId(record);
    const input = readInput(call.org.schema, entity, rest);
    return () => {
      if (id !== undefined) {
        throw new ApiError(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
      }
      return { id: insert(call.tx, entity, input) };
    };
  });
  return saveAll(call, records, tasks, allOrNone);
}

function updateAll(call: Call): ApiAnswer {
  const { allOrNone, records } = readRecords(call);
  const tasks = records.map((record): RowTask => {
    const entity = entityOfRecord(call, record);
    const { id, rest } = splitId(record);
    const input = readInput(call.org.schema, entity, rest);
    return () => {
      const row = existing(call, entity, id);
      update(call.tx, entity, row, input);
      return { id: row.Id };
    };
  });
  return saveAll(call, records, tasks, allOrNone);
}

function upsertAll(call: Call): ApiAnswer {
  const entity = entityOf(call);
  const key = keyFieldOf(entity, call.params['key'] ?? '');
  const { allOrNone, records } = readRecords(call);
  const parsed = records.map((record) => {
    if (entityOfRecord(call, record) !== entity) {
      throw new ApiError(
        400,
        'INVALID_TYPE',
        `record of type ${record.attributes.type} in an upsert of ${entity.name}`,
      );
    }
    const { id, rest } = splitId(record);
    const input = new Map(readInput(call.org.schema, entity, rest));
    const given = key.type === 'id' ? parseValue(key, id ?? null) : (input.get(key) ?? null);
    input.delete(key);
    return { id, input, value: given instanceof ParentKey ? null : given };
  });
  const counts = new Map<unknown, number>();
  const same = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
  for (const { value } of parsed) counts.set(same(value), (counts.get(same(value)) ?? 0) + 1);

  const tasks = parsed.map(({ id, input, value }): RowTask => () => {
    if (value !== null && (counts.get(same(value)) ?? 0) > 1) {
      const what = key.type === 'id' ? 'id' : 'external id';
      throw new ApiError(400, 'DUPLICATE_VALUE', `Duplicate ${what} specified: ${String(value)}`, [key.name]);
    }
    if (key.type === 'id') {
      if (value === null) return { id: insert(call.tx, entity, input), created: true };
      const row = existing(call, entity, value);
      update(call.tx, entity, row, input);
      return { id: row.Id, created: false };
    }
    if (id !== undefined) {
      throw new ApiError(400, 'INVALID_FIELD', 'The Id field should not be specified in the sobject data.', ['Id']);
    }
    if (value === null) throw new ApiError(400, 'MISSING_ARGUMENT', `${key.name} not specified`, []);
    return upsert(call.tx, entity, key, value, input);
  });
  return saveAll(call, records, tasks, allOrNone);
}

function deleteAll(call: Call): ApiAnswer {
  const ids = (call.request.query.get('ids') ?? '').split(',').filter((id) => id !== '');
  if (ids.length === 0) throw new ApiError(400, 'MISSING_ARGUMENT', 'ids not specified');
  const refusal = tooMany(ids.length);
  if (refusal) throw refusal;
  const tasks = ids.map((id): RowTask => () => {
    const entity = call.org.schema.entityOfId(id);
    if (!entity) throw new ApiError(400, 'MALFORMED_ID', `malformed id ${id}`, []);
    const row = existing(call, entity, id);
    remove(call.tx, entity, row);
    return { id: row.Id };
  });
  return ok(saveEach(call.tx, tasks, call.request.query.get('allOrNone') === 'true'));
}

/** Rows in the order of the ids; null for one that is not there. */
function retrieve(call: Call, ids: readonly string[], names: readonly string[]): ApiAnswer {
  const entity = entityOf(call);
  if (ids.length > maxRetrieved) {
    throw new ApiError(
      400,
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${maxRetrieved} records into this call`,
    );
  }
  const fields = fieldsOf(entity, names);
  return ok(
    ids.map((id) => {
      const row = call.org.rows(entity).get(readId(entity, id));
      return row && !row['IsDeleted'] ? renderRow(call.org, row, fields, call.base) : null;
    }),
  );
}

const retrieveSchema = z.strictObject({ ids: z.array(z.string()), fields: z.array(z.string()) });

/** sObject collections. Source: REST API guide, sObject Collections (200 records a call, 2,000 for reads by POST). */
export const collectionRoutes: readonly Route[] = [
  { method: 'POST', pattern: '/composite/sobjects', handler: createAll },
  { method: 'PATCH', pattern: '/composite/sobjects', handler: updateAll },
  { method: 'DELETE', pattern: '/composite/sobjects', query: ['ids', 'allOrNone'], handler: deleteAll },
  { method: 'PATCH', pattern: '/composite/sobjects/:type/:key', handler: upsertAll },
  {
    method: 'GET',
    pattern: '/composite/sobjects/:type',
    query: ['ids', 'fields'],
    handler: (call) => {
      const list = (name: string): string[] => (call.request.query.get(name) ?? '').split(',').filter(Boolean);
      return retrieve(call, list('ids'), list('fields'));
    },
  },
  {
    method: 'POST',
    pattern: '/composite/sobjects/:type',
    handler: (call) => {
      const body = retrieveSchema.safeParse(call.request.body());
      if (!body.success) throw new ApiError(400, 'JSON_PARSER_ERROR', 'expected {"ids": [...], "fields": [...]}');
      return retrieve(call, body.data.ids, body.data.fields);
    },
  },
];

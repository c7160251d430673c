import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import { HubspotError, validationError } from './errors.ts';
import { checkVersion, readBody } from './http.ts';
import { openObjects } from './object-request.ts';
import type { ObjectType } from './object-types.ts';
import type { PropertyDefinition } from './property-definition.ts';
import type { CrmRecord } from './record.ts';
import { renderRecord, valueOf } from './record-view.ts';
import { compile, reader, type Filter, type Test } from './search-filter.ts';
import type { HubspotState } from './state.ts';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const filter = z.strictObject({
  propertyName: z.string(),
  operator: z.string(),
  value: text.optional(),
  highValue: text.optional(),
  values: z.array(text).optional(),
});
const sort = z.union([
  z.string(),
  z.strictObject({ propertyName: z.string(), direction: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING') }),
]);
const searchBody = z.strictObject({
  filterGroups: z.array(z.strictObject({ filters: z.array(filter).min(1) })).default([]),
  sorts: z.array(sort).default([]),
  query: z.string().max(3000).optional(),
  properties: z.array(z.string()).default([]),
  limit: z.int().min(0).max(200).default(10),
  after: z
    .union([z.string().regex(/^\d*$/), z.int().min(0)])
    .transform(Number)
    .default(0),
});
type Search = z.infer<typeof searchBody>;

/** HubSpot docs, search: a query reaches the first 10,000 results and no more. */
const reachable = 10_000;
/** HubSpot docs, search: a body holds at most 3,000 characters. */
const longestBody = 3000;

/** `/crm/objects/{version}/{type}/search`. Reads the trailing index; archived records are never found. */
export function searchRouter(state: HubspotState): Router {
  const router = new Router();
  router.param('version', checkVersion);
  router.post('/crm/objects/:version/:type/search', (ctx) => {
    const { actor, type } = openObjects(state, ctx, 'read');
    if ((ctx.state['raw'] as Buffer).length > longestBody) {
      throw validationError(`The request body is too long: at most ${longestBody} characters`);
    }
    answer(state, ctx, actor.portalId, type, readBody(ctx, searchBody));
  });
  return router;
}

function answer(state: HubspotState, ctx: Koa.Context, portalId: number, type: ObjectType, search: Search): void {
  checkSize(search);
  const definitions = state.properties.of(portalId, type);
  const matches = compileGroups(type, search, definitions);
  state.index.settle();
  const found: CrmRecord[] = [];
  for (const record of state.records.all(portalId, type.typeId)) {
    const seen = state.index.visible(record);
    if (seen && seen.archivedAt_ms === undefined && record.archivedAt_ms === undefined && matches(seen))
      found.push(seen);
  }
  const order = comparator(type, search, definitions);
  const end = search.after + search.limit;
  const page = found.sort(order).slice(search.after, end);
  ctx.body = {
    total: found.length,
    results: page.map((record) => renderRecord(state, type, record, { properties: search.properties })),
    ...(end < found.length && search.limit > 0 && { paging: { next: { after: String(end) } } }),
  };
}

function checkSize({ filterGroups, sorts, after, limit }: Search): void {
  const filters = filterGroups.reduce((sum, group) => sum + group.filters.length, 0);
  if (filterGroups.length > 5) throw validationError('Too many filter groups: at most 5');
  if (filters > 18) throw validationError('Too many filters: at most 18');
  if (filterGroups.some((group) => group.filters.length > 6))
    throw validationError('Too many filters: at most 6 a group');
  if (sorts.length > 1) throw validationError('Too many sorts: at most 1');
  if (after + limit > reachable) {
    const message = `Paging through results is limited to the first ${reachable} records: after + limit is ${after + limit}`;
    throw new HubspotError(400, 'VALIDATION_ERROR', message, { errors: [{ message, in: 'after' }] });
  }
}

/** Groups are alternatives, filters of one group all hold, and `query` holds besides. */
function compileGroups(
  type: ObjectType,
  search: Search,
  definitions: ReadonlyMap<string, PropertyDefinition>,
): (record: CrmRecord) => boolean {
  const groups = search.filterGroups.map(({ filters }) =>
    filters.map((one: Filter): [string, Test] => [one.propertyName, compile(one, definitions.get(one.propertyName))]),
  );
  const words = (search.query ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (record) => {
    const meets = ([name, test]: [string, Test]): boolean => test(comparableOf(type, record, name));
    if (groups.length > 0 && !groups.some((tests) => tests.every(meets))) return false;
    return words.length === 0 || hasWords(record, words);
  };
}

function comparableOf(type: ObjectType, record: CrmRecord, name: string): string | number | undefined {
  if (name === type.modifiedProperty) return record.updatedAt_ms;
  if (name === type.createdProperty) return record.createdAt_ms;
  return valueOf(type, record, name);
}

/** What HubSpot searches by default: names, e-mail, phone, domain, and the words of activities (HubSpot docs, search). */
const searched =
  'firstname lastname email phone company name domain website dealname hs_note_body hs_task_subject hs_task_body hs_email_subject'.split(
    ' ',
  );

function hasWords(record: CrmRecord, words: readonly string[]): boolean {
  const hay = searched
    .map((name) => record.properties[name] ?? '')
    .join(' ')
    .toLowerCase();
  return words.every((word) => hay.includes(word));
}

/** Ascending by id unless sorted; records without the sorted value come last. */
function comparator(
  type: ObjectType,
  search: Search,
  definitions: ReadonlyMap<string, PropertyDefinition>,
): (a: CrmRecord, b: CrmRecord) => number {
  const byId = (a: CrmRecord, b: CrmRecord): number => Number(a.id) - Number(b.id);
  const given = search.sorts[0];
  if (given === undefined) return byId;
  const text = typeof given === 'string';
  const name = text ? given.replace(/^-/, '') : given.propertyName;
  const sign = (text ? given.startsWith('-') : given.direction === 'DESCENDING') ? -1 : 1;
  const definition = definitions.get(name);
  if (!definition) throw validationError(`There was a problem with the request: unknown property ${name}`);
  const read = reader(definition);
  return (a, b) => {
    const [left, right] = [comparableOf(type, a, name), comparableOf(type, b, name)];
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined) || byId(a, b);
    }
    const [low, high] = [read(left), read(right)];
    return low === high ? byId(a, b) : sign * (low < high ? -1 : 1);
  };
}

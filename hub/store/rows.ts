import type { EntityName, SqlEntityManager } from '@mikro-orm/postgresql';

/** Option of every read: nothing is tracked, so a read always shows what the database holds now. */
export const unmanaged = { disableIdentityMap: true } as const;

/** A row as the noun that was stored: its properties as a plain object, without the tenant, which the caller knows. */
// A row's type and the noun it was stored from differ by the ORM's marks only; the caller names the noun.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function plain<Noun>(row: object): Noun {
  const { tenantId: _, ...rest } = { ...row } as { tenantId?: string };
  return rest as Noun;
}

interface UpsertOptions {
  /** Properties of the unique key that decides; the primary key by default. */
  key?: readonly string[];
  /** Properties that an existing row keeps. */
  keep?: readonly string[];
}

/**
 * Inserts or replaces whole rows in one statement, in the order given; rows that would not change are not written.
 * Of two rows with one key the later stands.
 */
export async function upsert<Row extends object>(
  em: SqlEntityManager,
  entity: EntityName<Row>,
  rows: readonly NoInfer<Row>[],
  options: UpsertOptions = {},
): Promise<void> {
  const { table, columns, primaryKey } = shapeOf(em, entity);
  const key = options.key ?? primaryKey;
  const last = new Map(rows.map((row) => [JSON.stringify(key.map((name) => (row as Values)[name])), row]));
  const target = columns.filter(({ name }) => key.includes(name)).map(({ column }) => column);
  const rest = columns
    .filter(({ name }) => !key.includes(name) && !options.keep?.includes(name))
    .map(({ column }) => column);
  const set = rest.map((column) => `${column} = excluded.${column}`).join(', ');
  const before = rest.map((column) => `${table}.${column}`).join(', ');
  const after = rest.map((column) => `excluded.${column}`).join(', ');
  const action = rest.length === 0 ? 'nothing' : `update set ${set} where (${before}) is distinct from (${after})`;
  await insert(em, entity, [...last.values()], `on conflict (${target.join(', ')}) do ${action}`);
}

/** Inserts the rows that break no unique key and says how many that were. */
export function insertNew<Row extends object>(
  em: SqlEntityManager,
  entity: EntityName<Row>,
  rows: readonly NoInfer<Row>[],
): Promise<number> {
  return insert(em, entity, rows, 'on conflict do nothing');
}

/** One parameter for any number of rows: measured at three times the ORM's own bulk insert. */
async function insert<Row extends object>(
  em: SqlEntityManager,
  entity: EntityName<Row>,
  rows: readonly Row[],
  conflict: string,
): Promise<number> {
  if (rows.length === 0) return 0;
  const { table, columns } = shapeOf(em, entity);
  const names = columns.map(({ column }) => column).join(', ');
  const values = rows.map((row) => Object.fromEntries(columns.map(({ name, key }) => [key, (row as Values)[name]])));
  const { affectedRows } = await em.execute<{ affectedRows: number }>(
    `insert into ${table} (${names}) select ${names} from jsonb_to_recordset(?::jsonb)
       as row(${columns.map(({ column, type }) => `${column} ${type}`).join(', ')}) ${conflict}`,
    [json(values)],
    'run',
  );
  return affectedRows;
}

type Values = Readonly<Record<string, unknown>>;

interface Shape {
  table: string;
  primaryKey: readonly string[];
  /** `name` of the property, `key` in JSON, quoted `column` and its SQL `type`. */
  columns: readonly { name: string; key: string; column: string; type: string }[];
}

function shapeOf<Row>(em: SqlEntityManager, entity: EntityName<Row>): Shape {
  const meta = em.getMetadata().get(entity);
  const columns = meta.props
    .filter((prop) => !prop.generated)
    .map(({ name, fieldNames: [key = ''], columnTypes: [type = ''] }) => ({
      name,
      key,
      column: `"${key}"`,
      type,
    }));
  return { table: `"${meta.tableName}"`, primaryKey: meta.primaryKeys.map(String), columns };
}

/** JSON that PostgreSQL takes: it refuses NUL and halves of surrogate pairs, which a vendor's text may hold. */
export function json(value: unknown): string {
  const text = JSON.stringify(value);
  if (!/\\u(0000|d[89a-f])/i.test(text)) return text;
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed().replaceAll('\0', '') : inner,
  );
}

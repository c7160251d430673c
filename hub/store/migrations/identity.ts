import { Migration } from '@mikro-orm/migrations';

/**
 * Records that ended in another one, and a key for every record that one refers to. Stored values that are the id of a record
 * are references: nothing else has that form.
 */
export class Identity extends Migration {
  override up(): void {
    this.addSql('alter table "record" add column "merged_into" text null');
    this.addSql(
      'create index "record_folded_index" on "record" ("tenant_id", "merged_into") where merged_into is not null',
    );
    // Row-level security binds the owner, too.
    for (const table of ['record', 'match_key']) this.addSql(`alter table "${table}" no force row level security`);
    this.addSql(`insert into match_key (tenant_id, kind, key, record_id)
      select distinct r.tenant_id, r.kind, 'refers=' || value.text, r.id
      from record r
      cross join lateral jsonb_each(r.fields) as field
      cross join lateral jsonb_array_elements_text(
        case jsonb_typeof(field.value) when 'array' then field.value when 'string' then jsonb_build_array(field.value)
        else '[]' end) as value(text)
      join record target on target.tenant_id = r.tenant_id and target.id = value.text
      where r.deleted_at_ms is null
      on conflict do nothing`);
    for (const table of ['record', 'match_key']) this.addSql(`alter table "${table}" force row level security`);
  }
}

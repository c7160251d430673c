import { Migration } from '@mikro-orm/migrations';

/** Windows change many times a second and never grow: half of each page is left for the next version of its rows. */
export class Budget extends Migration {
  override up(): void {
    this.addSql(`create table "call_window" (
      "tenant_id" text not null,
      "installation_id" text not null,
      "endpoint" text not null,
      "slot" bigint not null,
      "counts" int[] not null,
      "paced_until_ms" double precision not null,
      "people_at_ms" bigint not null,
      primary key ("tenant_id", "installation_id", "endpoint")
    ) with (fillfactor = 50)`);
    this.addSql(`create table "account_state" (
      "tenant_id" text not null,
      "installation_id" text not null,
      "version" int not null,
      "state" jsonb not null,
      primary key ("tenant_id", "installation_id")
    )`);
    for (const table of ['call_window', 'account_state']) {
      this.addSql(`alter table "${table}" enable row level security`);
      this.addSql(`alter table "${table}" force row level security`);
      this.addSql(
        `create policy "tenant" on "${table}" using (tenant_id = current_setting('app.tenant', true)) ` +
          `with check (tenant_id = current_setting('app.tenant', true))`,
      );
    }
  }
}

import { Migration } from '@mikro-orm/migrations';

/** Accounts that are there already are offered by the next process that starts. */
export class Lease extends Migration {
  override up(): void {
    this.addSql(`create table "lease" (
      "tenant_id" text not null,
      "installation_id" text not null,
      "what" text not null,
      "holder" text null,
      "until_ms" bigint not null,
      "heard_at_ms" bigint null,
      primary key ("tenant_id", "installation_id", "what")
    )`);
    this.addSql(`create index "lease_what_until_ms_index" on "lease" ("what", "until_ms")`);
  }
}

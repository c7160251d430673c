import { Migration } from '@mikro-orm/migrations';

/**
 * The inbox is partitioned by the day of receipt, so that raw payloads expire by dropping partitions. Before it lies the
 * intake, where deliveries wait whole until somebody looks.
 */
export class Inbox extends Migration {
  override up(): void {
    this.addSql(inbox);
  }
}

const inbox = `
create sequence "inbox_seq";
create table "inbox" (
  "tenant_id" text not null,
  "installation_id" text not null,
  "key" text not null,
  "day" date not null,
  "seq" bigint not null default nextval('inbox_seq'),
  "object" text not null,
  "external_id" text not null,
  "lane" text not null,
  "event" jsonb not null,
  "received_at_ms" bigint not null,
  "look_at_ms" bigint not null default 0,
  "outcome" text null,
  primary key ("tenant_id", "installation_id", "key", "day")
) partition by range ("day");
create index "inbox_waiting_index" on "inbox" ("tenant_id", "installation_id", "seq") where outcome is null;
create index "inbox_applied_index" on "inbox" ("tenant_id", "lane") where outcome = 'applied';
create index "inbox_object_index" on "inbox" ("tenant_id", "installation_id", "object", "external_id");
create table "inbox_other" partition of "inbox" default;
alter table "inbox_other" enable row level security;
alter table "inbox_other" force row level security;
alter table "inbox" enable row level security;
alter table "inbox" force row level security;
create policy "tenant" on "inbox" using (tenant_id = current_setting('app.tenant', true))
  with check (tenant_id = current_setting('app.tenant', true));

-- A queue of deliveries, emptied as they are looked at: vacuumed by what is dead, not by its share. A delivery lies in its row
-- uncompressed up to a page's size, which costs the least when it comes in.
create table "intake" (
  "tenant_id" text not null,
  "installation_id" text not null,
  "seq" bigint not null generated always as identity,
  "count" int not null,
  "events" text not null,
  "received_at_ms" bigint not null,
  primary key ("tenant_id", "installation_id", "seq")
) with (
  toast_tuple_target = 8160,
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 1000, toast.autovacuum_vacuum_cost_delay = 0
);
alter table "intake" alter column "events" set storage external;
alter table "intake" enable row level security;
alter table "intake" force row level security;
create policy "tenant" on "intake" using (tenant_id = current_setting('app.tenant', true))
  with check (tenant_id = current_setting('app.tenant', true));
-- One commit takes in deliveries of many tenants; reading them back stays each tenant's own.
create policy "intake" on "intake" for insert with check (true);`;

import { Migration } from '@mikro-orm/migrations';

const tenantTables = [
  'audit',
  'callback',
  'change',
  'conflict',
  'erased',
  'installation',
  'installation_grant',
  'link',
  'match_key',
  'parked',
  'person',
  'record',
  'run',
  'run_cause',
  'tenant',
  'vendor_cursor',
  'write',
];

/** Every table but the inbox, as the ORM's metadata says; a test compares the two. */
export class Initial extends Migration {
  override up(): void {
    this.addSql(tables);
    for (const table of tenantTables) {
      this.addSql(`alter table "${table}" enable row level security`);
      this.addSql(`alter table "${table}" force row level security`);
      this.addSql(
        `create policy "tenant" on "${table}" using (tenant_id = current_setting('app.tenant', true)) ` +
          `with check (tenant_id = current_setting('app.tenant', true))`,
      );
    }
  }
}

const tables = `
create table "api_token" (
  "hash" text not null,
  "at_ms" bigint not null,
  primary key ("hash")
);

create table "audit" (
  "tenant_id" text not null,
  "id" text not null,
  "action" text not null,
  "actor" text not null,
  "subject" text not null,
  "detail" jsonb not null,
  "at_ms" bigint not null,
  primary key ("tenant_id", "id")
);
create index "audit_tenant_id_at_ms_index" on "audit" ("tenant_id", "at_ms");

create table "callback" (
  "tenant_id" text not null,
  "installation_id" text not null,
  "callback_id" text not null,
  "run_id" text not null,
  "state" text not null,
  primary key ("tenant_id", "installation_id", "callback_id")
);
create index "callback_tenant_id_run_id_index" on "callback" ("tenant_id", "run_id");
create index "callback_waiting_index" on "callback" ("tenant_id", "run_id") where state = 'waiting';

create table "change" (
  "tenant_id" text not null,
  "id" text not null,
  "record_id" text not null,
  "field" text not null,
  "before" jsonb null,
  "after" jsonb null,
  "side" text not null,
  "author" jsonb not null,
  "cause" jsonb not null,
  "at_ms" bigint not null,
  primary key ("tenant_id", "id")
);
create index "change_tenant_id_record_id_at_ms_index" on "change" ("tenant_id", "record_id", "at_ms");
create index "change_tenant_id_at_ms_index" on "change" ("tenant_id", "at_ms");

create table "conflict" (
  "tenant_id" text not null,
  "id" text not null,
  "record_id" text not null,
  "field" text not null,
  "winner" text not null,
  "loser" text not null,
  "lost" jsonb null,
  "kept" jsonb null,
  "reason" text not null,
  "at_ms" bigint not null,
  primary key ("tenant_id", "id")
);
create index "conflict_tenant_id_record_id_at_ms_index" on "conflict" ("tenant_id", "record_id", "at_ms");

create table "due" (
  "tenant_id" text not null,
  "installation_id" text not null,
  "lane" text not null,
  "due_at_ms" bigint null,
  "leased_until_ms" bigint null,
  "wake_at_ms" bigint generated always as (coalesce(leased_until_ms, due_at_ms)) stored null,
  primary key ("tenant_id", "installation_id", "lane")
);
create index "due_wake_at_ms_index" on "due" ("wake_at_ms");

create table "erased" (
  "tenant_id" text not null,
  "hash" text not null,
  primary key ("tenant_id", "hash")
);

create table "installation" (
  "tenant_id" text not null,
  "id" text not null,
  "vendor" text not null,
  "account_id" text not null,
  "state" text not null,
  "confirmed" boolean not null,
  "targets" jsonb not null,
  "time_zone" text null,
  "broken_reason" text null,
  primary key ("tenant_id", "id")
);

create table "installation_grant" (
  "tenant_id" text not null,
  "installation_id" text not null,
  "key_id" text not null,
  "sealed" text not null,
  primary key ("tenant_id", "installation_id")
);

create table "link" (
  "tenant_id" text not null,
  "id" text not null,
  "record_id" text not null,
  "installation_id" text not null,
  "object" text not null,
  "external_id" text null,
  "state" text not null,
  "base" jsonb null,
  "facts" jsonb not null,
  "stamp_ms" bigint null,
  "written_at_ms" bigint null,
  "deliver_at_ms" bigint null,
  "attempts" int not null,
  "agreed_at_ms" bigint null,
  primary key ("tenant_id", "id")
);
create index "link_tenant_id_record_id_index" on "link" ("tenant_id", "record_id");
create index "link_tenant_id_state_index" on "link" ("tenant_id", "state");
create index "link_tenant_id_installation_id_deliver_at_ms_index" on "link" ("tenant_id", "installation_id", "deliver_at_ms") where deliver_at_ms is not null;
alter table "link" add constraint "link_tenant_id_installation_id_object_external_id_unique" unique ("tenant_id", "installation_id", "object", "external_id");
create unique index "link_live_unique" on "link" ("tenant_id", "record_id", "installation_id") where state = 'live';

create table "match_key" (
  "tenant_id" text not null,
  "kind" text not null,
  "key" text not null,
  "record_id" text not null,
  primary key ("tenant_id", "kind", "key", "record_id")
);
create index "match_key_tenant_id_record_id_index" on "match_key" ("tenant_id", "record_id");

create table "parked" (
  "tenant_id" text not null,
  "id" text not null,
  "slot" text not null,
  "installation_id" text not null,
  "object" text not null,
  "external_id" text null,
  "record_id" text null,
  "field" text null,
  "cause" text not null,
  "detail" text not null,
  "remedy" text not null,
  "value" jsonb null,
  "waits_for" text null,
  "at_ms" bigint not null,
  primary key ("tenant_id", "id")
);
create index "parked_tenant_id_record_id_index" on "parked" ("tenant_id", "record_id");
create index "parked_tenant_id_installation_id_object_external_id_index" on "parked" ("tenant_id", "installation_id", "object", "external_id");
create index "parked_tenant_id_installation_id_waits_for_index" on "parked" ("tenant_id", "installation_id", "waits_for") where waits_for is not null;
alter table "parked" add constraint "parked_tenant_id_slot_unique" unique ("tenant_id", "slot");

create table "person" (
  "tenant_id" text not null,
  "installation_id" text not null,
  "user_id" text not null,
  "owner_id" text not null,
  "name" text not null,
  "email" text not null,
  primary key ("tenant_id", "installation_id", "user_id")
);

create table "record" (
  "tenant_id" text not null,
  "id" text not null,
  "kind" text not null,
  "fields" jsonb not null,
  "stamps" jsonb not null,
  "deleted_at_ms" bigint null,
  primary key ("tenant_id", "id")
);
create index "record_tenant_id_kind_id_index" on "record" ("tenant_id", "kind", "id");
create index "record_live_index" on "record" ("tenant_id", "kind") where deleted_at_ms is null;

create table "route" (
  "vendor" text not null,
  "account_id" text not null,
  "tenant_id" text not null,
  "installation_id" text not null,
  primary key ("vendor", "account_id")
);

create table "run" (
  "tenant_id" text not null,
  "id" text not null,
  "job" text not null,
  "record_id" text not null,
  "cause" jsonb not null,
  "asked_by" text not null,
  "asked_with" text not null,
  "released_by" text null,
  "state" text not null,
  "progress" jsonb null,
  "message" text null,
  "result" jsonb null,
  "cost" jsonb not null,
  "queued_at_ms" bigint not null,
  "started_at_ms" bigint null,
  "finished_at_ms" bigint null,
  "lease_until_ms" bigint null,
  "attempts" int not null,
  "stops" int not null,
  primary key ("tenant_id", "id")
);
create index "run_tenant_id_record_id_queued_at_ms_index" on "run" ("tenant_id", "record_id", "queued_at_ms");
create index "run_unfinished_index" on "run" ("tenant_id", "queued_at_ms") where state in ('queued', 'running', 'waiting');
create index "run_asked_index" on "run" ("tenant_id", "job", "asked_by", "queued_at_ms") where asked_with = 'change';
create index "run_tenant_id_state_index" on "run" ("tenant_id", "state");
create index "run_tenant_id_finished_at_ms_id_index" on "run" ("tenant_id", "finished_at_ms", "id") where finished_at_ms is not null;
create index "run_succeeded_index" on "run" ("tenant_id", "job", "finished_at_ms") where state = 'succeeded';
create unique index "run_unfinished_unique" on "run" ("tenant_id", "job", "record_id") where state in ('queued', 'running', 'waiting');

create table "run_cause" (
  "tenant_id" text not null,
  "job" text not null,
  "record_id" text not null,
  "cause_id" text not null,
  "run_id" text not null,
  primary key ("tenant_id", "job", "record_id", "cause_id")
);
create index "run_cause_tenant_id_run_id_index" on "run_cause" ("tenant_id", "run_id");

create table "tenant" (
  "tenant_id" text not null,
  "name" text not null,
  "ai_enabled" boolean not null,
  primary key ("tenant_id")
);

create table "unrouted" (
  "id" text not null,
  "vendor" text not null,
  "account_id" text null,
  "reason" text not null,
  "body" bytea not null,
  "at_ms" bigint not null,
  primary key ("id")
);
create index "unrouted_vendor_account_id_index" on "unrouted" ("vendor", "account_id");

create table "vendor_cursor" (
  "tenant_id" text not null,
  "installation_id" text not null,
  "name" text not null,
  "value" text not null,
  primary key ("tenant_id", "installation_id", "name")
);

create table "write" (
  "tenant_id" text not null,
  "id" text not null,
  "link_id" text not null,
  "values" jsonb not null,
  "state" text not null,
  "sent_at_ms" bigint not null,
  "answered_at_ms" bigint null,
  "cause" jsonb not null,
  primary key ("tenant_id", "id")
);
create index "write_tenant_id_link_id_index" on "write" ("tenant_id", "link_id");
create index "write_open_index" on "write" ("tenant_id", "link_id", "sent_at_ms") where state in ('sent', 'uncertain', 'answered');
create index "write_settled_index" on "write" ("tenant_id", "sent_at_ms") where state in ('confirmed', 'rejected');`;

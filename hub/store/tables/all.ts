import { CursorTable, GrantTable, InstallationTable, PersonTable, TenantTable } from './account.ts';
import { AccountStateTable, CallWindowTable } from './budget.ts';
import { AuditTable, ChangeTable, ConflictTable, ErasedTable, ParkedTable } from './history.ts';
import { ApiTokenTable, DueTable, RouteTable, UnroutedTable } from './hub.ts';
import { LeaseTable } from './lease.ts';
import { LinkTable, MatchKeyTable, RecordTable, WriteTable } from './record.ts';
import { CallbackTable, RunCauseTable, RunTable } from './run.ts';

/** Every table but `inbox`, which is partitioned by day and so written by hand in the migrations. */
export const allTables = [
  TenantTable,
  InstallationTable,
  GrantTable,
  CursorTable,
  PersonTable,
  RecordTable,
  MatchKeyTable,
  LinkTable,
  WriteTable,
  ChangeTable,
  ConflictTable,
  ParkedTable,
  AuditTable,
  ErasedTable,
  RunTable,
  RunCauseTable,
  CallbackTable,
  RouteTable,
  DueTable,
  LeaseTable,
  CallWindowTable,
  AccountStateTable,
  UnroutedTable,
  ApiTokenTable,
];

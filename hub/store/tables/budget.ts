import { defineEntity, p } from '@mikro-orm/core';
import type { AccountState } from '../../../protocol/account-state.ts';
import { tenancy } from './tenancy.ts';

/** Calls given away of an endpoint class's window (`protocol/call-window.ts`). */
export const CallWindowTable = defineEntity({
  name: 'CallWindow',
  ...tenancy,
  properties: {
    tenantId: p.text().primary(),
    installationId: p.text().primary(),
    endpoint: p.text().primary(),
    slot: p.bigint('number'),
    counts: p
      .array((text) => Number(text))
      .columnType('int[]')
      .$type<number[]>(),
    pacedUntil_ms: p.double(),
    peopleAt_ms: p.bigint('number'),
  },
});

/** What all processes know of an account's vendor beside that. */
export const AccountStateTable = defineEntity({
  name: 'AccountState',
  ...tenancy,
  properties: {
    tenantId: p.text().primary(),
    installationId: p.text().primary(),
    version: p.integer(),
    state: p.json<AccountState>(),
  },
});

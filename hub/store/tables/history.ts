import { defineEntity, p } from '@mikro-orm/core';
import type { Author, Cause, Change, Conflict, ParkedCause } from '../../../protocol/nouns.ts';
import type { Value } from '../../../protocol/fields.ts';
import type { AuditEntry } from '../../../protocol/ports/store.ts';
import { tenancy } from './tenancy.ts';

export const ChangeTable = defineEntity({
  name: 'Change',
  ...tenancy,
  indexes: [{ properties: ['tenantId', 'recordId', 'at_ms'] }, { properties: ['tenantId', 'at_ms'] }],
  properties: {
    tenantId: p.text().primary(),
    id: p.text().primary(),
    recordId: p.text(),
    field: p.text(),
    before: p.json<NonNullable<Value>>().nullable(),
    after: p.json<NonNullable<Value>>().nullable(),
    side: p.text().$type<Change['side']>(),
    author: p.json<Author>(),
    cause: p.json<Cause>(),
    at_ms: p.bigint('number'),
  },
});

export const ConflictTable = defineEntity({
  name: 'Conflict',
  ...tenancy,
  indexes: [{ properties: ['tenantId', 'recordId', 'at_ms'] }],
  properties: {
    tenantId: p.text().primary(),
    id: p.text().primary(),
    recordId: p.text(),
    field: p.text(),
    winner: p.text().$type<Conflict['winner']>(),
    loser: p.text().$type<Conflict['loser']>(),
    lost: p.json<NonNullable<Value>>().nullable(),
    kept: p.json<NonNullable<Value>>().nullable(),
    reason: p.text().$type<Conflict['reason']>(),
    at_ms: p.bigint('number'),
  },
});

export const ParkedTable = defineEntity({
  name: 'Parked',
  ...tenancy,
  uniques: [{ properties: ['tenantId', 'slot'] }],
  indexes: [
    { properties: ['tenantId', 'recordId'] },
    { properties: ['tenantId', 'installationId', 'object', 'externalId'] },
    { properties: ['tenantId', 'installationId', 'waitsFor'], where: 'waits_for is not null' },
  ],
  properties: {
    tenantId: p.text().primary(),
    id: p.text().primary(),
    /** What one open entry stands for: installation, object, external id or record, field. */
    slot: p.text(),
    installationId: p.text(),
    object: p.text(),
    externalId: p.text().nullable(),
    recordId: p.text().nullable(),
    field: p.text().nullable(),
    cause: p.text().$type<ParkedCause>(),
    detail: p.text(),
    remedy: p.text(),
    value: p.json<NonNullable<Value>>().nullable(),
    waitsFor: p.text().nullable(),
    at_ms: p.bigint('number'),
  },
});

/** Ids and keyed hashes only; the hub may add entries and read them, never change one. */
export const AuditTable = defineEntity({
  name: 'Audit',
  ...tenancy,
  indexes: [{ properties: ['tenantId', 'at_ms'] }],
  properties: {
    tenantId: p.text().primary(),
    id: p.text().primary(),
    action: p.text(),
    actor: p.text(),
    subject: p.text(),
    detail: p.json<AuditEntry['detail']>(),
    at_ms: p.bigint('number'),
  },
});

/** Keyed hashes of external ids of erased people, so that a later event does not bring them back. */
export const ErasedTable = defineEntity({
  name: 'Erased',
  ...tenancy,
  properties: { tenantId: p.text().primary(), hash: p.text().primary() },
});

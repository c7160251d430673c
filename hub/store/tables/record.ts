import { defineEntity, p } from '@mikro-orm/core';
import type { Cause, Kind, Link, StoredRecord, Write } from '../../../protocol/nouns.ts';
import { tenancy } from './tenancy.ts';

export const RecordTable = defineEntity({
  name: 'Record',
  ...tenancy,
  indexes: [
    { properties: ['tenantId', 'kind', 'id'] },
    { name: 'record_live_index', properties: ['tenantId', 'kind'], where: 'deleted_at_ms is null' },
    { name: 'record_folded_index', properties: ['tenantId', 'mergedInto'], where: 'merged_into is not null' },
  ],
  properties: {
    tenantId: p.text().primary(),
    id: p.text().primary(),
    kind: p.text().$type<Kind>(),
    fields: p.json<StoredRecord['fields']>(),
    stamps: p.json<StoredRecord['stamps']>(),
    deletedAt_ms: p.bigint('number').nullable(),
    mergedInto: p.text().nullable(),
  },
});

export const MatchKeyTable = defineEntity({
  name: 'MatchKey',
  ...tenancy,
  indexes: [{ properties: ['tenantId', 'recordId'] }],
  properties: {
    tenantId: p.text().primary(),
    kind: p.text().$type<Kind>().primary(),
    key: p.text().primary(),
    recordId: p.text().primary(),
  },
});

const linkWalkIndex = `create index "link_walk_index" on "link"
  ("tenant_id", "installation_id", "object", "external_id" collate "C")
  where state = 'live' and "external_id" is not null`;

export const LinkTable = defineEntity({
  name: 'Link',
  ...tenancy,
  uniques: [
    { properties: ['tenantId', 'installationId', 'object', 'externalId'] },
    {
      name: 'link_live_unique',
      properties: ['tenantId', 'recordId', 'installationId'],
      where: "state = 'live'",
    },
  ],
  indexes: [
    { properties: ['tenantId', 'recordId'] },
    { properties: ['tenantId', 'state'] },
    { properties: ['tenantId', 'installationId', 'deliverAt_ms'], where: 'deliver_at_ms is not null' },
    // By their ids' characters, so that a page of a sweep costs what is on it.
    { name: 'link_walk_index', expression: linkWalkIndex },
  ],
  properties: {
    tenantId: p.text().primary(),
    id: p.text().primary(),
    recordId: p.text(),
    installationId: p.text(),
    object: p.text(),
    externalId: p.text().nullable(),
    state: p.text().$type<Link['state']>(),
    base: p.json<NonNullable<Link['base']>>().nullable(),
    facts: p.json<Link['facts']>(),
    stamp_ms: p.bigint('number').nullable(),
    writtenAt_ms: p.bigint('number').nullable(),
    deliverAt_ms: p.bigint('number').nullable(),
    attempts: p.integer(),
    agreedAt_ms: p.bigint('number').nullable(),
  },
});

export const WriteTable = defineEntity({
  name: 'Write',
  ...tenancy,
  indexes: [
    { properties: ['tenantId', 'linkId'] },
    {
      name: 'write_open_index',
      properties: ['tenantId', 'linkId', 'sentAt_ms'],
      where: "state in ('sent', 'uncertain', 'answered')",
    },
    { name: 'write_settled_index', properties: ['tenantId', 'sentAt_ms'], where: "state in ('confirmed', 'rejected')" },
  ],
  properties: {
    tenantId: p.text().primary(),
    id: p.text().primary(),
    linkId: p.text(),
    values: p.json<Write['values']>(),
    state: p.text().$type<Write['state']>(),
    sentAt_ms: p.bigint('number'),
    answeredAt_ms: p.bigint('number').nullable(),
    cause: p.json<Cause>(),
  },
});

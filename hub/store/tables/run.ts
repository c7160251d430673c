import { defineEntity, p } from '@mikro-orm/core';
import type { Progress } from '../../../protocol/job.ts';
import type { Cause } from '../../../protocol/nouns.ts';
import type { Callback, Run, RunState } from '../../../protocol/run.ts';
import { tenancy } from './tenancy.ts';

const unfinished = "state in ('queued', 'running', 'waiting')";

export const RunTable = defineEntity({
  name: 'Run',
  ...tenancy,
  uniques: [{ name: 'run_unfinished_unique', properties: ['tenantId', 'job', 'recordId'], where: unfinished }],
  indexes: [
    { properties: ['tenantId', 'recordId', 'queuedAt_ms'] },
    { name: 'run_unfinished_index', properties: ['tenantId', 'queuedAt_ms'], where: unfinished },
    {
      name: 'run_asked_index',
      properties: ['tenantId', 'job', 'askedBy', 'queuedAt_ms'],
      where: "asked_with = 'change'",
    },
    { properties: ['tenantId', 'state'] },
    { properties: ['tenantId', 'finishedAt_ms', 'id'], where: 'finished_at_ms is not null' },
    { name: 'run_succeeded_index', properties: ['tenantId', 'job', 'finishedAt_ms'], where: "state = 'succeeded'" },
  ],
  properties: {
    tenantId: p.text().primary(),
    id: p.text().primary(),
    job: p.text(),
    recordId: p.text(),
    cause: p.json<Cause>(),
    askedBy: p.text(),
    askedWith: p.text().$type<Run['askedWith']>(),
    releasedBy: p.text().nullable(),
    state: p.text().$type<RunState>(),
    progress: p.json<Progress>().nullable(),
    message: p.text().nullable(),
    result: p.json<unknown>().nullable(),
    cost: p.json<Run['cost']>(),
    queuedAt_ms: p.bigint('number'),
    startedAt_ms: p.bigint('number').nullable(),
    finishedAt_ms: p.bigint('number').nullable(),
    leaseUntil_ms: p.bigint('number').nullable(),
    attempts: p.integer(),
    stops: p.integer(),
  },
});

/** Every cause that started a run or joined one: told again, it finds that run, also after its end. */
export const RunCauseTable = defineEntity({
  name: 'RunCause',
  ...tenancy,
  indexes: [{ properties: ['tenantId', 'runId'] }],
  properties: {
    tenantId: p.text().primary(),
    job: p.text().primary(),
    recordId: p.text().primary(),
    causeId: p.text().primary(),
    runId: p.text(),
  },
});

export const CallbackTable = defineEntity({
  name: 'Callback',
  ...tenancy,
  indexes: [
    { properties: ['tenantId', 'runId'] },
    { name: 'callback_waiting_index', properties: ['tenantId', 'runId'], where: "state = 'waiting'" },
  ],
  properties: {
    tenantId: p.text().primary(),
    installationId: p.text().primary(),
    callbackId: p.text().primary(),
    runId: p.text(),
    state: p.text().$type<Callback['state']>(),
  },
});

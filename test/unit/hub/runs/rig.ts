import { z } from 'zod';
import type { RunDeps } from '../../../../hub/runs/deps.ts';
import { Performer } from '../../../../hub/runs/perform.ts';
import type { OpenStore } from '../../../../hub/store/open-store.ts';
import type { CrmApi } from '../../../../protocol/crm-connector.ts';
import { RetryLater } from '../../../../protocol/errors.ts';
import type { JobOutcome, JobPorts } from '../../../../protocol/job.ts';
import type { WorkAddress } from '../../../../protocol/ports/bell.ts';
import type { Run } from '../../../../protocol/run.ts';
import { aRecord, aRun } from '../../../conformance/store/nouns.ts';
import { start_ms } from '../../../conformance/store/rig.ts';
import { VirtualClock } from './virtual-clock.ts';

export const address: WorkAddress = { tenantId: 'a', installationId: '', lane: 'runs' };

export const outcome: JobOutcome = {
  records: [{ key: 'report', kind: 'research_report', fields: { name: 'Report' } }],
  updates: [{ recordId: 'r1', fields: { name: 'Researched' } }],
  result: { brief: 'Well' },
  partial: false,
  cost: { inputTokens: 1, outputTokens: 2, fetches: 3 },
};

/** One call of the scripted job, which ends as the test says. */
export interface JobCall {
  ports: JobPorts;
  answer(given: JobOutcome): void;
  fail(error: Error): void;
}

/** Performers on a real store, whose one job does what the test says. */
export function performing(
  store: OpenStore,
  complete: NonNullable<CrmApi['completeCallback']> = async () => undefined,
) {
  const clock = new VirtualClock(start_ms);
  const calls: JobCall[] = [];
  const filings: string[] = [];
  const logged: string[] = [];
  const log = { info: () => undefined, warn: (_: object, text: string) => void logged.push(text) };
  const job = {
    kind: 'research',
    version: 1,
    input: z.object({ name: z.string() }),
    limits: { time_ms: 600_000, tokens: 1, fetches: 1 },
    perform: (_: object, ports: JobPorts) =>
      new Promise<JobOutcome>((answer, fail) => {
        calls.push({ ports, answer, fail });
      }),
  };
  const unused = async (): Promise<never> => {
    throw new Error('not used here');
  };
  const deps = (at: OpenStore): RunDeps => ({
    store: at,
    bell: { ring: async () => undefined },
    crm: {
      api: async (_, installationId) => ({ completeCallback: complete, installationId }) as unknown as CrmApi,
      describe: unused,
      forgetDescriptions: () => undefined,
    },
    clock,
    ids: { next: () => crypto.randomUUID() },
    log: { ...log, error: log.warn },
    jobs: new Map([['research', { job, inputFrom: (subject: { fields: object }) => subject.fields } as never]]),
    model: undefined as never,
    fetchPage: unused,
    search: undefined,
    social: [],
    referencesOf: () => [],
    file: async (tx, filing) => {
      filings.push(filing.cause.id);
      await tx.saveRecords(
        filing.records.map((one) => ({ record: aRecord(one.id, { ...one, stamps: {} }), matchKeys: [] })),
      );
      return [];
    },
  });
  return {
    clock,
    calls,
    filings,
    logged,
    performer: () => new Performer(deps(store)),
    /** A performer that the test cuts off from the database: for good, it is a killed one. */
    mortal() {
      let cut = false;
      let refused = 0;
      const tenant: OpenStore['tenant'] = async (id, work) => {
        if (!cut) return store.tenant(id, work);
        refused++;
        throw new RetryLater('cut off', clock.now_ms() + 1_000);
      };
      return {
        performer: new Performer(deps({ ...store, tenant })),
        kill: () => void (cut = true),
        revive: () => void (cut = false),
        refused: () => refused,
      };
    },
    start: (given: Partial<Run> = {}) =>
      store.tenant('a', async (tx) => {
        await tx.saveRecords([{ record: aRecord('r1'), matchKeys: [] }]);
        await tx.startRun(aRun('one', { queuedAt_ms: start_ms, ...given }));
      }),
    run: async (): Promise<Run> => {
      const run = await store.tenant('a', (tx) => tx.run('one'));
      if (!run) throw new Error('there is no run');
      return run;
    },
  };
}

import assert from 'node:assert/strict';
import type { Job, JobOutcome, JobPorts, Progress } from '../../protocol/job.ts';
import { kindOrder } from '../../protocol/nouns.ts';
import { VirtualClock } from '../unit/hub/runs/virtual-clock.ts';

/** A job with a world to run in. */
export interface JobBench<Input> {
  job: Job<Input>;
  /** The same job with little time. */
  hurried(time_ms: number): Job<Input>;
  input: Input;
  ports(more?: Partial<JobPorts>): JobPorts;
  close(): Promise<void>;
}

const steps = ['planning', 'reading', 'searching', 'social', 'writing', 'filing'];

/** What the hub relies on with every job. */
export function jobConformance<Input>(make: () => Promise<JobBench<Input>>): void {
  let bench: JobBench<Input>;
  before(async () => {
    bench = await make();
  });
  after(() => bench.close());

  async function perform(more: Partial<JobPorts> = {}): Promise<{ outcome: JobOutcome; told: Progress[] }> {
    const told: Progress[] = [];
    const progress = (one: Progress): Promise<void> => Promise.resolve(void told.push(one));
    return { outcome: await bench.job.perform(bench.input, bench.ports({ progress, ...more })), told };
  }

  it('declares itself', () => {
    const { kind, version, limits } = bench.job;
    assert.match(kind, /^[a-z][a-z_]*$/);
    assert.ok(Number.isInteger(version) && version >= 1);
    for (const limit of Object.values(limits)) assert.ok(limit > 0);
  });

  it('takes its input and no other', () => {
    const { input } = bench.job;
    assert.deepEqual(input.parse(bench.input), bench.input);
    for (const wrong of [undefined, {}, { ...bench.input, unasked: 1 }]) assert.ok(!input.safeParse(wrong).success);
  });

  it('tells its progress: forward only, to the end', async () => {
    const { told } = await perform();
    assert.ok(told.length > 1);
    const [first, last] = [told[0], told.at(-1)];
    assert.deepEqual([first?.done, last?.done], [0, last?.total]);
    for (const [at, { done, total, step }] of told.entries()) {
      assert.ok(done <= total && total === last?.total && steps.includes(step));
      assert.ok(done >= (told[at - 1]?.done ?? 0), `progress fell at ${at}`);
    }
  });

  it('gives an outcome that can be filed, within its limits', async () => {
    const { outcome } = await perform();
    const { records, updates, result, partial, cost } = outcome;
    assert.equal(new Set(records.map(({ key }) => key)).size, records.length);
    for (const { kind } of records) assert.ok(kindOrder.includes(kind));
    for (const value of [...records, ...updates].flatMap(({ fields }) => Object.values(fields))) {
      const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
      assert.ok(isList || value === null || ['string', 'number', 'boolean'].includes(typeof value));
    }
    assert.deepEqual(JSON.parse(JSON.stringify(result)), result);
    assert.equal(partial, false);
    const { tokens, fetches } = bench.job.limits;
    assert.ok(cost.inputTokens + cost.outputTokens <= tokens && cost.fetches <= fetches);
  });

  it('gives the same outcome for the same world', async () => {
    const [one, other] = [await perform(), await perform()];
    assert.deepEqual(one.outcome, other.outcome);
  });

  it('touches nothing when it is aborted before it starts', async () => {
    const untouchable = (): never => assert.fail('a port was used');
    const signal = AbortSignal.abort(new Error('stopped'));
    await assert.rejects(perform({ signal, fetchPage: untouchable, progress: untouchable }), /stopped/);
  });

  for (const step of steps) {
    it(`ends when it is aborted while ${step}, whether anybody answers any more or not`, async () => {
      const stop = new AbortController();
      const progress = async (one: Progress): Promise<void> => {
        if (one.step === step) stop.abort(new Error('stopped'));
      };
      const ports = silentAfter(stop.signal, bench.ports());
      await assert.rejects(perform({ ...ports, signal: stop.signal, progress }), /stopped/);
    });
  }

  it('ends with a partial result when its time is over, even if nobody answers or heeds the signal', async () => {
    const clock = new VirtualClock(0);
    const deaf = silentAfter(AbortSignal.abort(), bench.ports());
    const ended = { yet: false };
    const job = bench.hurried(200);
    const performed = job.perform(bench.input, bench.ports({ ...deaf, clock })).finally(() => (ended.yet = true));
    await turns(20);
    assert.deepEqual(ended, { yet: false }, 'nothing but its time ends it');
    clock.pass(200);
    // Who begins to wait only now waits for an instant that is here: no more time passes.
    while (!ended.yet) {
      await turns(1);
      clock.pass(0);
    }
    const { partial } = await performed;
    assert.equal(partial, true);
  });
}

const never = (): Promise<never> => new Promise(() => undefined);

/** Ports behind which nobody answers once the signal is aborted. */
function silentAfter(
  signal: AbortSignal,
  ports: JobPorts,
): Pick<JobPorts, 'fetchPage' | 'search' | 'social' | 'model'> {
  const until =
    <Asked extends unknown[], T>(ask: (...asked: Asked) => Promise<T>) =>
    (...asked: Asked): Promise<T> =>
      signal.aborted ? never() : ask(...asked);
  const { fetchPage, search, social = [], model } = ports;
  return {
    fetchPage: until(fetchPage),
    ...(search && { search: { ...search, query: until(search.query.bind(search)) } }),
    social: social.map((source) => ({ network: source.network, figures: until(source.figures.bind(source)) })),
    model: { label: model.label, complete: until(model.complete.bind(model)) },
  };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

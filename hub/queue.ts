import { createHash } from 'node:crypto';
import type { WorkerOptions } from 'bullmq';
import { createPostgresBackend, Queue, runMigrations, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Client, Pool } from 'pg';
import { Invalid } from '../protocol/errors.ts';
import { faultForLog } from '../protocol/fault-for-log.ts';
import type { Bell, WorkAddress, WorkLane } from '../protocol/ports/bell.ts';
import { workLanes } from '../protocol/ports/bell.ts';
import type { Log } from '../protocol/ports/log.ts';

export interface OpenBell extends Bell {
  /** Calls `handler` for each ring of a lane, `concurrency` at a time, never twice at once for one address. Its errors are logged. */
  work(lane: WorkLane, concurrency: number, handler: (address: WorkAddress) => Promise<void>): void;
  /** Waits for handlers that run. */
  close(): Promise<void>;
}

/** A killed worker's ring is heard again within lock + interval. No ring is worth keeping: the database knows what is due. */
const workerOptions = {
  lockDuration: 5_000,
  stalledInterval: 2_000,
  maxStalledCount: 1_000,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
} satisfies Partial<WorkerOptions>;

/**
 * Opens the doorbell on PostgreSQL (`postgres://`, prepared by `migrateQueue`) or Redis (`redis://`, `rediss://`).
 * A ring while the address's handler runs makes it run once more afterwards (BullMQ `keepLastIfActive`).
 */
export async function openBell(options: { url: string; log: Log }): Promise<OpenBell> {
  const { log } = options;
  const backend = await openBackend(options.url, log);
  const queues = new Map(workLanes.map((lane) => [lane, backend.queue(queueName(lane))]));
  const workers: Hearing[] = [];
  const report = (lane: WorkLane) => (error: Error) => log.error({ lane, ...faultForLog(error) }, 'queue fault');
  for (const [lane, queue] of queues) queue.on('error', report(lane));
  await Promise.all([...queues.values()].map((queue) => queue.waitUntilReady()));

  return {
    async ring(addresses) {
      const byLane = Map.groupBy(addresses, ({ lane }) => lane);
      await Promise.all(
        [...byLane].map(async ([lane, rung]) => {
          await queues.get(lane)?.addBulk(rung.map((address) => ({ name: lane, data: address, opts: once(address) })));
        }),
      );
    },
    work(lane, concurrency, handler) {
      const failed = (address: WorkAddress | undefined, error: unknown): void =>
        log.error({ ...address, ...faultForLog(error) }, 'work failed; it is rung again while due');
      // Caught here: the queue would keep the words of an error, which may quote a person's data.
      const run = (job: { data: WorkAddress }): Promise<void> =>
        handler(job.data).catch((error: unknown) => failed(job.data, error));
      const worker = backend.worker(queueName(lane), concurrency, run);
      worker.on('error', report(lane));
      worker.on('failed', (job, error) => failed(job?.data, error));
      workers.push(worker);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await backend.close();
    },
  };
}

/** Makes BullMQ's schema as its owner and lets `appRole` use it. May be repeated. Needed on PostgreSQL only. */
export async function migrateQueue(options: { ownerUrl: string; appRole: string }): Promise<void> {
  const client = new Client({ connectionString: options.ownerUrl });
  await client.connect();
  try {
    await runMigrations(client, 'bullmq');
    // The first id of a queue makes its sequence, which `appRole` may not.
    for (const lane of workLanes) await client.query('select bullmq.next_job_id($1)', [queueName(lane)]);
    const role = client.escapeIdentifier(options.appRole);
    await client.query(`
      grant usage on schema bullmq to ${role};
      grant select, insert, update, delete on all tables in schema bullmq to ${role};
      grant usage, select on all sequences in schema bullmq to ${role};
      grant execute on all functions in schema bullmq to ${role}`);
  } finally {
    await client.end();
  }
}

const queueName = (lane: WorkLane): string => `rapport-${lane}`;

interface Backend {
  queue(name: string): Ringing;
  worker(name: string, concurrency: number, run: (job: { data: WorkAddress }) => Promise<void>): Hearing;
  close(): Promise<void>;
}

/** What we use of BullMQ's classes, whose own types differ by backend. */
interface Ringing {
  addBulk(jobs: { name: string; data: WorkAddress; opts: ReturnType<typeof once> }[]): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

interface Hearing {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: { data: WorkAddress } | undefined, error: Error) => void): unknown;
  close(): Promise<void>;
}

async function openBackend(url: string, log: Log): Promise<Backend> {
  if (/^postgres(ql)?:/.test(url)) return openPostgres(url, log);
  if (/^rediss?:/.test(url)) return openRedis(url, log);
  throw new Invalid('The queue has an address of an unknown kind.', 'Give a postgres:// or redis:// address.');
}

function openPostgres(url: string, log: Log): Backend {
  // A crash may lose the last rings: what is due is rung again from the tables. Each worker keeps one connection to listen.
  const connection = new Pool({
    connectionString: url,
    max: workLanes.length + 6,
    keepAlive: true,
    options: '-c search_path=bullmq -c synchronous_commit=off',
  });
  // Each queue and each worker listens on the shared pool.
  connection.setMaxListeners(4 * workLanes.length);
  connection.on('error', (error) => log.warn(faultForLog(error), 'queue connection lost'));
  return {
    queue: (name) => new Queue(name, { connection }, createPostgresBackend),
    worker: (name, concurrency, run) =>
      new Worker(name, run, { connection, concurrency, ...workerOptions }, createPostgresBackend),
    close: () => connection.end(),
  };
}

function openRedis(url: string, log: Log): Backend {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  connection.on('error', (error) => log.warn(faultForLog(error), 'queue connection lost'));
  return {
    queue: (name) => new Queue(name, { connection }),
    worker: (name, concurrency, run) => new Worker(name, run, { connection, concurrency, ...workerOptions }),
    close: async () => {
      await connection.quit();
    },
  };
}

/** One waiting and one running job per address. BullMQ refuses ":" in ids, which a tenant's or an account's id may hold. */
function once({ tenantId, installationId, lane }: WorkAddress) {
  const id = createHash('sha256')
    .update(JSON.stringify([tenantId, installationId, lane]))
    .digest('base64url');
  return { deduplication: { id, keepLastIfActive: true }, removeOnComplete: true, removeOnFail: true };
}

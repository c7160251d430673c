import type { TenantTx } from '../../protocol/ports/store.ts';

/**
 * The write job of an account that is under way, one at a time:
 *
 *     plan (Writes stored as sent) -> made at the vendor, id stored here -> given its rows -> runs -> over: outcomes settled
 *
 * A Write of the job is told by its instant. A crash loses nothing: a job that was not started is ended and its rows are read
 * back; one that was goes on, and its outcomes are fetched by its id.
 */
export interface WriteJob {
  id: string;
  object: string;
  /** When its Writes were stored as sent, and when that was by our clock. */
  sentAt_ms: number;
  /** So often in a row it could not be asked for, and when it is asked for again. */
  failures: number;
  retryAt_ms: number;
}

const cursor = 'write-job';

export async function readWriteJob(tx: TenantTx, installationId: string): Promise<WriteJob | undefined> {
  const text = await tx.cursor(installationId, cursor);
  return text === undefined ? undefined : (JSON.parse(text) as WriteJob);
}

export async function saveWriteJob(tx: TenantTx, installationId: string, job: WriteJob): Promise<void> {
  await tx.saveCursor(installationId, cursor, JSON.stringify(job));
}

/** Ends it, if it is still the one that is stored. */
export async function endWriteJob(tx: TenantTx, installationId: string, job: WriteJob): Promise<void> {
  await tx.dropCursor(installationId, cursor, JSON.stringify(job));
}

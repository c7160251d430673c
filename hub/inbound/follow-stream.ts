import { LeaseLost, Reconnect, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { Installation } from '../../protocol/nouns.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { CrmAccess } from '../../protocol/ports/crm-access.ts';
import type { Log } from '../../protocol/ports/log.ts';
import { mappedNames, mappedOnly, type ReceiveDeps } from './receive.ts';

export interface FollowDeps extends ReceiveDeps {
  crm: CrmAccess;
  clock: Clock;
  log: Log;
  /** This process, as its leases name it. */
  holder: string;
}

const firstPause_ms = 250;
const longestPause_ms = 30_000;
const reconnectPause_ms = 60_000;
/** As long as the vendor keeps events: whatever a gap hid changed after this. */
const retention_ms = 72 * 3_600_000;

/**
 * Keeps one account's event stream open from its stored position on, until the signal ends it, the account has none or is
 * disconnected (`no stream`), or another process holds its lease (`lost`).
 */
export async function followStream(
  deps: FollowDeps,
  address: { tenantId: string; installationId: string },
  signal: AbortSignal,
): Promise<'no stream' | 'lost' | 'ended'> {
  const { clock, log } = deps;
  const { tenantId, installationId } = address;
  let pause_ms = firstPause_ms;
  while (!signal.aborted) {
    const startedAt_ms = clock.now_ms();
    try {
      const installation = await deps.store.tenant(tenantId, async (tx) =>
        (await tx.installations()).find((one) => one.id === installationId),
      );
      if (!installation || installation.state === 'disconnected') return 'no stream';
      if (!(await stream(deps, installation, signal))) return 'no stream';
    } catch (error) {
      if (error instanceof LeaseLost) return 'lost';
      const retryAt_ms = error instanceof RetryLater ? error.retryAt_ms : 0;
      const steady = clock.now_ms() - startedAt_ms > longestPause_ms;
      pause_ms = steady ? firstPause_ms : Math.min(longestPause_ms, pause_ms * 2);
      if (error instanceof Reconnect) pause_ms = reconnectPause_ms;
      log.warn({ installation: installationId, ...faultForLog(error) }, 'event stream ended; it is opened again');
      await clock.sleep(Math.max(pause_ms, retryAt_ms - clock.now_ms()), signal);
    }
  }
  return 'ended';
}

/** False when the account has no stream. */
async function stream(deps: FollowDeps, installation: Installation, signal: AbortSignal): Promise<boolean> {
  const { store, bell, crm, clock, mapper, holder } = deps;
  const { tenantId, id, vendor } = installation;
  const api = await crm.api(tenantId, id);
  if (!api.stream) return false;
  const cursor = await store.tenant(tenantId, (tx) => tx.cursor(id, 'stream'));
  const names = mappedNames(mapper, vendor);
  await api.stream({
    cursor,
    signal,
    onBatch: async (batch) => {
      const events = batch.events.flatMap((event) => mappedOnly(names, event) ?? []);
      // Once the position is past them nobody tells of these events again: their gaps are stored with it.
      const from_ms = clock.now_ms() - retention_ms;
      const gaps = [...new Set(batch.gaps.map((gap) => gap.object))].map((object) => ({ object, from_ms }));
      const position = { name: 'stream', value: batch.cursor };
      await store.receive([{ tenantId, installationId: id, events, cursor: position, gaps, streamHolder: holder }]);
      if (gaps.length > 0) await pollNow(deps, tenantId, id);
      if (events.length > 0) await bell.ring([{ tenantId, installationId: id, lane: 'observe' }]);
    },
  });
  return true;
}

/** The poll lane closes gaps: it goes back as far as the vendor kept events. */
async function pollNow({ store, bell, clock }: FollowDeps, tenantId: string, installationId: string): Promise<void> {
  await store.tenant(tenantId, (tx) => tx.markDue(installationId, 'poll', clock.now_ms()));
  await bell.ring([{ tenantId, installationId, lane: 'poll' }]);
}

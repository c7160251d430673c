import type { Status } from '../http/api.ts';
import type { ObjectHealth } from '../sync/object-health.ts';
import { ask } from './ask.ts';

/** `rapport status`: asks the running hub. */
export async function status(options: { json?: boolean }): Promise<void> {
  const answer = await ask<Status>('/api/status');
  if (options.json) {
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    return;
  }
  for (const tenant of answer.tenants) {
    process.stdout.write(`${tenant.name} (${tenant.id})\n`);
    for (const one of tenant.installations) {
      process.stdout.write(
        `  ${one.vendor} ${one.accountId}: ${one.brokenReason ?? one.state}${silence(one.stream)}${limits(one.calls)}\n`,
      );
      for (const object of one.objects) process.stdout.write(`    ${agreement(object)}\n`);
    }
    for (const { id, pausedDeletes } of tenant.installations)
      for (const { object, since_ms } of pausedDeletes)
        process.stdout.write(
          `! too many ${object} of ${id} went at once since ${new Date(since_ms).toISOString()}: restore them, or say that it is right with \`rapport deletes confirm ${tenant.id} ${id} ${object}\`\n`,
        );
    const { records, inboxWaiting, deliveriesWaiting, parked, conflicts, runs } = tenant.status;
    process.stdout.write(
      `  records: ${counts(records)}\n  on their way: ${inboxWaiting} in, ${deliveriesWaiting} out\n`,
    );
    const causes = parked.map((one) => `${one.count} ${one.cause}`).join(', ');
    process.stdout.write(
      `  parked: ${causes === '' ? 'none' : `${causes} (rapport parked ${tenant.id})`}; conflicts: ${conflicts}; runs: ${counts(runs)}\n`,
    );
  }
  for (const problem of answer.problems)
    process.stdout.write(
      `! ${problem.vendor}: ${problem.detail} (${problem.count} times, last ${problem.latestAt}) ${problem.remedy}\n`,
    );
}

/** A vendor keeps a quiet stream alive within 270 s (Pub/Sub API docs); one that is silent for longer is opened again. */
const silent_ms = 300_000;

function silence(stream: Status['tenants'][number]['installations'][number]['stream']): string {
  if (stream === null) return '';
  if (!stream.followed) return '; nobody follows its event stream: a process with the role `inbound` must run';
  const silentFor_ms = stream.heardAt_ms === null ? 0 : Date.now() - stream.heardAt_ms;
  return silentFor_ms > silent_ms ? `; its event stream is silent for ${Math.round(silentFor_ms / 60_000)} min` : '';
}

function limits({
  closedUntil_ms,
  triedAgainAt_ms,
  allowance,
}: Status['tenants'][number]['installations'][number]['calls']): string {
  const at = (instant_ms: number): string => new Date(instant_ms).toISOString().slice(0, 16).replace('T', ' ');
  return [
    triedAgainAt_ms === null ? '' : '; it does not answer at present',
    closedUntil_ms === null ? '' : `; closed by its own limits until ${at(closedUntil_ms)} UTC`,
    allowance?.usedUpAt_ms ? `; its calls of the day will be used up at ${at(allowance.usedUpAt_ms)} UTC` : '',
  ].join('');
}

/** `contacts: 119 of 120 agree (sweep of 2026-01-31 10:00 UTC: 1 lagging, 0 unseen, 0 missing, 0 parked); 12 s behind` */
function agreement({ object, lag_ms, sweep, sweeping }: ObjectHealth): string {
  const at = (instant_ms: number): string => new Date(instant_ms).toISOString().slice(0, 16).replace('T', ' ');
  const swept =
    sweep === null
      ? 'not compared yet'
      : `${sweep.equal} of ${sweep.rows} agree (sweep of ${at(sweep.endedAt_ms)} UTC: ${sweep.lagging} lagging, ` +
        `${sweep.unseen} unseen, ${sweep.missing} missing, ${sweep.parked} parked)`;
  const behind = lag_ms === null ? '' : `; ${Math.round(lag_ms / 1_000)} s behind`;
  return `${object}: ${swept}${behind}${sweeping === null ? '' : `; ${sweeping.rows} rows compared since ${at(sweeping.startedAt_ms)} UTC`}`;
}

function counts(numbers: Readonly<Record<string, number>>): string {
  return (
    Object.entries(numbers)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none'
  );
}

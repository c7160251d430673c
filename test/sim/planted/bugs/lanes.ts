import type { PlantedBug } from '../planted-bug.ts';

const workers = 'hub/workers.ts';
const position = 'hub/sync/poll-position.ts';

/** Mistakes in how hints come in, rows find their records, and work is taken up. */
export const laneBugs: readonly PlantedBug[] = [
  {
    name: 'a lease is given back without the next look',
    file: workers,
    find: 'await deps.store.release(lease, next_ms);',
    replace: 'await deps.store.release(lease, undefined);',
  },
  {
    name: 'nobody scans for due work',
    file: workers,
    find: '  track(scan());\n',
    replace: '  void scan;\n',
  },
  {
    name: 'work that must wait is given up',
    file: workers,
    find: '    if (error instanceof RetryLater) return Math.max(error.retryAt_ms, now_ms + 50);',
    replace: '    if (error instanceof RetryLater) return undefined;',
  },
  {
    name: 'work that failed is given up',
    file: workers,
    find: '    return now_ms + failures.pauseAfterAnother_ms(address);',
    replace: '    return undefined;',
  },
  {
    name: 'an account whose grant came back stays cut off',
    file: workers,
    find: '      return now_ms + reconnectPause_ms;',
    replace: '      return undefined;',
  },
  {
    name: 'events are answered for and not stored',
    file: 'hub/inbound/receive.ts',
    find: '    await deps.store.receive(batches);\n',
    replace: '    await deps.store.receive(batches.map((batch) => ({ ...batch, events: batch.events.slice(1) })));\n',
  },
  {
    name: 'the stream’s position is stored without its events',
    file: 'hub/inbound/follow-stream.ts',
    find: 'await store.receive([{ tenantId, installationId: id, events, cursor: position, gaps, streamHolder: holder }]);',
    replace:
      'await store.receive([{ tenantId, installationId: id, events: events.slice(1), cursor: position, gaps, streamHolder: holder }]);',
  },
  {
    name: 'the poll has no overlap',
    file: position,
    find: "const start = settled ? newest : { stamp_ms: Math.max(0, newest.stamp_ms - overlap_ms - took_ms), id: '' };",
    replace: 'const start = newest;',
  },
  {
    name: 'the poll steps over rows of one stamp',
    file: position,
    find: 'return { ...walk, since: last, ...(isNewer && { newest: last, seenAt_ms: now_ms }) };',
    replace:
      "return { ...walk, since: { stamp_ms: last.stamp_ms + 1, id: '' }, ...(isNewer && { newest: last, seenAt_ms: now_ms }) };",
  },
  {
    name: 'the poll starts from our clock',
    file: position,
    find: '    newest: walk.newest,\n    seenAt_ms: isNewer',
    replace: "    newest: { stamp_ms: now_ms, id: '' },\n    seenAt_ms: isNewer",
  },
  {
    name: 'the poll’s position is ahead of what it stored',
    file: 'hub/sync/poll-walk.ts',
    find: 'await deps.store.receive([{ tenantId, installationId, events, cursor }]);',
    replace: 'await deps.store.receive([{ tenantId, installationId, events: events.slice(0, -1), cursor }]);',
  },
  {
    name: 'the first load and the poll drop the rows after a page',
    file: 'hub/sync/poll-walk.ts',
    find: 'const after = more && last ? { ...answering, walk: walked } : afterWalk(answering, walked, now_ms);',
    replace: 'const after = afterWalk(answering, walked, now_ms);',
  },
  {
    name: 'writing opens before all hints are looked at',
    file: 'hub/sync/open-writing.ts',
    find: 'if (!installation.confirmed || (await tx.countWaitingHints(installation.id, firstLoad)) > 0) return [];',
    replace: 'if (!installation.confirmed) return [];',
  },
  {
    name: 'an account writes before it was read whole',
    file: 'hub/sync/open-writing.ts',
    find: "if ((await tx.cursor(installation.id, `backfill:${object}`)) !== 'done') return [];",
    replace: '',
  },
  {
    name: 'records that an account lacks get no link there',
    file: 'hub/sync/link-missing.ts',
    find: 'const missing = [...new Set(recordIds)].filter((id) => !held.has(id) && !linked.has(id));',
    replace: 'const missing = [...new Set(recordIds)].filter((id) => held.has(id) && !linked.has(id));',
  },
  {
    name: 'a new record is not created elsewhere',
    file: 'hub/sync/link-strangers.ts',
    find: 'if (target) result.links.push(newLink(deps.ids.next(), record.id, other.id, target.object, null));',
    replace: 'void target;',
  },
  {
    name: 'two accounts may match new rows at once',
    file: 'hub/sync/find-records.ts',
    find: '  await tx.lockMatching(kind);\n',
    replace: '',
  },
  {
    name: 'every stranger is new',
    file: 'hub/sync/find-records.ts',
    find: '    found.set(stranger.externalId, byRules(keysOf.get(stranger.externalId) ?? []));',
    replace: "    found.set(stranger.externalId, { status: 'new' });\n    void byRules;",
  },
  {
    name: 'our own id is no reason to match',
    file: 'hub/sync/find-records.ts',
    find: '    const mine = stranger.recordId;',
    replace: '    const mine = null as string | null;',
  },
  {
    name: 'children that waited for a row are not looked at again',
    file: 'hub/sync/save-working-set.ts',
    find: '  await wakeChildren(tx, set);\n',
    replace: '  void wakeChildren;\n',
  },
];

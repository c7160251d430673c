import type { PlantedBug } from '../planted-bug.ts';

const row = 'hub/sync/observe-row.ts';
const batch = 'hub/sync/observe.ts';

/** Mistakes in how hints become observations, and observations are stored. */
export const observingBugs: readonly PlantedBug[] = [
  {
    name: 'a stale read is reconciled',
    file: row,
    find: 'if (isBusy(set, link) || stale) {',
    replace: 'if (isBusy(set, link) || (stale && false)) {',
  },
  {
    name: 'a row read before our write was answered is reconciled',
    file: row,
    find: ' ||\n    observation.readAt_ms < (link.writtenAt_ms ?? 0);',
    replace: ';',
  },
  {
    name: 'a row under an unanswered write is reconciled',
    file: row,
    find: '  if (isBusy(set, link) || stale) {',
    replace: '  if (stale) {',
  },
  {
    name: 'what must be read again is done with',
    file: row,
    find: '    set.applied.again.push(...observation.items.map((item) => item.id));',
    replace: "    finish(set, observation, 'superseded');",
  },
  {
    name: 'a write of unknown outcome is taken as taken',
    file: row,
    find: 'answered && observation.unsure ? takenOf(answered.values, row.fields, link, evidence) : (answered?.values ?? null);',
    replace: 'answered?.values ?? null;',
  },
  {
    name: 'the answered write is forgotten',
    file: row,
    find: "const answered = open.findLast((write) => write.state === 'answered');",
    replace: "const answered = open.findLast((write) => write.state === 'confirmed');",
  },
  {
    name: 'the stamp of a row is not kept',
    file: row,
    find: '    facts: { ...link.facts, ...row.facts, ...ourId(set, observation) },\n    stamp_ms: observation.row.stamp_ms,',
    replace: '    facts: { ...link.facts, ...row.facts, ...ourId(set, observation) },',
  },
  {
    name: 'changes are applied and not recorded',
    file: row,
    find: '  set.changes.push(...changes);\n',
    replace: '',
  },
  {
    name: 'conflicts are found and not recorded',
    file: row,
    find: '...outcome.conflicts.map((lost)',
    replace: '...[].map((lost: (typeof outcome.conflicts)[number])',
  },
  {
    name: 'an event of our app is dropped whatever it shows',
    file: batch,
    find: 'return held.length === 0 && Object.entries(fields).every(([name, value]) => sameValue(value, base[name] ?? null));',
    replace: 'return held.length === 0 && Object.entries(fields).every(([name]) => base[name] !== undefined);',
  },
  {
    name: 'a poll’s hint near the last stamp tells nothing',
    file: batch,
    find: 'const known_ms = link?.base == null ? null : link.stamp_ms;',
    replace: 'const known_ms = link?.base == null || link.stamp_ms === null ? null : link.stamp_ms + 60_000;',
  },
  {
    name: 'hints are done with before their rows are read',
    file: batch,
    find: "await tx.finishInbox(told.map((item) => ({ id: item.id, outcome: 'no_change' })));",
    replace: "await tx.finishInbox(items.map((item) => ({ id: item.id, outcome: 'no_change' })));",
  },
  {
    name: 'hints of a busy row are dropped',
    file: batch,
    find: 'await postponeItems(deps, tx, [...unanswered, ...early]);',
    replace: "await tx.finishInbox(unanswered.map((item) => ({ id: item.id, outcome: 'superseded' })));",
  },
  {
    name: 'nobody comes back for what was postponed',
    file: batch,
    find: 'return taken?.full ? deps.clock.now_ms() : nextLook(deps, { tenantId, installationId });',
    replace: 'return taken?.full ? nextLook(deps, { tenantId, installationId }) : undefined;',
  },
  {
    name: 'records are read without a lock',
    file: 'hub/sync/apply-observations.ts',
    find: '(await tx.lockRecords([...linked.existing, ...candidates]))',
    replace:
      '(await Promise.all([...new Set([...linked.existing, ...candidates])].map((id) => tx.record(id)))).filter((one) => one !== undefined)',
  },
  {
    name: 'a link is stored as it was before the lock',
    file: 'hub/sync/apply-observations.ts',
    find: 'links.set(link.id, current ? { ...current, externalId, state: link.state } : link);',
    replace: 'links.set(link.id, { ...link, externalId });',
  },
  {
    name: 'the other accounts are not told',
    file: 'hub/sync/mark-deliveries.ts',
    find: "if (!marks || link.state !== 'live' || isBusy(set, link)) continue;",
    replace: "if (!marks || link.state !== 'live' || link.installationId !== set.installation.id) continue;",
  },
  {
    name: 'a link that is being written gets a second write planned over its lease',
    file: 'hub/sync/mark-deliveries.ts',
    find: "if (!marks || link.state !== 'live' || isBusy(set, link)) continue;",
    replace: "if (!marks || link.state !== 'live') continue;",
  },
  {
    name: 'work is not marked due with what makes it',
    file: 'hub/sync/save-working-set.ts',
    find: "  for (const installationId of set.applied.deliverTo) await tx.markDue(installationId, 'deliver', set.now_ms);\n",
    replace: '',
  },
];

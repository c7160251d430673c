import type { PlantedBug } from '../planted-bug.ts';

const plan = 'hub/sync/plan-link.ts';
const deliver = 'hub/sync/deliver.ts';
const settle = 'hub/sync/settle-writes.ts';

/** Mistakes in how writes are derived, sent and settled. */
export const writingBugs: readonly PlantedBug[] = [
  {
    name: 'a write of unknown outcome is sent again blindly',
    file: plan,
    find: '  if (unsettled) {',
    replace: '  if (unsettled && unsettled.id === link.id) {',
  },
  {
    name: 'a new row does not carry our id',
    file: plan,
    find: 'const id = create || addsId ? { [target.idField]: record.id } : {};',
    replace: 'const id = addsId && !create ? { [target.idField]: record.id } : {};',
  },
  {
    name: 'the agreed link keeps its mark',
    file: plan,
    find: 'return { saved: { ...link, deliverAt_ms: null, agreedAt_ms }, delivery: undefined, parked: entries, edges: false };',
    replace: 'return { saved: { ...link, agreedAt_ms }, delivery: undefined, parked: entries, edges: false };',
  },
  {
    name: 'a timeout is a refusal',
    file: 'hub/sync/answer-of.ts',
    find: "  if (error instanceof Uncertain) return { status: 'unknown' };",
    replace: "  if (error instanceof Uncertain) return { status: 'not_sent', retryAt_ms: deps.clock.now_ms() };",
  },
  {
    name: 'the first row’s outcome is every row’s',
    file: deliver,
    find: 'answerOf(deps, outcomes[index] as RowOutcome)',
    replace: 'answerOf(deps, (outcomes[index - index] ?? outcomes[index]) as RowOutcome)',
  },
  {
    name: 'a batch that is told to wait is not written again',
    file: settle,
    find: '          deliverAt_ms: answer.retryAt_ms ?? now_ms + reconnectPause_ms,',
    replace: '          deliverAt_ms: null,',
  },
  {
    name: 'a write of unknown outcome counts as answered',
    file: settle,
    find: "        writes.push({ ...write, state: 'uncertain' });",
    replace: "        writes.push({ ...write, state: 'answered' });",
  },
  {
    name: 'what was told to wait counts as written',
    file: settle,
    find: "      case 'not_sent':\n        writes.push({ ...write, state: 'rejected' });",
    replace: "      case 'not_sent':\n        writes.push({ ...write, state: 'answered' });",
  },
  {
    name: 'the id of a new row is not kept',
    file: settle,
    find: '          externalId: link.externalId ?? answer.externalId,\n          writtenAt_ms: answeredAt_ms,\n          attempts: 0,',
    replace: '          writtenAt_ms: answeredAt_ms,\n          attempts: 0,',
  },
  {
    name: 'the outcome is stored over what happened meanwhile',
    file: settle,
    find: '    const link = current.get(delivery.link.id);',
    replace: '    const link = current.has(delivery.link.id) ? delivery.link : undefined;',
  },
  {
    name: 'outcomes are stored without a lock',
    file: settle,
    find: '  await tx.lockRecords(plan.deliveries.map((one) => one.link.recordId));\n',
    replace: '',
  },
  {
    name: 'the answer of a write becomes the base unseen',
    file: settle,
    find: '          attempts: 0,\n          deliverAt_ms: seen',
    replace: '          attempts: 0,\n          base: { ...link.base, ...write.values },\n          deliverAt_ms: seen',
  },
  {
    name: 'a refusal is not parked',
    file: settle,
    find: '        parked.push(entry);\n',
    replace: '        void entry;\n',
  },
  {
    name: 'the writes of a batch are not stored before they are sent',
    file: 'hub/sync/plan-writes.ts',
    find: "  await tx.saveWrites(deliveries.filter((one) => one.action !== 'read-back').map((one) => one.write));\n",
    replace: '',
  },
  {
    name: 'writes are planned from records as they were',
    file: 'hub/sync/plan-writes.ts',
    find: 'const records = await tx.lockRecords([...new Set(ready.map((link) => link.recordId))]);',
    replace:
      'const records = (await Promise.all([...new Set(ready.map((link) => link.recordId))].map((id) => tx.record(id)))).filter((one) => one !== undefined);',
  },
  {
    name: 'half a group is written where the other half has no value there',
    file: 'mappings/to-vendor.ts',
    find: 'if (mapping.group === null || !groups.has(mapping.group)) continue;',
    replace: 'if (mapping.group === null || groups.size >= 0) continue;',
  },
  {
    name: 'an unknown option is a blank',
    file: 'mappings/to-canonical.ts',
    find: '  if (found) return { value: found[0] };\n',
    replace: '  return { value: found?.[0] ?? null };\n',
  },
];

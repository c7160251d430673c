import type { PlantedBug } from '../planted-bug.ts';

const file = 'hub/sync/reconcile.ts';

/** Mistakes in what is decided of one row. */
export const plannerBugs: readonly PlantedBug[] = [
  {
    name: 'our own unread write is somebody’s edit',
    file,
    find: 'const expected = written ? { ...base, ...sent } : base;',
    replace: 'const expected = base;',
  },
  {
    name: 'the base stays where it was',
    file,
    find: '  setBase(outcome, whole, observed);\n',
    replace: '',
  },
  {
    name: 'an edit that lost is kept nowhere',
    file,
    find: "outcome.conflicts.push({ field, winner, loser, lost: gone, kept: stays, reason: 'rule' });",
    replace: 'void gone;',
  },
  {
    name: 'a value that only an event showed is forgotten',
    file,
    find: '  if (met) keepOverwritten(input, unit, settled, outcome);\n',
    replace: '',
  },
  {
    name: 'what the vendor did not take is believed',
    file,
    find: '    outcome.refused.push(...refused);\n',
    replace: '',
  },
  {
    name: 'an old value that a person put back is taken for a refusal',
    file,
    find: 'return isByPerson(input, name) && shown_ms - (input.previousAt_ms ?? Infinity) >= coarsestStamp_ms;',
    replace: 'return shown_ms < 0;',
  },
  {
    name: 'every edit is the loser',
    file,
    find: "  if (verdict === 'keep') {",
    replace: "  if (verdict === 'keep' || concurrent) {",
  },
  {
    name: 'nobody’s edit is concurrent',
    file,
    find: 'else decide(input, unit, outcome, expected, !met || !sameUnit(unit, canonical, expected));',
    replace: 'else decide(input, unit, outcome, expected, false);',
  },
  {
    name: 'a blank row empties the record it meets',
    file,
    find: '  if (!met && blankUnit(unit, observed)) return;\n',
    replace: '',
  },
  {
    name: 'the older of two edits wins',
    file: 'hub/sync/verdict.ts',
    find: "return observedAt_ms > canonicalStamp.at_ms ? 'take' : 'keep';",
    replace: "return observedAt_ms < canonicalStamp.at_ms ? 'take' : 'keep';",
  },
  {
    name: 'a group is decided field by field',
    file: 'hub/sync/units.ts',
    find: 'const key = rule.group === null ? `field ${rule.name}` : `group ${rule.group}`;',
    replace: 'const key = `field ${rule.name}`;',
  },
  {
    name: 'of a group only what differs is written',
    file: 'hub/sync/derive-write.ts',
    find: 'if (differs && !waits) for (const name of names) values[name] = canonical[name] as Value;',
    replace:
      'if (differs && !waits) for (const name of names) if (base === null || !sameField(canonical, base, name)) values[name] = canonical[name] as Value;',
  },
  {
    name: 'a refused value is sent again and again',
    file: 'hub/sync/derive-write.ts',
    find: 'return held !== undefined && sameValue(held, canonical[name] ?? null);',
    replace: 'return held !== undefined && !sameValue(held, held);',
  },
  {
    name: 'a field that a side never showed is written there',
    file: 'hub/sync/derive-write.ts',
    find: '(base === null ? !isBlank(canonical[name]) : isOurs || base[name] !== undefined),',
    replace: '(base !== null || isOurs || !isBlank(canonical[name])),',
  },
  {
    name: 'the evidence of one batch has no order',
    file: 'hub/sync/evidence.ts',
    find: '.sort((a, b) => a.at_ms - b.at_ms);',
    replace: '.sort((a, b) => b.at_ms - a.at_ms);',
  },
];

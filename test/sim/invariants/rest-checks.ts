import type { World } from '../world.ts';
import { accounting } from './accounting.ts';
import { budget } from './budget.ts';
import { completeness } from './completeness.ts';
import { convergence } from './convergence.ts';
import { identity } from './identity.ts';
import { invention } from './invention.ts';
import { lostEdits } from './lost-edits.ts';
import { mixedGroups } from './mixed-groups.ts';
import { rightfulWinner } from './rightful-winner.ts';

type Check = (world: World) => void;

/** What must hold at each look. */
const always: readonly Check[] = [budget];
/** What must hold when nothing is left to do. */
const atRest: readonly Check[] = [
  accounting,
  lostEdits,
  invention,
  identity,
  completeness,
  convergence,
  mixedGroups,
  rightfulWinner,
];

export function lookChecks(world: World): void {
  if (world.broken) throw world.broken;
  for (const check of always) check(world);
}

export function restChecks(world: World): void {
  lookChecks(world);
  for (const check of atRest) check(world);
}

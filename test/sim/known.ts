import type { FaultName } from './faults/catalogue.ts';

/** A fault that no seed draws for now, and what the engine does not yet stand. */
interface Known {
  fault: FaultName;
  finding: string;
}

/** Found by the simulator and not mended yet. A fault leaves this list with the change that mends what it found. */
const known: readonly Known[] = [
  { fault: 'stale_replica', finding: 'associations in a late reading are taken for what somebody removed' },
];

export const knownFaults: ReadonlySet<FaultName> = new Set(known.map(({ fault }) => fault));

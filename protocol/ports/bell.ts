/** Where work may be: a ring carries no data. */
export interface WorkAddress {
  tenantId: string;
  installationId: string;
  lane: WorkLane;
}

/** `observe` and `deliver` are the interactive lanes; the rest has workers of its own. */
export type WorkLane = 'observe' | 'deliver' | 'backfill' | 'poll' | 'sweep' | 'runs';

export const workLanes: readonly WorkLane[] = ['observe', 'deliver', 'backfill', 'poll', 'sweep', 'runs'];

/** The doorbell. Rung after commit. A ring that comes while the work runs makes it run once more. */
export interface Bell {
  ring(addresses: readonly WorkAddress[]): Promise<void>;
}

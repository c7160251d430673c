import type { World } from '../seed/world.ts';
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Storage } from './storage.ts';

/** What every stand-in of a vendor is given. */
export interface VendorContext {
  /** 0 asks for any free port. */
  port: number;
  host: string;
  storage: Storage;
  clock: Clock;
  faults: Faults;
  world: World;
  /** Where the app's own back end is reached, as an app's owner would enter it at the vendor. */
  hubUrl: string;
}

/** A running stand-in. */
export interface Vendor {
  port: number;
  /** Fills an empty storage from the world; does nothing on one that has data. */
  seed(): void;
  stop(): Promise<void>;
}

import type { PlantedBug } from '../sim/planted/planted-bug.ts';

/** One of the complaints about today's products, played out. What it names of the file system is relative to the repository. */
export interface Scenario {
  /** Its place in the list of README.md. */
  number: number;
  /** What people say, in one plain sentence. */
  complaint: string;
  /** What is done, step by step; answers what there is to see afterwards. Throws only where the stage itself fails. */
  play(): Promise<unknown>;
  /** What must be seen. */
  holds: unknown;
  /** What is seen without the guard: the complaint itself. */
  harm: unknown;
  /** What makes the complaint impossible, taken out: `name` says what the engine does then. */
  guard: PlantedBug;
}

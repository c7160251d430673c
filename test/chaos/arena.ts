import type { House } from '../kit/house.ts';
import { pairs, type Pair } from '../kit/pairs.ts';
import { startHouse } from '../kit/start-house.ts';
import { DatabaseServer } from './database-server.ts';
import { Ledger, type Subject } from './ledger.ts';
import { kinds } from './objects.ts';
import type { QueuePlace } from './plan.ts';
import { Processes } from './processes.ts';
import { RedisServer } from './redis-server.ts';
import { movable, notesOf } from './research.ts';
import { readWorld, type World } from './world.ts';

const pairsOfEachKind = 12;

/** Sandbox, servers and hub processes, and what is known of the CRMs before anything was struck. */
export interface Arena {
  house: House;
  processes: Processes;
  database: DatabaseServer;
  redis: RedisServer | undefined;
  ledger: Ledger;
  /** What people edit. */
  subjects: readonly Subject[];
  /** Nobody else touches this deal: the first edit after a blow is made there, and the last of a round. */
  quietDeal: Subject;
  /** Deals to move, each once. */
  movable: Pair[];
  moved: Pair[];
  before: World;
  notesBefore: number;
  /** Rows of the tenant to which nothing happens. */
  untouched: readonly string[];
  /** Where the queue lies; changed by a restart of all processes. */
  queue: { place: QueuePlace; env: Record<string, string> };
  stop(): Promise<void>;
}

export async function openArena(): Promise<Arena> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).toReversed()) await one();
  };
  try {
    const database = await DatabaseServer.start();
    stops.push(() => database.remove());
    const redis = await RedisServer.start();
    stops.push(async () => redis?.remove());
    const house = await startHouse({ database: database.database });
    stops.push(() => house.stop());
    const [deals = [], ...others] = await Promise.all(kinds.map((kind) => pairs(house, kind)));
    const movers = await movable(house, deals.slice(pairsOfEachKind + 1));
    const state = {
      before: await readWorld(house),
      notesBefore: await notesOf(house),
      untouched: await house.content('b'),
    };
    await house.stopHub();
    const processes = new Processes(house.env);
    stops.push(() => processes.stopAll());
    await processes.startAll();
    const subjects = [deals, ...others].map((all, at) =>
      all.slice(0, pairsOfEachKind).map((pair) => ({ kind: kinds[at] ?? 'deal', ...pair })),
    );
    return {
      house,
      processes,
      database,
      redis,
      ledger: new Ledger(),
      subjects: subjects.flat(),
      quietDeal: { kind: 'deal', ...(deals[pairsOfEachKind] as Pair) },
      movable: movers,
      moved: [],
      ...state,
      queue: { place: 'postgres', env: {} },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Restarts the hub's processes, in order, with their queue elsewhere. A queue holds nothing that is not in the database. */
export async function moveQueue(arena: Arena, place: QueuePlace): Promise<void> {
  if (arena.queue.place === place) return;
  await arena.processes.stopAll();
  arena.queue = { place, env: place === 'redis' && arena.redis ? { REDIS_URL: arena.redis.url } : {} };
  await arena.processes.startAll(arena.queue.env);
}

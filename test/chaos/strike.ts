import type { Arena } from './arena.ts';
import type { Target } from './plan.ts';
import { parts, type Part } from './processes.ts';

interface Strike {
  fall(arena: Arena): Promise<void>;
  /** Starts again what was struck. */
  raise(arena: Arena): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;
const start = (arena: Arena, part: Part): Promise<void> => arena.processes.start(part, arena.queue.env);
const killOf = (part: Part): Strike => ({
  fall: ({ processes }) => processes.kill(part),
  raise: (arena) => start(arena, part),
});

/** How each blow falls, and how whoever runs the product gets it up again. */
export const strikes: Readonly<Record<Target, Strike>> = {
  hub: killOf('hub'),
  worker: killOf('worker'),
  research: killOf('research'),
  power: {
    async fall({ processes, database }) {
      await Promise.all([...parts.map((part) => processes.kill(part)), database.kill()]);
    },
    async raise(arena) {
      await arena.database.startAgain();
      await Promise.all(parts.map((part) => start(arena, part)));
    },
  },
  postgres: { fall: ({ database }) => database.kill(), raise: ({ database }) => database.startAgain() },
  redis: { fall: async ({ redis }) => redis?.kill(), raise: async ({ redis }) => redis?.startAgain() },
  flush: { fall: async ({ redis }) => redis?.flush(), raise: nothing },
};

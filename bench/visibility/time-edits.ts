import { setTimeout as sleep } from 'node:timers/promises';
import type { Crm } from '../kit/crms.ts';

export interface Pair {
  from: string;
  to: string;
}

interface Pending {
  number: number;
  sentAt_ms: number;
}

const lookEvery_ms = 5;
/** What is not visible by then counts as this late. */
const patience_ms = 30_000;

/**
 * Makes edits at a fixed rate, whatever becomes of the ones before, and looks every 5 ms which are visible on the other side.
 * Answers the milliseconds from sending each edit until it was seen. An edit that a later one of the same deal overtook is
 * visible with that one.
 */
export async function timeEdits(options: {
  from: Crm;
  to: Crm;
  pairs: readonly Pair[];
  perSecond: number;
  seconds: number;
}): Promise<number[]> {
  const { from, to, pairs, perSecond } = options;
  const count = perSecond * options.seconds;
  const pending = new Map<string, Pending[]>();
  const took_ms: number[] = [];
  const run = `${Date.now()}`;
  const edits: Promise<void>[] = [];
  const startedAt_ms = performance.now();

  const make = async (): Promise<void> => {
    for (let number = 0; number < count; number += 1) {
      await sleep(Math.max(0, startedAt_ms + (number * 1_000) / perSecond - performance.now()));
      const { from: source, to: target } = pairs[number % pairs.length] as Pair;
      const sentAt_ms = performance.now();
      pending.set(target, [...(pending.get(target) ?? []), { number, sentAt_ms }]);
      edits.push(from.edit(source, `${run} ${number}`));
    }
    await Promise.all(edits);
  };
  const look = async (): Promise<void> => {
    const deadline_ms = startedAt_ms + options.seconds * 1_000 + patience_ms;
    while (took_ms.length < count && performance.now() < deadline_ms) {
      await sleep(lookEvery_ms);
      if (pending.size === 0) continue;
      const texts = await to.texts([...pending.keys()]);
      const seenAt_ms = performance.now();
      for (const [id, text] of texts) {
        const [seenRun, seen] = (text ?? '').split(' ');
        if (seenRun !== run) continue;
        const waiting = pending.get(id) ?? [];
        for (const edit of waiting) if (edit.number <= Number(seen)) took_ms.push(seenAt_ms - edit.sentAt_ms);
        const left = waiting.filter((edit) => edit.number > Number(seen));
        if (left.length > 0) pending.set(id, left);
        else pending.delete(id);
      }
    }
  };
  await Promise.all([make(), look()]);
  return [...took_ms, ...Array.from({ length: count - took_ms.length }, () => patience_ms)];
}

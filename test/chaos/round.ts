import { loadavg, availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../sandbox/kit/random.ts';
import { moveQueue, type Arena } from './arena.ts';
import { compare } from './compare.ts';
import { nextBatchLimit_ms } from './next-batch-limit.ts';
import { objects, textOf, type Side } from './objects.ts';
import { Person } from './person.ts';
import type { Blow, Round } from './plan.ts';
import { move } from './research.ts';
import { strikes } from './strike.ts';

export interface Struck extends Blow {
  /** From being started to being back. */
  start_ms: number;
  /** Events that HubSpot still had to deliver when what was struck was back. */
  undelivered: number;
  /** From being back to the first new edit on the other side. */
  nextBatch_ms: number;
}

export interface Outcome extends Round {
  blows: readonly Struck[];
  edits: number;
  made: number;
  /** From the last edit to rest. */
  rest_ms: number;
  /** One line a fault. */
  faults: string[];
}

const patience_ms = 60_000;
const lookEvery_ms = 20;
/** People work on for this long after what was struck is back, and pause until all of it has travelled. */
const workOn_ms = 2_000;
const retryPatience_ms = 2_000;
const clockStep_ms = 30_000;
const mostSteps = 20;

/** One round: people work, a blow falls and is mended, people work on; so for each. At rest everything is compared. */
export async function playRound(arena: Arena, seed: number, round: Round): Promise<Outcome> {
  const { house, ledger } = arena;
  await moveQueue(arena, round.queue);
  const startedAt_ms = Date.now();
  const chance = new Random(seed + round.number);
  const [editsBefore, madeBefore] = [ledger.edits, ledger.made.length];
  const tag = `chaos-${seed}`;
  const person = new Person({ house, ledger, chance, subjects: arena.subjects, tag, first: round.number * 10_000 });
  const faults: string[] = [];
  const blows: Struck[] = [];
  for (const blow of round.blows) {
    const struck = await strike(arena, person, chance, blow);
    blows.push(struck);
    const limit_ms = nextBatchLimit_ms(loadavg()[0] ?? 1, availableParallelism());
    if (struck.nextBatch_ms > limit_ms)
      faults.push(`the next batch after ${blow.target} took ${struck.nextBatch_ms} ms; ${limit_ms} are allowed`);
    if (struck.nextBatch_ms === Infinity) break;
  }
  const restless_ms = performance.now();
  await sendAgain(arena);
  // Salesforce's events come in one order: when this edit has come, all before it have.
  if ((await travelTime(arena, person, 'salesforce')) === Infinity) faults.push("Salesforce's events do not come");
  await house.quiet(patience_ms).catch((error: Error) => faults.push(error.message));
  const rest_ms = Math.round(performance.now() - restless_ms);
  faults.push(...(await compare(arena, startedAt_ms)), ...arena.processes.takeEndedAlone());
  const [edits, made] = [ledger.edits - editsBefore, ledger.made.length - madeBefore];
  return { ...round, blows, edits, made, rest_ms, faults };
}

/** People work and move a deal, the blow falls, what was struck is started again, and the first edit from then on is timed. */
async function strike(arena: Arena, person: Person, chance: Random, blow: Blow): Promise<Struck> {
  person.start();
  const moveAfter_ms = chance.between(0, blow.strikeAfter_ms);
  await sleep(moveAfter_ms);
  const mover = arena.movable.shift();
  if (mover) {
    await move(arena.house, mover);
    arena.moved.push(mover);
  }
  await sleep(blow.strikeAfter_ms - moveAfter_ms);
  await strikes[blow.target].fall(arena);
  await sleep(blow.down_ms);
  const raisedAt_ms = performance.now();
  await strikes[blow.target].raise(arena);
  const start_ms = Math.round(performance.now() - raisedAt_ms);
  const undelivered = await pendingWebhooks(arena);
  const [nextBatch_ms] = await Promise.all([
    travelTime(arena, person, chance.pick(['hubspot', 'salesforce'] as const)),
    sleep(workOn_ms).then(() => person.stop()),
  ]);
  return { ...blow, start_ms, undelivered, nextBatch_ms: Math.round(nextBatch_ms) };
}

/** How long a new edit takes to the other side; Infinity when it is not there long after what is allowed. */
async function travelTime(arena: Arena, person: Person, side: Side): Promise<number> {
  const deal = arena.quietDeal;
  const [field] = objects.deal.fields;
  const editedAt_ms = performance.now();
  const text = await person.edit(deal, field, side, deal[side] ?? '');
  const { hubspot, salesforce } = arena.house.people.a;
  const look = async (): Promise<unknown> =>
    side === 'hubspot'
      ? (await salesforce.read('Opportunity', deal.salesforce ?? '', [field.salesforce]))[field.salesforce]
      : (await hubspot.read('deals', deal.hubspot ?? '', [field.hubspot])).properties[field.hubspot];
  while (textOf(field, await look()) !== text) {
    if (performance.now() - editedAt_ms > patience_ms) return Infinity;
    await sleep(lookEvery_ms);
  }
  return performance.now() - editedAt_ms;
}

/** What HubSpot would send again only in minutes comes now: its clock is moved on, no further than it must. */
async function sendAgain(arena: Arena): Promise<void> {
  for (let step = 0; step < mostSteps; step += 1) {
    for (const from_ms = Date.now(); Date.now() - from_ms < retryPatience_ms; await sleep(lookEvery_ms))
      if ((await pendingWebhooks(arena)) === 0) return;
    await arena.house.clock('hubspot', clockStep_ms);
  }
}

async function pendingWebhooks({ house }: Arena): Promise<number> {
  const answer = await fetch(`${house.urls.hubspot}/_sandbox/webhooks`);
  return ((await answer.json()) as { pending: number }).pending;
}

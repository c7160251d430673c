import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../sandbox/kit/random.ts';
import { objectOf } from '../kit/crm-objects.ts';
import type { House } from '../kit/house.ts';
import type { Ledger, Subject } from './ledger.ts';
import { kinds, objects, type Field, type Kind, type Side } from './objects.ts';

/** About twenty edits a second. */
const pace_ms = 50;
const createShare = 0.08;
const laterEditShare = 0.06;

type Mode = Side | 'both';

/** People of tenant a who work in both CRMs without a pause, whatever becomes of us. What is acknowledged is in the ledger. */
export class Person {
  readonly #house: House;
  readonly #ledger: Ledger;
  readonly #chance: Random;
  readonly #subjects: readonly Subject[];
  readonly #tag: string;
  readonly #modes = new Map<string, Mode>();
  /** Made in this round: they are edited on the side where they were made. */
  readonly #fresh: { subject: Subject; side: Side; id: string }[] = [];
  #count: number;
  #stopped = false;
  #working = Promise.resolve();

  /** Values are numbered on from `first`, so that no two of a run are the same; `tag` is read with them. */
  constructor(parts: {
    house: House;
    ledger: Ledger;
    chance: Random;
    subjects: readonly Subject[];
    tag: string;
    first: number;
  }) {
    this.#count = parts.first;
    this.#house = parts.house;
    this.#ledger = parts.ledger;
    this.#chance = parts.chance;
    this.#subjects = parts.subjects;
    this.#tag = parts.tag;
  }

  /** Works until told to stop. */
  start(): void {
    this.#stopped = false;
    this.#working = this.#working.then(() => this.#work());
    // Whoever stops this hears of it.
    this.#working.catch(() => undefined);
  }

  /** Resolves when the last edit is acknowledged; throws when a CRM refused one. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#working;
  }

  /** One edit in one CRM; the ledger has it once it is acknowledged. */
  async edit(subject: Subject, field: Field, side: Side, id: string): Promise<string> {
    this.#count += 1;
    const text = field.numeric ? String(this.#count) : `${this.#tag} ${this.#count}`;
    await this.write(side, subject.kind, id, {
      [field[side]]: field.numeric && side === 'salesforce' ? Number(text) : text,
    });
    this.#ledger.wrote(subject, field, side, text);
    return text;
  }

  async write(side: Side, kind: Kind, id: string, values: Record<string, string | number>): Promise<void> {
    const { hubspot, salesforce } = this.#house.people.a;
    if (side === 'hubspot') await hubspot.update(objectOf[kind].hubspot, id, values);
    else await salesforce.update(objectOf[kind].salesforce, id, values);
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      const began_ms = performance.now();
      await this.#act();
      await sleep(Math.max(0, began_ms + pace_ms - performance.now()));
    }
  }

  async #act(): Promise<void> {
    const chance = this.#chance;
    const draw = chance.next();
    if (draw < createShare) return this.#create(chance.pick(kinds), chance.pick(['hubspot', 'salesforce'] as const));
    if (draw < createShare + laterEditShare && this.#fresh.length > 0) {
      const { subject, side, id } = chance.pick(this.#fresh);
      await this.edit(subject, chance.pick(objects[subject.kind].fields), side, id);
      return;
    }
    const subject = chance.pick(this.#subjects);
    const field = chance.pick(objects[subject.kind].fields);
    const mode = this.#modeOf(subject, field);
    await Promise.all(
      (mode === 'both' ? (['hubspot', 'salesforce'] as const) : [mode]).map((side) =>
        this.edit(subject, field, side, subject[side] ?? ''),
      ),
    );
  }

  /** Where a field is edited in this round: on one side its order is certain, on both at once somebody loses. */
  #modeOf(subject: Subject, field: Field): Mode {
    const key = `${subject.recordId} ${field.name}`;
    const mode = this.#modes.get(key) ?? this.#chance.pick(['hubspot', 'salesforce', 'hubspot', 'salesforce', 'both']);
    this.#modes.set(key, mode);
    return mode;
  }

  async #create(kind: Kind, side: Side): Promise<void> {
    this.#count += 1;
    const { hubspot, salesforce } = this.#house.people.a;
    const name = `made-${this.#tag}-${this.#count}`.replaceAll(' ', '-');
    const madeAs = kind === 'contact' ? `${name}@chaos.example` : name;
    const subject: Subject = { kind, madeAs };
    const id =
      side === 'hubspot'
        ? await hubspot.create(objectOf[kind].hubspot, {
            [objects[kind].identity.hubspot]: madeAs,
            ...(kind === 'deal' && { pipeline: 'default', dealstage: 'appointmentscheduled' }),
            ...(kind === 'contact' && { lastname: name }),
          })
        : await salesforce.create(objectOf[kind].salesforce, {
            [objects[kind].identity.salesforce]: madeAs,
            ...(kind === 'deal' && { StageName: 'Prospecting', CloseDate: '2027-02-01' }),
            ...(kind === 'contact' && { LastName: name }),
          });
    this.#ledger.created(subject);
    this.#fresh.push({ subject, side, id });
  }
}

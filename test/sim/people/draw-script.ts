import type { VendorFields, VendorValue } from '../../../protocol/fields.ts';
import type { FieldMapping } from '../../../protocol/mapping.ts';
import type { Kind, Vendor } from '../../../protocol/nouns.ts';
import { catalogue, faultNames, type FaultName } from '../faults/catalogue.ts';
import type { FaultRates } from '../faults/weather.ts';
import { nameAt, plainFields } from '../oracle-field.ts';
import type { AccountShape, Script, Step } from '../script.ts';
import type { Random } from '../seeded-random.ts';
import { streamOf } from '../stream-of.ts';
import { mapper } from '../world.ts';
import { drawValue } from './draw-value.ts';

const { mappings } = mapper;
const madeByPeople: readonly Kind[] = ['company', 'contact', 'deal'];

/** Draws what one seed's run is made of: accounts, rates of faults (half of them none), rows there at first, people's steps. */
export function drawScript(seed: number, off: ReadonlySet<FaultName>): Script {
  const random = streamOf(seed, 'script');
  const rates = drawRates(streamOf(seed, 'rates'), off);
  const accounts = drawAccounts(streamOf(seed, 'accounts'), rates);
  const draw = new Drawing(accounts, streamOf(seed, 'people'));
  const calmAt_ms = random.int(1, 12) * 30_000;
  draw.firstRows();
  draw.steps(calmAt_ms);
  return {
    seed,
    accounts,
    processes: 1,
    latency_ms: { call: random.pick([5, 200, 2_000]), store: random.pick([0, 2, 20]) },
    rates,
    steps: draw.taken.sort((a, b) => a.at_ms - b.at_ms),
    calmAt_ms,
  };
}

function drawAccounts(random: Random, { second_org = 0, clock_skew = 0 }: FaultRates): AccountShape[] {
  const vendors: Vendor[] = ['hubspot', 'salesforce'];
  if (random.chance(second_org)) vendors.push('salesforce');
  const isSkewed = random.chance(clock_skew);
  return vendors.map((vendor) => ({
    vendor,
    skew_ms: isSkewed ? random.int(-600_000, 600_000) : 0,
    pageSize: random.pick([3, 10, 200]),
  }));
}

/** Each seed has its own mixture, so that rare pairs meet. */
function drawRates(random: Random, off: ReadonlySet<FaultName>): FaultRates {
  const rates: Partial<Record<FaultName, number>> = {};
  const calm = random.chance(0.1);
  for (const name of faultNames) {
    const rate = random.unit() * catalogue[name].most;
    if (random.chance(0.3) && !calm && !off.has(name)) rates[name] = rate;
  }
  return rates;
}

interface Subject {
  who: string;
  kind: Kind;
}

/** What people have and do in one run. */
class Drawing {
  readonly taken: Step[] = [];
  readonly #accounts: readonly AccountShape[];
  readonly #random: Random;
  readonly #subjects: Subject[] = [];
  #number = 0;

  constructor(accounts: readonly AccountShape[], random: Random) {
    this.#accounts = accounts;
    this.#random = random;
  }

  /** Rows that are there before the hub comes: most in every account, and nearly the same. */
  firstRows(): void {
    const random = this.#random;
    for (let count = random.int(1, 8); count > 0; count--) {
      const subject = this.#newSubject();
      const everywhere = random.chance(0.7);
      const home = random.int(0, this.#accounts.length - 1);
      const values = this.#values(subject.kind, 0.7);
      for (const account of this.#accounts.keys())
        if (everywhere || account === home) this.#create(0, account, subject, this.#varied(values));
    }
  }

  steps(until_ms: number): void {
    const random = this.#random;
    for (let count = random.int(1, 30); count > 0; count--) {
      const at_ms = random.int(1_000, until_ms);
      const account = random.int(0, this.#accounts.length - 1);
      if (random.chance(0.1))
        this.#create(at_ms, account, this.#newSubject(), this.#values(subjectKind(this.#subjects), 0.6));
      else this.#edit(at_ms, account, random.pick(this.#subjects));
    }
  }

  #newSubject(): Subject {
    const kind = this.#random.pick(madeByPeople);
    const subject = { who: `${kind} ${this.#subjects.length + 1}`, kind };
    this.#subjects.push(subject);
    return subject;
  }

  #edit(at_ms: number, account: number, { who, kind }: Subject): void {
    const random = this.#random;
    const field = random.pick(plainFields(mappings, kind).filter((one) => one.rule !== 'hub'));
    const value = drawValue(field, (this.#number += 1), random);
    const fields = this.#at(account, kind, [[field, value]]);
    this.taken.push({ at_ms, account, who, do: 'edit', fields });
  }

  #create(at_ms: number, account: number, { who, kind }: Subject, values: Drawn): void {
    this.taken.push({ at_ms, account, who, do: 'create', kind, fields: this.#at(account, kind, values) });
  }

  #values(kind: Kind, share: number): Drawn {
    const needed = new Set(['name', 'domain', 'email', 'lastName', 'stage', 'closeDate']);
    return plainFields(mappings, kind)
      .filter((field) => field.rule !== 'hub' && (needed.has(field.name) || this.#random.chance(share)))
      .map((field) => [field, drawValue(field, (this.#number += 1), this.#random)]);
  }

  /** The same values, a few of them others or left blank. */
  #varied(values: Drawn): Drawn {
    const matching = new Set(['name', 'domain', 'email', 'lastName', 'stage', 'closeDate']);
    return values.flatMap(([field, value]): Drawn => {
      if (matching.has(field.name) || this.#random.chance(0.8)) return [[field, value]];
      return this.#random.chance(0.5) ? [] : [[field, drawValue(field, (this.#number += 1), this.#random)]];
    });
  }

  #at(account: number, kind: Kind, values: Drawn): VendorFields {
    const { vendor } = this.#accounts[account] as AccountShape;
    return Object.fromEntries(
      values.flatMap(([field, value]) => {
        const name = nameAt(mappings, kind, field, vendor);
        return name === undefined ? [] : [[name, value(vendor)]];
      }),
    );
  }
}

type Drawn = [FieldMapping, (vendor: Vendor) => VendorValue][];

function subjectKind(subjects: readonly Subject[]): Kind {
  return (subjects.at(-1) as Subject).kind;
}

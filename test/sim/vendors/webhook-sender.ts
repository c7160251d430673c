import { chunks } from '../../../protocol/chunks.ts';
import type { VendorEvent } from '../../../protocol/vendor-event.ts';
import type { Random } from '../seeded-random.ts';
import type { SimCrm } from './crm.ts';
import type { RowChange } from './row.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { Line } from './wire.ts';

/** The hub's door: resolves when it has answered 2xx; false for anything else, and for no answer. */
export type Door = (events: readonly { accountId: string; event: VendorEvent }[]) => Promise<boolean>;

/** HubSpot docs, webhooks: at most 100 events of one request, sent again up to ten times within 24 hours. */
const batchSize = 100;
const tries = 10;

/**
 * HubSpot's webhooks: events are gathered for a moment and sent together, in no promised order; what is not answered by a
 * 2xx is sent again, later each time.
 */
export class WebhookSender {
  readonly #crm: SimCrm;
  readonly #line: Line;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  #waiting: VendorEvent[] = [];
  #number = 0;
  #door: Door = async () => false;
  #underWay = 0;
  /** Events that every try has failed for, or that were never sent. */
  lost = 0;

  constructor(crm: SimCrm, line: Line, clock: VirtualClock, random: Random) {
    this.#crm = crm;
    this.#line = line;
    this.#clock = clock;
    this.#random = random;
    crm.onChange((changes) => this.#gather(changes));
  }

  /** Where requests go from now on. */
  connect(door: Door): void {
    this.#door = door;
  }

  /** Events wait, or are on their way. */
  get isBusy(): boolean {
    return this.#waiting.length > 0 || this.#underWay > 0;
  }

  #gather(changes: readonly RowChange[]): void {
    const clock = this.#clock;
    if (this.#waiting.length === 0) clock.at(clock.now_ms() + this.#random.int(50, 2_000), () => this.#flush());
    this.#waiting.push(...changes.flatMap((change) => this.#told(change)));
  }

  #told(change: RowChange): VendorEvent[] {
    const { flavour } = this.#crm;
    const fields = this.#crm.fieldsOf(change.object);
    this.#number += 1;
    const events = flavour.tell(change, fields, this.#number);
    const peers = fields.filter((field) => field.name in change.values && flavour.isSilent(field));
    return [...events, ...peers.flatMap((field) => this.#associated(change, field.name, field.to ?? ''))];
  }

  /** Both ends of an association are told of it. */
  #associated(change: RowChange, name: string, peerObject: string): VendorEvent[] {
    const { object, id, values, occurredAt_ms, by, own } = change;
    const ends = [
      { object, id },
      ...[values[name] ?? []].flat().map((peer) => ({ object: peerObject, id: String(peer) })),
    ];
    return ends.map((end): VendorEvent => {
      const key = `${end.object}|${end.id}|associated|${name}|${id}|${this.#number}|${occurredAt_ms}`;
      const seen = { object: end.object, externalId: end.id, values: {}, occurredAt_ms, author: by, own };
      return { ...seen, key, change: 'associated', lane: 'event' };
    });
  }

  #flush(): void {
    const { weather } = this.#line;
    const clock = this.#clock;
    const events = this.#waiting;
    this.#waiting = [];
    const kept = events.filter(() => !weather.strikes('event_dropped'));
    this.lost += events.length - kept.length;
    const late = kept.filter(() => weather.strikes('event_late'));
    const twice = kept.filter(() => weather.strikes('event_duplicated'));
    const now = kept.filter((event) => !late.includes(event));
    this.#send(weather.strikes('event_reordered') ? this.#random.shuffled(now) : now);
    for (const [some, least_ms, fault] of [
      [late, 60_000, 'event_late'],
      [twice, 0, 'event_duplicated'],
    ] as const)
      for (const event of some) {
        this.#underWay += 1;
        clock.at(clock.now_ms() + weather.between(fault, least_ms, 900_000), () => {
          this.#underWay -= 1;
          this.#send([event]);
        });
      }
  }

  #send(events: readonly VendorEvent[]): void {
    for (const some of chunks(events, batchSize)) {
      this.#underWay += 1;
      void this.#deliver(some).finally(() => {
        this.#underWay -= 1;
      });
    }
  }

  async #deliver(events: readonly VendorEvent[]): Promise<void> {
    const clock = this.#clock;
    const body = events.map((event) => ({ accountId: this.#crm.accountId, event }));
    for (let attempt = 0; attempt < tries; attempt++) {
      await clock.sleep(this.#line.latency_ms());
      if (await this.#door(body)) return;
      await clock.sleep(this.#random.int(5_000, 60_000) * 2 ** Math.min(attempt, 3));
    }
    this.lost += events.length;
  }
}

import { RetryLater } from '../../../protocol/errors.ts';
import type { VendorEvent, VendorGap } from '../../../protocol/vendor-event.ts';
import type { EventFeed } from './account.ts';
import type { SimCrm } from './crm.ts';
import type { RowChange } from './row.ts';
import type { Line } from './wire.ts';

type StreamOptions = Parameters<EventFeed['follow']>[0];
interface Entry {
  position: number;
  at_ms: number;
  events: VendorEvent[];
  gaps: VendorGap[];
}

/** Pub/Sub API: at most 100 events of one fetch. */
const batchSize = 100;
/** Change Data Capture docs: events are kept for 72 hours. */
const keptFor_ms = 72 * 3_600_000;

/**
 * Salesforce's change events: a log that keeps 72 hours, asked for from a stored position. An event may come as a gap (its
 * rows without values) or an overflow (its object alone); a position that the log no longer knows gives a gap of every
 * object, and all that is kept.
 */
export class ChangeFeed implements EventFeed {
  readonly #crm: SimCrm;
  readonly #line: Line;
  readonly #entries: Entry[] = [];
  #last = 0;
  /** The last position that a follower has taken for good. */
  #taken = 0;
  #number = 0;
  #wakes: (() => void)[] = [];

  readonly #passed: (events: readonly VendorEvent[]) => void;

  /** `passed` is told of the events that a follower has taken for good. */
  constructor(crm: SimCrm, line: Line, passed: (events: readonly VendorEvent[]) => void) {
    this.#passed = passed;
    this.#crm = crm;
    this.#line = line;
    crm.onChange((changes) => this.#publish(changes));
  }

  /** Somebody has still to be told of something. */
  get isBusy(): boolean {
    return this.#taken < this.#last;
  }

  async follow(options: StreamOptions): Promise<void> {
    const { cursor, signal } = options;
    const { clock, weather } = this.#line;
    let position = cursor === undefined ? this.#last : Number(cursor);
    this.#taken = position;
    await clock.sleep(this.#line.latency_ms());
    if (this.#isExpired(position) || (cursor !== undefined && weather.strikes('stream_expired'))) {
      const gaps = [...this.#crm.schema.keys()].map((object): VendorGap => ({ object, reason: 'expired' }));
      await options.onBatch({ events: [], gaps, cursor: String(position) });
      position = (this.#entries[0]?.position ?? this.#last + 1) - 1;
      this.#taken = position;
    }
    while (!signal.aborted) {
      if (clock.now_ms() < this.#line.revokedUntil_ms || clock.now_ms() < this.#line.stormUntil_ms)
        throw new RetryLater('The event stream ended: unavailable', clock.now_ms() + 1_000);
      const entries = this.#entries.filter((entry) => entry.position > position).slice(0, batchSize);
      const last = entries.at(-1);
      if (!last) {
        await this.#news(signal);
        continue;
      }
      if (weather.strikes('stream_silent'))
        await clock.sleep(weather.between('stream_silent', 10_000, 600_000), signal);
      await clock.sleep(this.#line.latency_ms(), signal);
      if (signal.aborted) return;
      const events = entries.flatMap((entry) => entry.events);
      await options.onBatch({ events, gaps: entries.flatMap((entry) => entry.gaps), cursor: String(last.position) });
      this.#passed(events);
      this.#taken = last.position;
      position = last.position;
      if (weather.strikes('stream_cut'))
        throw new RetryLater('The event stream ended: unavailable', clock.now_ms() + 1_000);
    }
  }

  #isExpired(position: number): boolean {
    const oldest = this.#entries[0];
    return oldest !== undefined && position < oldest.position - 1;
  }

  #publish(changes: readonly RowChange[]): void {
    const { weather, clock } = this.#line;
    const events = changes.flatMap((change) => this.#told(change));
    if (events.length === 0) return;
    this.#last += 1;
    const entry: Entry = { position: this.#last, at_ms: clock.now_ms(), events, gaps: [] };
    if (weather.strikes('stream_overflow')) {
      entry.events = [];
      entry.gaps = [...new Set(events.map((event) => event.object))].map((object) => ({ object, reason: 'overflow' }));
    } else if (weather.strikes('stream_gap')) entry.events = events.map((event) => ({ ...event, values: {} }));
    this.#entries.push(entry);
    while (this.#entries[0] && this.#entries[0].at_ms < clock.now_ms() - keptFor_ms) this.#entries.shift();
    const wakes = this.#wakes;
    this.#wakes = [];
    for (const wake of wakes) wake();
  }

  /** A change of the roles is a row of its own, and names its opportunity only. */
  #told(change: RowChange): VendorEvent[] {
    this.#number += 1;
    const { flavour } = this.#crm;
    const fields = this.#crm.fieldsOf(change.object);
    const events = flavour.tell(change, fields, this.#number);
    const peers = fields.filter((field) => field.name in change.values && flavour.isSilent(field));
    return [
      ...events,
      ...peers.map((field): VendorEvent => {
        const { object, id, occurredAt_ms, by, own } = change;
        const key = `role-${this.#number}-${field.name}|${id}`;
        const author = flavour.rowAuthor(by);
        const seen = { object, externalId: id, values: {}, occurredAt_ms, author, own };
        return { ...seen, key, change: 'associated', lane: 'event' };
      }),
    ];
  }

  /** Until something is published, or nobody listens any more. */
  #news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      this.#wakes.push(resolve);
    });
  }
}

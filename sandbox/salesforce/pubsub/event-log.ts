import type { Clock } from '../../kit/clock.ts';
import type { Collection, Storage } from '../../kit/storage.ts';
import { positionAt, timeOf, type Position } from './replay-id.ts';

/** 72 h (Pub/Sub API docs: event message durability). */
const retention_ms = 72 * 3_600_000;

export interface LoggedEvent {
  position: Position;
  orgId: string;
  entity: string;
  /** A UUID; the same for a repeated delivery. */
  eventId: string;
  schemaId: string;
  payload: Buffer;
}

type StoredEvent = Omit<LoggedEvent, 'position' | 'payload'> & { payload: string };

/** The events of all orgs in order of commit, durable, forgotten after 72 h of the vendor's clock. */
export class EventLog {
  readonly #stored: Collection<StoredEvent>;
  readonly #clock: Clock;
  readonly #byOrg = new Map<string, LoggedEvent[]>();
  #size = 0;
  #last: Position;

  constructor(storage: Storage, clock: Clock) {
    this.#stored = storage.collection<StoredEvent>('pubsub_event');
    this.#clock = clock;
    // Every place ever handed out lies before now, so that a restart takes none of them for unknown.
    this.#last = positionAt(clock.now_ms());
    this.#load();
  }

  /** A place after all that were handed out. Never the next number: a reader must not compute ids. */
  nextPosition(): Position {
    const now = positionAt(this.#clock.now_ms());
    this.#last = this.#last + 3n > now ? this.#last + 3n : now;
    return this.#last;
  }

  append(event: LoggedEvent): void {
    this.#settle();
    const { position, payload, ...rest } = event;
    this.#stored.set(String(position), { ...rest, payload: payload.toString('base64') });
    this.#hold(event);
  }

  /** The end of the stream as of now: whatever is appended later lies after it. */
  tip(): Position {
    const now = positionAt(this.#clock.now_ms());
    if (now > this.#last) this.#last = now;
    return this.#last;
  }

  /** Whether a reader may start after this place: it was handed out, and lies within the retention. */
  holds(position: Position): boolean {
    return position <= this.tip() && timeOf(position) >= this.#clock.now_ms() - retention_ms;
  }

  /** An org's retained events after a place, oldest first. */
  *after(orgId: string, position: Position): Generator<LoggedEvent> {
    this.#settle();
    const events = this.#byOrg.get(orgId) ?? [];
    let low = 0;
    for (let high = events.length; low < high;) {
      const middle = (low + high) >>> 1;
      if ((events[middle] as LoggedEvent).position > position) high = middle;
      else low = middle + 1;
    }
    for (; low < events.length; low += 1) yield events[low] as LoggedEvent;
  }

  #settle(): void {
    // The storage was emptied behind our back (a reset of the vendor).
    if (this.#stored.size !== this.#size) this.#load();
    const horizon = positionAt(this.#clock.now_ms() - retention_ms);
    for (const events of this.#byOrg.values()) {
      let expired = 0;
      while (expired < events.length && (events[expired] as LoggedEvent).position < horizon) expired += 1;
      for (const { position } of events.splice(0, expired)) this.#stored.delete(String(position));
      this.#size -= expired;
    }
  }

  #load(): void {
    this.#byOrg.clear();
    this.#size = 0;
    for (const [id, event] of this.#stored.entries()) {
      const position = BigInt(id);
      this.#hold({ ...event, position, payload: Buffer.from(event.payload, 'base64') });
      if (position > this.#last) this.#last = position;
    }
  }

  #hold(event: LoggedEvent): void {
    const events = this.#byOrg.get(event.orgId);
    if (events) events.push(event);
    else this.#byOrg.set(event.orgId, [event]);
    this.#size += 1;
  }
}

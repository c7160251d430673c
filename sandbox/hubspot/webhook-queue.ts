import { randomInt, randomUUID } from 'node:crypto';
import type { VendorContext } from '../kit/vendor.ts';
import type { Collection } from '../kit/storage.ts';
import { hubspotApp } from '../seed/credentials.ts';
import type { WebhooksConfig } from './project.ts';
import { signV1, signV3 } from './signature.ts';
import type { WebhookEvent } from './webhook-event.ts';

/** An event on its way. */
interface Queued {
  key: string;
  event: WebhookEvent;
  attempt: number;
  dueAt_ms: number;
}

interface Lane {
  ready: Queued[];
  inFlight: number;
  timer: NodeJS.Timeout | undefined;
}

const batchWindow_ms = 20;
const batchSize = 100;
const answerWithin_ms = 5000;
const lookForDue_ms = 200;

/**
 * Longest wait before each of the ten retries; the wait is random below it. HubSpot says "up to ten times over 24 hours" and
 * no more; the first ones come within seconds, so that a hub that restarts hears soon what it missed.
 */
const retryWithin_ms: readonly number[] = [
  1000, 3000, 8000, 30_000, 120_000, 600_000, 3_600_000, 14_400_000, 28_800_000, 36_000_000,
];

/**
 * Pushes events to the app: batches of one portal, at most 100 in a request, signed, at most `maxConcurrentRequests` at once
 * per portal; any answer but 2xx and 3xx, and any silence over five seconds, is tried again. Order is not promised. What is
 * not delivered is kept in the storage, so that a restart of the sandbox loses none.
 */
export class WebhookQueue {
  readonly #context: VendorContext;
  readonly #config: WebhooksConfig | undefined;
  readonly #stored: Collection<Queued>;
  readonly #lanes = new Map<number, Lane>();
  readonly #stopping = new AbortController();
  readonly #looking: NodeJS.Timeout;
  #waiting: Queued[] = [];

  constructor(context: VendorContext, config: WebhooksConfig | undefined) {
    this.#context = context;
    this.#config = config;
    this.#stored = context.storage.collection('webhook');
    this.#waiting = [...this.#stored.values()];
    this.#looking = setInterval(() => this.#promote(), lookForDue_ms);
    this.#looking.unref();
  }

  /** Events that are not delivered yet. */
  get pending(): number {
    return this.#stored.size;
  }

  /** Queues one event, or what the faults `webhook.drop`, `webhook.duplicate`, `webhook.delay` make of it. */
  push(event: WebhookEvent): void {
    const { faults } = this.#context;
    const facts = Object.fromEntries(
      ['subscriptionType', 'portalId', 'objectTypeId', 'objectId', 'propertyName', 'changeSource']
        .filter((name) => event[name] !== undefined)
        .map((name) => [name, String(event[name])]),
    );
    if (faults.take('webhook.drop', facts)) return;
    const delay_ms = Number(faults.take('webhook.delay', facts)?.params['delay_ms'] ?? 0);
    const copies = faults.take('webhook.duplicate', facts) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.#keep(event, delay_ms);
  }

  /** After a reset of the storage. */
  forget(): void {
    this.#waiting = [];
    for (const lane of this.#lanes.values()) lane.ready = [];
  }

  /** Ends deliveries under way; they are still stored and come again after a start. */
  stop(): void {
    clearInterval(this.#looking);
    this.#stopping.abort();
    for (const lane of this.#lanes.values()) clearTimeout(lane.timer);
  }

  #keep(event: WebhookEvent, delay_ms: number): void {
    const key = randomUUID();
    const queued = { key, event, attempt: 0, dueAt_ms: this.#context.clock.now_ms() + delay_ms };
    this.#stored.set(key, queued);
    if (delay_ms > 0) this.#waiting.push(queued);
    else this.#ready(queued);
  }

  #promote(): void {
    if (this.#waiting.length === 0) return;
    const now_ms = this.#context.clock.now_ms();
    const due = this.#waiting.filter((queued) => queued.dueAt_ms <= now_ms);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((queued) => queued.dueAt_ms > now_ms);
    for (const queued of due) this.#ready(queued);
  }

  #ready(queued: Queued): void {
    const { portalId } = queued.event;
    let lane = this.#lanes.get(portalId);
    if (!lane) {
      lane = { ready: [], inFlight: 0, timer: undefined };
      this.#lanes.set(portalId, lane);
    }
    lane.ready.push(queued);
    lane.timer ??= setTimeout(this.#flush, batchWindow_ms, lane);
  }

  readonly #flush = (lane: Lane): void => {
    lane.timer = undefined;
    if (!this.#config || this.#stopping.signal.aborted) return;
    while (lane.ready.length > 0 && lane.inFlight < this.#config.maxConcurrentRequests) {
      lane.inFlight += 1;
      void this.#deliver(this.#config, lane, lane.ready.splice(0, batchSize));
    }
  };

  /** Sends one batch and settles each of its events; never rejects. */
  async #deliver(config: WebhooksConfig, lane: Lane, batch: Queued[]): Promise<void> {
    const body = JSON.stringify(batch.map(({ event, attempt }) => ({ ...event, attemptNumber: attempt })));
    const delivered = await this.#post(config.targetUrl, body).catch(() => false);
    if (this.#stopping.signal.aborted) return;
    lane.inFlight -= 1;
    for (const queued of batch) {
      // A reset may have emptied the queue while the request was out.
      if (!this.#stored.get(queued.key)) continue;
      if (delivered) this.#stored.delete(queued.key);
      else this.#retry(queued);
    }
    if (lane.ready.length > 0) this.#flush(lane);
  }

  async #post(uri: string, body: string): Promise<boolean> {
    // Real time, not the steered clock: the app judges the signature's age by its own clock.
    const timestamp_ms = Date.now();
    const { clientSecret } = hubspotApp;
    const answer = await fetch(uri, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'HubSpot Connect 2.0 (http://dev.hubspot.com/) - WebHooks',
        'x-hubspot-signature-version': 'v1',
        'x-hubspot-signature': signV1(clientSecret, body),
        'x-hubspot-signature-v3': signV3(clientSecret, { method: 'POST', uri, body }, timestamp_ms),
        'x-hubspot-request-timestamp': String(timestamp_ms),
      },
      body,
      signal: AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(answerWithin_ms)]),
    });
    await answer.arrayBuffer();
    return answer.status < 400;
  }

  #retry(queued: Queued): void {
    const within_ms = retryWithin_ms[queued.attempt];
    if (within_ms === undefined) {
      this.#stored.delete(queued.key);
      return;
    }
    const wait_ms = randomInt(Math.ceil(within_ms / 4), within_ms);
    const again = { ...queued, attempt: queued.attempt + 1, dueAt_ms: this.#context.clock.now_ms() + wait_ms };
    this.#stored.set(queued.key, again);
    this.#waiting.push(again);
  }
}

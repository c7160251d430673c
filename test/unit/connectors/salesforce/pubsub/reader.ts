import assert from 'node:assert/strict';
import type { ChangeEvent } from '../../../../../connectors/salesforce/pubsub/change-event.ts';
import { subscribe, type SubscribeOptions } from '../../../../../connectors/salesforce/pubsub/subscribe.ts';
import { SubscriptionEnded } from '../../../../../connectors/salesforce/pubsub/subscription-ended.ts';
import { orgA, type Rig } from '../../../sandbox/salesforce/pubsub/rig.ts';

/** A subscriber of org A that stores what a caller would: events and the replay id, together. */
export class Reader {
  readonly events: ChangeEvent[] = [];
  replayId: Buffer | undefined;
  calls = 0;
  ended: Promise<unknown>;
  readonly #abort = new AbortController();

  constructor(rig: Rig, change: Partial<SubscribeOptions> = {}) {
    this.ended = subscribe({
      endpoint: rig.endpoint,
      instanceUrl: 'http://127.0.0.1:4020',
      orgId: orgA,
      accessToken: async () => 'token-a',
      topic: '/data/ChangeEvents',
      replayId: undefined,
      onEvents: async (events, latest) => this.store(events, latest),
      signal: this.#abort.signal,
      ...change,
    }).catch((error: unknown) => error);
  }

  store(events: ChangeEvent[], latest: Buffer): void {
    this.calls += 1;
    this.events.push(...events);
    this.replayId = latest;
  }

  get steps(): unknown[] {
    return this.events.map(({ fields }) => fields['NextStep']);
  }

  async stop(): Promise<unknown> {
    this.#abort.abort();
    return this.ended;
  }

  async kind(): Promise<string> {
    const error = await this.ended;
    assert.ok(error instanceof SubscriptionEnded, String(error));
    return error.kind;
  }
}

import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { decodeChangeEvent, type ChangeEvent } from './change-event.ts';
import { readEventSchema, type EventSchema } from './event-schema.ts';
import { openClient, type FetchRequest, type FetchResponse, type PubsubClient } from './service.ts';
import { endedBy, SubscriptionEnded } from './subscription-ended.ts';

export interface SubscribeOptions {
  /** `https://api.pubsub.salesforce.com:7443`; `http://host:port` is plaintext. */
  endpoint: string;
  /** The org's My Domain URL. */
  instanceUrl: string;
  /** 18 characters. */
  orgId: string;
  /** Asked once, at the start. */
  accessToken(): Promise<string>;
  /** `/data/ChangeEvents`, `/data/AccountChangeEvent`, ... */
  topic: string;
  /** Start after this id; `earliest`: with the oldest retained event; undefined: with what comes from now on. */
  replayId: Buffer | 'earliest' | undefined;
  /**
   * Awaited before more is asked for; store the events and the id in one transaction. Without events it only says how
   * far the stream has come: store that id too, a quiet topic's last event would expire.
   */
  onEvents(events: ChangeEvent[], latestReplayId: Buffer): Promise<void>;
  /** Ends the subscription after the batch in hand. */
  signal: AbortSignal;
  /** Without any answer for this long the stream counts as dead; the vendor promises one within 270 s. */
  silence_ms?: number;
}

/** The vendor's cap over all requests of a stream (Pub/Sub API docs: pull subscription and flow control). */
const maxOutstanding = 100;
const schemaTimeout_ms = 30_000;

/**
 * Receives an org's change events in order of commit, at least once. Resolves when aborted; rejects with
 * SubscriptionEnded when the vendor or the network ends it, with Invalid for a bad endpoint, and with whatever
 * `onEvents` or `accessToken` threw. Never reconnects: the caller decides by the kind.
 */
export async function subscribe(options: SubscribeOptions): Promise<void> {
  const client = openClient(options.endpoint);
  try {
    const metadata = new Metadata();
    metadata.set('accesstoken', await options.accessToken());
    metadata.set('instanceurl', options.instanceUrl);
    metadata.set('tenantid', options.orgId);
    if (!options.signal.aborted) await receive(client, metadata, options);
  } catch (error) {
    // Our own cancelling ends the calls as well.
    if (!(options.signal.aborted && error instanceof SubscriptionEnded)) throw error;
  } finally {
    client.close();
  }
}

async function receive(client: PubsubClient, metadata: Metadata, options: SubscribeOptions): Promise<void> {
  const { signal, silence_ms = 300_000 } = options;
  const schemas = new Map<string, EventSchema>();
  const waiting: FetchResponse[] = [];
  let ended: SubscriptionEnded | undefined;
  let wake = (): void => {};
  const wakeUp = (): void => wake();

  const call = client.Subscribe(metadata);
  call.on('data', (response: FetchResponse) => {
    waiting.push(response);
    wake();
  });
  call.on('error', (error: ServiceError) => {
    ended ??= endedBy(error);
    wake();
  });
  call.on('end', () => {
    // An error, if there is one, is emitted in the same turn and says more.
    setImmediate(() => {
      ended ??= new SubscriptionEnded('unavailable', 'Salesforce ended the event stream.');
      wake();
    });
  });
  signal.addEventListener('abort', wakeUp);

  let outstanding = maxOutstanding;
  call.write({ ...startOf(options), num_requested: outstanding });
  try {
    while (!signal.aborted) {
      if (waiting.length === 0) {
        if (ended) throw ended;
        const answered = await answerWithin(silence_ms, (resolve) => (wake = resolve));
        if (!answered) {
          throw new SubscriptionEnded('unavailable', `Salesforce was silent on the event stream for ${silence_ms} ms.`);
        }
        continue;
      }
      const responses = waiting.splice(0);
      const events: ChangeEvent[] = [];
      let latest: Buffer | undefined;
      for (const response of responses) {
        for (const { event, replay_id } of response.events) {
          if (event) events.push(decodeChangeEvent(await schemaOf(event.schema_id), event, replay_id));
          outstanding -= 1;
        }
        latest = response.events.at(-1)?.replay_id ?? response.latest_replay_id;
      }
      if (latest && latest.length > 0) await options.onEvents(events, latest);
      // Half is asked for ahead, so that a stream in full flow never waits for us.
      if (outstanding > maxOutstanding / 2 || ended) continue;
      call.write({ topic_name: options.topic, num_requested: maxOutstanding - outstanding });
      outstanding = maxOutstanding;
    }
  } finally {
    signal.removeEventListener('abort', wakeUp);
    call.cancel();
  }

  async function schemaOf(id: string): Promise<EventSchema> {
    let schema = schemas.get(id);
    if (!schema) {
      const text = await fetchSchema(client, metadata, id, signal);
      try {
        schema = readEventSchema(text);
      } catch (cause) {
        throw new SubscriptionEnded('refused', `The event schema ${id} cannot be read.`, { cause });
      }
      schemas.set(id, schema);
    }
    return schema;
  }
}

function startOf({ topic, replayId }: SubscribeOptions): Omit<FetchRequest, 'num_requested'> {
  if (replayId === undefined) return { topic_name: topic, replay_preset: 'LATEST' };
  if (replayId === 'earliest') return { topic_name: topic, replay_preset: 'EARLIEST' };
  return { topic_name: topic, replay_preset: 'CUSTOM', replay_id: replayId };
}

/** Whether `listen` was called back in time. */
async function answerWithin(timeout_ms: number, listen: (resolve: () => void) => void): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve) => {
      timer = setTimeout(() => resolve(false), timeout_ms);
      listen(() => resolve(true));
    });
  } finally {
    clearTimeout(timer);
  }
}

function fetchSchema(client: PubsubClient, metadata: Metadata, id: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + schemaTimeout_ms;
    const call = client.GetSchema({ schema_id: id }, metadata, { deadline }, (error, schema) => {
      signal.removeEventListener('abort', cancel);
      if (error) reject(endedBy(error));
      else resolve(schema?.schema_json ?? '');
    });
    const cancel = (): void => call.cancel();
    signal.addEventListener('abort', cancel);
  });
}

import { randomUUID } from 'node:crypto';
import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import type { Faults } from '../../kit/faults.ts';
import { authenticate, type Session } from './authenticate.ts';
import type { EventLog, LoggedEvent } from './event-log.ts';
import { decodeReplayId, encodeReplayId, type Position } from './replay-id.ts';
import type { SchemaRegistry } from './schema-registry.ts';
import type { FetchRequest, FetchResponse } from './service-definition.ts';
import { statusError } from './status-error.ts';
import { findTopic, type Topic } from './topics.ts';

export interface SubscriptionPorts {
  log: EventLog;
  schemas: SchemaRegistry;
  faults: Faults;
  session: (accessToken: string) => Session | undefined;
  keepalive_ms: number;
  idle_ms: number;
}

/** Across all requests of a stream; more is taken as this (Pub/Sub API docs: pull subscription and flow control). */
const maxOutstanding = 100;
/** A response stays under gRPC's 4 MB. */
const maxResponse_bytes = 3_000_000;

/**
 * One Subscribe stream: topic and starting place come from the first request, every request adds credit, events are
 * delivered while there is credit. Ends when a token stops being valid, as it is checked with each request.
 */
export class Subscription {
  readonly #call: ServerDuplexStream<FetchRequest, FetchResponse>;
  readonly #ports: SubscriptionPorts;
  readonly #session: Session;
  #topic: Topic | undefined;
  #cursor: Position = 0n;
  #credit = 0;
  #state: 'open' | 'silent' | 'closed' = 'open';
  #keepalive: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** Throws the vendor's error when the caller is not known. */
  constructor(call: ServerDuplexStream<FetchRequest, FetchResponse>, ports: SubscriptionPorts) {
    this.#call = call;
    this.#ports = ports;
    this.#session = authenticate(call.metadata, ports.session);
    call.on('data', (request: FetchRequest) => this.#fetch(request));
    call.on('end', () => {
      if (this.close()) call.end();
    });
    for (const gone of ['cancelled', 'error', 'close']) call.on(gone, () => this.close());
  }

  get orgId(): string {
    return this.#session.orgId;
  }

  /** Stops the timers; whether it was still open. */
  close(): boolean {
    const wasOpen = this.#state !== 'closed';
    this.#state = 'closed';
    clearTimeout(this.#keepalive);
    clearTimeout(this.#idle);
    return wasOpen;
  }

  /** Delivers what the credit allows. */
  deliver(): void {
    if (this.#state !== 'open' || !this.#topic) return;
    if (this.#interrupted(this.#topic)) return;
    while (this.#credit > 0) {
      const batch = this.#nextBatch(this.#topic);
      if (batch.length === 0) break;
      this.#credit -= batch.length;
      this.#send(batch, this.#cursor);
    }
    this.#watch();
  }

  #fetch(request: FetchRequest): void {
    if (this.#state === 'closed') return;
    try {
      authenticate(this.#call.metadata, this.#ports.session);
      if (!this.#topic) this.#start(request);
      else if (request.topic_name && request.topic_name !== this.#topic.name) {
        throw statusError('subscription.fetch.topic.mismatch');
      }
      if (request.num_requested <= 0) throw statusError('subscription.fetch.requested.events.invalid');
    } catch (error) {
      this.close();
      this.#call.emit('error', error);
      return;
    }
    this.#credit = Math.min(maxOutstanding, this.#credit + request.num_requested);
    clearTimeout(this.#idle);
    this.#idle = undefined;
    this.deliver();
  }

  #start(request: FetchRequest): void {
    if (!request.topic_name) throw statusError('topic.validation.empty');
    this.#topic = findTopic(this.#ports.schemas, this.orgId, request.topic_name);
    if (!this.#topic) throw statusError('topic.not.found');
    if (request.replay_preset === 'LATEST') this.#cursor = this.#ports.log.tip();
    if (request.replay_preset !== 'CUSTOM') return;
    if (request.replay_id.length === 0) throw statusError('subscription.fetch.replayid.validation.failed');
    const position = decodeReplayId(this.orgId, request.replay_id);
    if (position === undefined || !this.#ports.log.holds(position)) {
      throw statusError('subscription.fetch.replayid.corrupted');
    }
    this.#cursor = position;
  }

  #nextBatch(topic: Topic): LoggedEvent[] {
    const batch: LoggedEvent[] = [];
    let size_bytes = 0;
    for (const event of this.#ports.log.after(this.orgId, this.#cursor)) {
      if (topic.entity === undefined || topic.entity === event.entity) {
        size_bytes += event.payload.length;
        if (batch.length > 0 && size_bytes > maxResponse_bytes) break;
        batch.push(event);
        const room = batch.length < this.#credit;
        const facts = { orgId: this.orgId, entity: event.entity };
        if (room && this.#ports.faults.take('event.duplicate', facts)) batch.push(event);
      }
      this.#cursor = event.position;
      if (batch.length >= this.#credit) break;
    }
    return batch;
  }

  #send(batch: readonly LoggedEvent[], latest: Position): void {
    this.#call.write({
      events: batch.map((event) => ({
        event: { id: event.eventId, schema_id: event.schemaId, payload: event.payload },
        replay_id: encodeReplayId(this.orgId, event.position),
      })),
      latest_replay_id: encodeReplayId(this.orgId, latest),
      rpc_id: randomUUID(),
      pending_num_requested: this.#credit,
    });
  }

  /** An empty response in quiet times, and the end of a stream whose reader asks for nothing more. */
  #watch(): void {
    clearTimeout(this.#keepalive);
    this.#keepalive = setTimeout(() => {
      // With credit left, all up to the tip was delivered; without, the reader stands where its last event did.
      this.#send([], this.#credit > 0 ? this.#ports.log.tip() : this.#cursor);
      this.deliver();
    }, this.#ports.keepalive_ms);
    if (this.#credit > 0) return;
    this.#idle ??= setTimeout(() => {
      if (this.close()) this.#call.end();
    }, this.#ports.idle_ms);
  }

  #interrupted(topic: Topic): boolean {
    const facts = { orgId: this.orgId, topic: topic.name };
    if (this.#ports.faults.take('stream.silent', facts)) {
      this.close();
      this.#state = 'silent';
      return true;
    }
    const end = this.#ports.faults.take('stream.end', facts);
    if (!end) return false;
    this.close();
    const code = status[String(end.params['code']) as keyof typeof status];
    if (code === undefined) this.#call.end();
    else this.#call.emit('error', { code, details: 'The stream was closed by the server.' });
    return true;
  }
}

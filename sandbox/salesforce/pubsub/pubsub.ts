import { randomUUID } from 'node:crypto';
import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import type { VendorContext } from '../../kit/vendor.ts';
import type { ChangeFeed, RowChange } from '../row-change.ts';
import { authenticate, type Session } from './authenticate.ts';
import { EventLog } from './event-log.ts';
import type { EntityField } from './event-schema.ts';
import { Publisher } from './publisher.ts';
import { SchemaRegistry } from './schema-registry.ts';
import { pubsubService, type FetchRequest, type FetchResponse } from './service-definition.ts';
import { statusError } from './status-error.ts';
import { Subscription } from './subscription.ts';
import { findTopic } from './topics.ts';

export interface PubsubOptions {
  session(accessToken: string): Session | undefined;
  /** The fields of an org's entity in the order of its describe; undefined when the org has no such entity. */
  fields(orgId: string, entity: string): readonly EntityField[] | undefined;
  /** Entities selected for Change Data Capture; an org may select five (Change Data Capture docs: allocations). */
  selectedEntities?: readonly string[];
  /** A quiet stream gets an empty response this often; the vendor promises one within 270 s. */
  keepalive_ms?: number;
  /** A stream without outstanding requests is ended after this time. */
  idle_ms?: number;
}

export interface Pubsub extends ChangeFeed {
  port: number;
  stop(): Promise<void>;
}

const defaultEntities = ['Account', 'Contact', 'Opportunity', 'OpportunityContactRole', 'Lead'];

/**
 * The Pub/Sub API of all orgs over plaintext gRPC: `publish` takes committed transactions in order, subscribers get
 * their own org's change events. Faults: `event.drop`, `event.gap`, `event.overflow`, `event.diff` (facts orgId, entity,
 * changeType, recordId), `event.duplicate` (orgId, entity), `stream.end` (params.code, a gRPC status name) and
 * `stream.silent` (orgId, topic), both at the next request, event or keepalive of a stream.
 */
export async function startPubsub(
  context: Pick<VendorContext, 'port' | 'host' | 'storage' | 'clock' | 'faults'>,
  options: PubsubOptions,
): Promise<Pubsub> {
  const log = new EventLog(context.storage, context.clock);
  const schemas = new SchemaRegistry(context.storage, (orgId, entity) => options.fields(orgId, entity));
  const selected = new Set(options.selectedEntities ?? defaultEntities);
  const publisher = new Publisher({ log, schemas, faults: context.faults, selected });
  const subscriptions = new Set<Subscription>();
  const ports = {
    log,
    schemas,
    faults: context.faults,
    session: (accessToken: string) => options.session(accessToken),
    keepalive_ms: options.keepalive_ms ?? 270_000,
    idle_ms: options.idle_ms ?? 60_000,
  };

  const server = new Server();
  server.addService(pubsubService(), {
    GetTopic: unary<{ topic_name: string }>((request, { orgId }) => {
      if (!request.topic_name) throw statusError('topic.validation.empty');
      const topic = findTopic(schemas, orgId, request.topic_name);
      if (!topic) throw statusError('topic.not.found');
      return {
        topic_name: topic.name,
        tenant_guid: orgId,
        can_publish: false,
        can_subscribe: true,
        // A channel of several entities has no schema of its own: each event names its schema.
        schema_id: topic.entity ? schemas.of(orgId, topic.entity)?.id : '',
      };
    }),
    GetSchema: unary<{ schema_id: string }>((request, { orgId }) => {
      if (!request.schema_id) throw statusError('schema.validation.failed');
      const text = schemas.text(orgId, request.schema_id);
      if (text === undefined) throw statusError('schema.meta.permission');
      return { schema_json: text, schema_id: request.schema_id };
    }),
    Subscribe: (call: ServerDuplexStream<FetchRequest, FetchResponse>) => {
      try {
        const subscription = new Subscription(call, ports);
        subscriptions.add(subscription);
        call.on('close', () => subscriptions.delete(subscription));
      } catch (error) {
        call.emit('error', error);
      }
    },
  });
  const port = await bind(server, context.host, context.port);

  function unary<Q>(answer: (request: Q, session: Session) => object) {
    return (call: ServerUnaryCall<Q, object>, callback: sendUnaryData<object>): void => {
      try {
        const session = authenticate(call.metadata, ports.session);
        callback(null, { ...answer(call.request, session), rpc_id: randomUUID() });
      } catch (error) {
        callback(error as Error);
      }
    };
  }

  return {
    port,
    publish(transaction: readonly RowChange[]) {
      const orgs = publisher.publish(transaction);
      for (const subscription of subscriptions) if (orgs.has(subscription.orgId)) subscription.deliver();
    },
    async stop() {
      for (const subscription of subscriptions) subscription.close();
      server.forceShutdown();
    },
  };
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) {
        reject(
          new Error(`The sandbox's Pub/Sub API cannot listen on ${host}:${port}: free the port or choose another.`, {
            cause: error,
          }),
        );
      } else resolve(bound);
    });
  });
}

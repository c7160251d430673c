import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

type FieldRule = [number: number, type: string, rule?: 'repeated'];

function message(fields: Record<string, FieldRule>) {
  return {
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, [id, type, rule]]) => [name, { id, type, ...(rule ? { rule } : {}) }]),
    ),
  };
}

/** The part of `eventbus.v1` that a reader of change events meets, as a protobuf.js namespace; numbers are the vendor's. */
export const eventbusMessages = {
  TopicRequest: message({ topic_name: [1, 'string'] }),
  TopicInfo: message({
    topic_name: [1, 'string'],
    tenant_guid: [2, 'string'],
    can_publish: [3, 'bool'],
    can_subscribe: [4, 'bool'],
    schema_id: [5, 'string'],
    rpc_id: [6, 'string'],
  }),
  SchemaRequest: message({ schema_id: [1, 'string'] }),
  SchemaInfo: message({ schema_json: [1, 'string'], schema_id: [2, 'string'], rpc_id: [3, 'string'] }),
  EventHeader: message({ key: [1, 'string'], value: [2, 'bytes'] }),
  ProducerEvent: message({
    id: [1, 'string'],
    schema_id: [2, 'string'],
    payload: [3, 'bytes'],
    headers: [4, 'EventHeader', 'repeated'],
  }),
  ConsumerEvent: message({ event: [1, 'ProducerEvent'], replay_id: [2, 'bytes'] }),
  ReplayPreset: { values: { LATEST: 0, EARLIEST: 1, CUSTOM: 2 } },
  FetchRequest: message({
    topic_name: [1, 'string'],
    replay_preset: [2, 'ReplayPreset'],
    replay_id: [3, 'bytes'],
    num_requested: [4, 'int32'],
    auth_refresh: [5, 'string'],
  }),
  FetchResponse: message({
    events: [1, 'ConsumerEvent', 'repeated'],
    latest_replay_id: [2, 'bytes'],
    rpc_id: [3, 'string'],
    pending_num_requested: [4, 'int32'],
  }),
};

export const eventbusMethods = {
  GetTopic: { requestType: 'TopicRequest', responseType: 'TopicInfo', comment: '' },
  GetSchema: { requestType: 'SchemaRequest', responseType: 'SchemaInfo', comment: '' },
  Subscribe: {
    requestType: 'FetchRequest',
    requestStream: true,
    responseType: 'FetchResponse',
    responseStream: true,
    comment: '',
  },
};

export interface FetchRequest {
  topic_name: string;
  replay_preset: 'LATEST' | 'EARLIEST' | 'CUSTOM';
  replay_id: Buffer;
  num_requested: number;
}

export interface FetchResponse {
  events: { event: { id: string; schema_id: string; payload: Buffer }; replay_id: Buffer }[];
  latest_replay_id: Buffer;
  rpc_id: string;
  pending_num_requested: number;
}

/** `eventbus.v1.PubSub` for grpc-js. Methods we leave out (publishing, managed subscriptions) answer UNIMPLEMENTED. */
export function pubsubService(): ServiceDefinition {
  const definition = fromJSON(
    {
      nested: {
        eventbus: { nested: { v1: { nested: { ...eventbusMessages, PubSub: { methods: eventbusMethods } } } } },
      },
    },
    { keepCase: true, defaults: true, enums: String },
  );
  return definition['eventbus.v1.PubSub'] as ServiceDefinition;
}

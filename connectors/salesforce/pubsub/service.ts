import {
  credentials,
  makeClientConstructor,
  type Client,
  type ClientDuplexStream,
  type ClientUnaryCall,
  type Metadata,
  type ServiceDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { Invalid } from '../../../protocol/errors.ts';

export interface FetchRequest {
  topic_name: string;
  replay_preset?: 'LATEST' | 'EARLIEST' | 'CUSTOM';
  replay_id?: Buffer;
  num_requested: number;
}

export interface FetchResponse {
  events: { event: { id: string; schema_id: string; payload: Buffer } | null; replay_id: Buffer }[];
  latest_replay_id: Buffer;
}

export interface PubsubClient extends Client {
  Subscribe(metadata: Metadata): ClientDuplexStream<FetchRequest, FetchResponse>;
  GetSchema(
    request: { schema_id: string },
    metadata: Metadata,
    options: { deadline: number },
    answer: (error: ServiceError | null, schema?: { schema_json: string }) => void,
  ): ClientUnaryCall;
}

/** What we read of the vendor's `eventbus.v1` (Pub/Sub API proto): unknown fields are skipped by protobuf itself. */
const messages = {
  SchemaRequest: { fields: { schema_id: { type: 'string', id: 1 } } },
  SchemaInfo: { fields: { schema_json: { type: 'string', id: 1 } } },
  ProducerEvent: {
    fields: {
      id: { type: 'string', id: 1 },
      schema_id: { type: 'string', id: 2 },
      payload: { type: 'bytes', id: 3 },
    },
  },
  ConsumerEvent: { fields: { event: { type: 'ProducerEvent', id: 1 }, replay_id: { type: 'bytes', id: 2 } } },
  ReplayPreset: { values: { LATEST: 0, EARLIEST: 1, CUSTOM: 2 } },
  FetchRequest: {
    fields: {
      topic_name: { type: 'string', id: 1 },
      replay_preset: { type: 'ReplayPreset', id: 2 },
      replay_id: { type: 'bytes', id: 3 },
      num_requested: { type: 'int32', id: 4 },
    },
  },
  FetchResponse: {
    fields: {
      events: { rule: 'repeated', type: 'ConsumerEvent', id: 1 },
      latest_replay_id: { type: 'bytes', id: 2 },
    },
  },
  PubSub: {
    methods: {
      GetSchema: { requestType: 'SchemaRequest', responseType: 'SchemaInfo', comment: '' },
      Subscribe: {
        requestType: 'FetchRequest',
        requestStream: true,
        responseType: 'FetchResponse',
        responseStream: true,
        comment: '',
      },
    },
  },
};

const definition = fromJSON(
  { nested: { eventbus: { nested: { v1: { nested: messages } } } } },
  { keepCase: true, defaults: true, enums: String },
);
const Constructor = makeClientConstructor(definition['eventbus.v1.PubSub'] as ServiceDefinition, 'PubSub');

/** A client of `http://host:port` (plaintext) or `https://host:port` (TLS). Throws Invalid for anything else. */
export function openClient(endpoint: string): PubsubClient {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Invalid(
      `The Pub/Sub endpoint "${endpoint}" is not a URL.`,
      'Set it to https://api.pubsub.salesforce.com:7443, or to http://host:port for a local one.',
    );
  }
  const secure = url.protocol === 'https:';
  const client = new Constructor(
    `${url.hostname}:${url.port || (secure ? 443 : 80)}`,
    secure ? credentials.createSsl() : credentials.createInsecure(),
    {
      // A batch that the default of 4 MB refuses would be refused again after every reconnect.
      'grpc.max_receive_message_length': 64 * 1024 * 1024,
      // Plaintext is for this machine: an outbound proxy cannot reach it.
      'grpc.enable_http_proxy': secure ? 1 : 0,
    },
  );
  return client as unknown as PubsubClient;
}

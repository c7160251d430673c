import {
  credentials,
  makeClientConstructor,
  Metadata,
  status,
  type Client,
  type ClientDuplexStream,
  type ServiceError,
} from '@grpc/grpc-js';
import {
  pubsubService,
  type FetchRequest,
  type FetchResponse,
} from '../../../../../sandbox/salesforce/pubsub/service-definition.ts';
import { orgA } from './rig.ts';

type Unary = (
  request: object,
  metadata: Metadata,
  answer: (error: ServiceError | null, value: Record<string, unknown>) => void,
) => void;

interface Stub extends Client {
  GetTopic: Unary;
  GetSchema: Unary;
  Subscribe(metadata: Metadata): ClientDuplexStream<Partial<FetchRequest>, FetchResponse>;
}

export interface RawStream {
  responses: FetchResponse[];
  /** Set when the stream is over: `ok`, or the vendor's code in the trailer. */
  end: string | undefined;
  send(request: Partial<FetchRequest>): void;
}

/** A subscriber without any manners, to see what the wire says. */
export class RawClient {
  readonly #stub: Stub;

  constructor(endpoint: string) {
    const Constructor = makeClientConstructor(pubsubService(), 'PubSub');
    this.#stub = new Constructor(endpoint.replace('http://', ''), credentials.createInsecure()) as unknown as Stub;
  }

  /** Rejects with the gRPC error. */
  call(method: 'GetTopic' | 'GetSchema', request: object, headers = headersOf()): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      this.#stub[method](request, headers, (error, value) => (error ? reject(error) : resolve(value)));
    });
  }

  subscribe(headers = headersOf()): RawStream {
    const call = this.#stub.Subscribe(headers);
    const stream: RawStream = { responses: [], end: undefined, send: (request) => void call.write(request) };
    call.on('data', (response: FetchResponse) => stream.responses.push(response));
    call.on('error', (error: ServiceError) => (stream.end = vendorCode(error)));
    call.on('status', ({ code }) => {
      if (code === status.OK) stream.end = 'ok';
    });
    return stream;
  }

  close(): void {
    this.#stub.close();
  }
}

export function headersOf(change: Record<string, string> = {}): Metadata {
  const metadata = new Metadata();
  const all = { accesstoken: 'token-a', instanceurl: 'http://127.0.0.1:4020', tenantid: orgA, ...change };
  for (const [name, value] of Object.entries(all)) metadata.set(name, value);
  return metadata;
}

export function vendorCode(error: ServiceError): string {
  return String(error.metadata?.get('error-code')[0] ?? error.code).replace('sfdc.platform.eventbus.grpc.', '');
}

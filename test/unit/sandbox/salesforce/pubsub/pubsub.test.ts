import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceError } from '@grpc/grpc-js';
import { Storage } from '../../../../../sandbox/kit/storage.ts';
import type { FetchResponse } from '../../../../../sandbox/salesforce/pubsub/service-definition.ts';
import { headersOf, RawClient, vendorCode, type RawStream } from './raw-client.ts';
import { orgA, orgB, rowChange, startRig, until, type Rig } from './rig.ts';

const topic_name = '/data/ChangeEvents';
const hour_ms = 3_600_000;

describe('sandbox/salesforce Pub/Sub API', () => {
  let rig: Rig;
  let client: RawClient;

  beforeEach(async () => {
    rig = await startRig({ keepalive_ms: 40, idle_ms: 150 });
    client = new RawClient(rig.endpoint);
  });
  afterEach(async () => {
    client.close();
    await rig.stop();
  });

  const eventsOf = (stream: RawStream): FetchResponse['events'] => stream.responses.flatMap(({ events }) => events);
  const opened = async (request: Parameters<RawStream['send']>[0] = {}, headers = headersOf()): Promise<RawStream> => {
    const stream = client.subscribe(headers);
    stream.send({ topic_name, num_requested: 100, replay_preset: 'LATEST', ...request });
    await until('a first answer', () => stream.responses.length > 0 || stream.end !== undefined);
    return stream;
  };
  const endOf = async (stream: RawStream): Promise<string | undefined> => {
    await until('the end of the stream', () => stream.end !== undefined);
    return stream.end;
  };
  const failure = async (call: Promise<unknown>): Promise<string> => {
    const error = await call.then(
      () => assert.fail('the call succeeded'),
      (reason: ServiceError) => reason,
    );
    assert.match(error.details, /rpcId: /);
    return vendorCode(error);
  };

  it('refuses blank and wrong metadata as the vendor does (handling errors)', async () => {
    const topic = (change: Record<string, string>) =>
      failure(client.call('GetTopic', { topic_name }, headersOf(change)));
    assert.equal(await topic({ accesstoken: '' }), 'service.auth.headers.invalid');
    assert.equal(await topic({ instanceurl: 'example' }), 'service.auth.headers.invalid');
    assert.equal(await topic({ accesstoken: 'other' }), 'service.auth.error');
    assert.equal(await topic({ tenantid: orgB }), 'service.auth.error');
    assert.equal(await endOf(client.subscribe(headersOf({ accesstoken: 'other' }))), 'service.auth.error');
  });

  it('knows topics and schemas', async () => {
    const topic = await client.call('GetTopic', { topic_name: '/data/AccountChangeEvent' });
    assert.equal(topic['tenant_guid'], orgA);
    const schema = await client.call('GetSchema', { schema_id: topic['schema_id'] });
    assert.match(String(schema['schema_json']), /"name":"AccountChangeEvent"/);
    assert.equal(await failure(client.call('GetTopic', { topic_name: '' })), 'topic.validation.empty');
    for (const name of ['/data/NopeChangeEvent', '/data/Account', '/event/Account__e', '/data/Account__ChangeEvent']) {
      assert.equal(await failure(client.call('GetTopic', { topic_name: name })), 'topic.not.found', name);
    }
    assert.equal(await failure(client.call('GetSchema', { schema_id: '' })), 'schema.validation.failed');
    const foreign = headersOf({ accesstoken: 'token-b', tenantid: orgB });
    const bySchema = { schema_id: topic['schema_id'] };
    assert.equal(await failure(client.call('GetSchema', bySchema, foreign)), 'schema.meta.permission');
  });

  it('pushes by itself, in order of commit, only selected entities, only the own org’s', async () => {
    const all = await opened();
    const accounts = await opened({ topic_name: '/data/AccountChangeEvent' });
    rig.update({ StageName: 'Prospecting' });
    // Nothing more is asked for: no poll brings it.
    await until('the push', () => eventsOf(all).length === 1);
    rig.update({ Subject: 'not selected' }, { entity: 'Case' });
    rig.update({ StageName: 'foreign' }, { orgId: orgB });
    rig.update({ Name: 'Acme' }, { entity: 'Account' });
    await until('the account', () => eventsOf(all).length === 2 && eventsOf(accounts).length === 1);
    const ids = eventsOf(all).map(({ replay_id }) => replay_id.readBigInt64BE());
    assert.ok((ids[1] as bigint) > (ids[0] as bigint) + 1n, 'replay ids are not contiguous');
    assert.ok((ids[0] as bigint) > BigInt(Number.MAX_SAFE_INTEGER), 'replay ids do not fit a number');
    assert.deepEqual(eventsOf(accounts)[0], eventsOf(all)[1]);
  });

  it('delivers no more than was asked for, and takes more than 100 as 100 (flow control)', async () => {
    for (let step = 0; step < 130; step += 1) rig.update({ NextStep: `step ${step}` });
    const stream = await opened({ replay_preset: 'EARLIEST', num_requested: 3 });
    assert.equal(eventsOf(stream).length, 3);
    assert.equal(stream.responses[0]?.pending_num_requested, 0);
    stream.send({ num_requested: 5000 });
    await until('100 more', () => eventsOf(stream).length >= 103);
    await until('a keepalive', () => stream.responses.at(-1)?.events.length === 0);
    assert.equal(eventsOf(stream).length, 103);
    assert.deepEqual(stream.responses.at(-1)?.latest_replay_id, eventsOf(stream)[102]?.replay_id);
  });

  it('ends a stream that asks for nothing more, for nothing, or for another topic', async () => {
    rig.update({ NextStep: 'x' });
    assert.equal(await endOf(await opened({ replay_preset: 'EARLIEST', num_requested: 1 })), 'ok');
    assert.equal(await endOf(await opened({ num_requested: 0 })), 'subscription.fetch.requested.events.invalid');
    const stream = await opened();
    stream.send({ topic_name: '/data/LeadChangeEvent', num_requested: 1 });
    assert.equal(await endOf(stream), 'subscription.fetch.topic.mismatch');
    assert.equal(await endOf(await opened({ topic_name: '' })), 'topic.validation.empty');
    assert.equal(await endOf(await opened({ topic_name: '/data/NopeChangeEvent' })), 'topic.not.found');
  });

  it('ends a stream at the next request once its token is revoked', async () => {
    const stream = await opened();
    rig.sessions.delete('token-a');
    stream.send({ num_requested: 1 });
    assert.equal(await endOf(stream), 'service.auth.error');
  });

  it('resumes after a replay id, also after that of a keepalive', async () => {
    rig.update({ NextStep: 'one' });
    const first = await opened({ replay_preset: 'EARLIEST' });
    const stored = eventsOf(first)[0]?.replay_id as Buffer;
    await until('a keepalive', () => first.responses.at(-1)?.events.length === 0);
    const quiet = first.responses.at(-1)?.latest_replay_id as Buffer;
    rig.update({ NextStep: 'two' });
    const after = async (replay_id: Buffer) => eventsOf(await opened({ replay_preset: 'CUSTOM', replay_id }));
    await until('the second', () => eventsOf(first).length === 2);
    assert.deepEqual(await after(stored), [eventsOf(first)[1]]);
    assert.deepEqual(await after(quiet), [eventsOf(first)[1]]);
  });

  it('refuses unknown, foreign, missing and expired replay ids (event message durability: 72 h)', async () => {
    rig.update({ NextStep: 'one' });
    const kept = eventsOf(await opened({ replay_preset: 'EARLIEST' }))[0]?.replay_id as Buffer;
    const attempt = async (replay_id: Buffer, headers = headersOf()) =>
      endOf(await opened({ replay_preset: 'CUSTOM', replay_id }, headers));
    const computed = Buffer.from(kept);
    computed.writeBigInt64BE(kept.readBigInt64BE() + 1n);
    const corrupted = 'subscription.fetch.replayid.corrupted';
    assert.equal(await attempt(Buffer.alloc(0)), 'subscription.fetch.replayid.validation.failed');
    assert.equal(await attempt(randomBytes(10)), corrupted);
    assert.equal(await attempt(computed), corrupted);
    assert.equal(await attempt(kept, headersOf({ accesstoken: 'token-b', tenantid: orgB })), corrupted);
    rig.clock.advance(73 * hour_ms);
    assert.equal(await attempt(kept), corrupted);
    rig.update({ NextStep: 'two' });
    assert.equal(eventsOf(await opened({ replay_preset: 'EARLIEST' })).length, 1);
  });

  it('keeps its events over a restart and forgets them on a reset', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pubsub-'));
    const path = join(folder, 'salesforce.sqlite');
    const before = new Storage(path);
    const writer = await startRig({ storage: before });
    writer.update({ NextStep: 'one' });
    await writer.stop();
    before.close();

    const again = await startRig({ storage: new Storage(path), keepalive_ms: 40 });
    const reader = new RawClient(again.endpoint);
    const read = async () => {
      const stream = reader.subscribe();
      stream.send({ topic_name, num_requested: 10, replay_preset: 'EARLIEST' });
      await until('an answer', () => stream.responses.length > 0);
      return eventsOf(stream);
    };
    const [kept] = await read();
    const schema = await reader.call('GetSchema', { schema_id: kept?.event.schema_id });
    assert.match(String(schema['schema_json']), /OpportunityChangeEvent/);
    again.storage.clear();
    assert.deepEqual(await read(), []);
    again.update({ NextStep: 'two' });
    assert.equal((await read()).length, 1);
    reader.close();
    await again.stop();
    again.storage.close();
    rmSync(folder, { recursive: true });
  });

  it('shows planted faults: drop, duplicate, end, silence', async () => {
    const stream = await opened();
    rig.faults.arm({ name: 'event.drop', match: { entity: 'Opportunity' } });
    rig.update({ NextStep: 'dropped' });
    rig.faults.arm({ name: 'event.duplicate' });
    rig.update({ NextStep: 'twice' });
    await until('both copies', () => eventsOf(stream).length === 2);
    assert.deepEqual(eventsOf(stream)[0], eventsOf(stream)[1]);
    rig.faults.arm({ name: 'stream.end', params: { code: 'UNAVAILABLE' } });
    rig.update({ NextStep: 'cut' });
    assert.equal(await endOf(stream), '14');
    const next = await opened();
    rig.faults.arm({ name: 'stream.silent' });
    rig.update({ NextStep: 'unheard' });
    const heard = next.responses.length;
    await new Promise((resolve) => setTimeout(resolve, 120));
    assert.equal(next.responses.length, heard);
    assert.equal(next.end, undefined);
  });

  it('says what to do when its port is taken', async () => {
    await assert.rejects(startRig({ port: rig.pubsub.port }), /cannot listen on 127\.0\.0\.1:\d+: free the port/);
  });

  it('says which value does not fit its field', () => {
    const amount = rowChange({ fields: { Amount: 'many' } });
    assert.throws(
      () => rig.pubsub.publish([amount]),
      /Opportunity\.Amount is of type double, but the row holds "many"/,
    );
  });
});

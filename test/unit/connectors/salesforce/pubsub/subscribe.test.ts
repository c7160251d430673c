import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { ChangeEvent } from '../../../../../connectors/salesforce/pubsub/change-event.ts';
import type { SubscribeOptions } from '../../../../../connectors/salesforce/pubsub/subscribe.ts';
import { Invalid } from '../../../../../protocol/errors.ts';
import { orgB, rowChange, startRig, until, type Rig } from '../../../sandbox/salesforce/pubsub/rig.ts';
import { startProxy } from './cuttable-proxy.ts';
import { Reader } from './reader.ts';

describe('connectors/salesforce/pubsub subscribe', () => {
  let rig: Rig;
  const readers: Reader[] = [];

  beforeEach(async () => {
    rig = await startRig({ keepalive_ms: 30, idle_ms: 60_000 });
  });
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.stop()));
    await rig.stop();
  });

  const read = (change: Partial<SubscribeOptions> = {}): Reader => {
    const reader = new Reader(rig, change);
    readers.push(reader);
    return reader;
  };
  /** A reader that stands at the tip: the first keepalive has told it so. */
  const listening = async (change: Partial<SubscribeOptions> = {}): Promise<Reader> => {
    const reader = read(change);
    await until('a keepalive', () => reader.calls > 0);
    return reader;
  };

  it('reads header, changed and emptied fields of an update; compounds under their row names', async () => {
    const reader = await listening();
    rig.pubsub.publish([
      rowChange({
        fields: { StageName: 'Qualification', NextStep: null, Amount: 12.5, CloseDate: '2026-12-31', IsClosed: false },
        changeOrigin: 'com/salesforce/api/rest/67.0;client=Rapport',
        transactionKey: '0006e261',
        sequenceNumber: 3,
        committedAt_ms: 1_795_000_000_123,
      }),
      rowChange({
        entity: 'Account',
        recordId: '001',
        fields: { BillingCity: 'Graz', ShippingStreet: null, Name: 'A' },
      }),
      rowChange({ entity: 'Contact', recordId: '003', fields: { FirstName: 'Ada', Salutation: null, Email: 'a@b.c' } }),
    ]);
    await until('three events', () => reader.events.length === 3);
    const [deal, company, contact] = reader.events as [ChangeEvent, ChangeEvent, ChangeEvent];
    const { replayId, eventId, commitNumber, ...rest } = deal;
    assert.deepEqual(rest, {
      entity: 'Opportunity',
      changeType: 'UPDATE',
      recordIds: ['0065f00000AbCdEAAV'],
      changeOrigin: 'com/salesforce/api/rest/67.0;client=Rapport',
      transactionKey: '0006e261',
      sequenceNumber: 3,
      commitTimestamp_ms: 1_795_000_000_123,
      commitUser: '0055f00000AbCdEAAV',
      changedFields: ['StageName', 'Amount', 'CloseDate', 'NextStep', 'IsClosed', 'LastModifiedDate'],
      nulledFields: ['NextStep'],
      diffFields: [],
      fields: {
        StageName: 'Qualification',
        Amount: 12.5,
        CloseDate: '2026-12-31',
        NextStep: null,
        IsClosed: false,
        LastModifiedDate: '2026-11-18T11:06:40.123Z',
      },
      isGap: false,
      isOverflow: false,
    });
    assert.equal(replayId.length, 10);
    assert.match(eventId, /^[\da-f-]{36}$/);
    assert.ok(BigInt(commitNumber) > BigInt(Number.MAX_SAFE_INTEGER));
    assert.equal(company.commitNumber, commitNumber);
    assert.deepEqual(company.changedFields, ['Name', 'LastModifiedDate', 'BillingCity', 'ShippingStreet']);
    assert.deepEqual(company.nulledFields, ['ShippingStreet']);
    assert.equal(company.fields['BillingCity'], 'Graz');
    assert.equal(company.fields['ShippingStreet'], null);
    assert.ok(!('BillingStreet' in company.fields));
    assert.deepEqual(contact.changedFields, ['Email', 'LastModifiedDate', 'Salutation', 'FirstName']);
    assert.equal(contact.fields['FirstName'], 'Ada');
    assert.equal(contact.fields['Salutation'], null);
  });

  it('reads creates, deletes, one change of many rows, diffs, gaps and overflows', async () => {
    const reader = await listening();
    const events = async (count: number): Promise<ChangeEvent[]> => {
      await until(`${count} events`, () => reader.events.length === count);
      return reader.events.splice(0);
    };
    rig.update({ Name: 'Deal', Amount: null }, { changeType: 'CREATE' });
    rig.update({}, { changeType: 'DELETE' });
    const [created, deleted] = (await events(2)) as [ChangeEvent, ChangeEvent];
    assert.deepEqual([created.changeType, created.fields, created.changedFields], ['CREATE', { Name: 'Deal' }, []]);
    assert.deepEqual([deleted.changeType, deleted.fields, deleted.isGap], ['DELETE', {}, false]);

    rig.pubsub.publish(['a', 'b', 'c'].map((recordId) => rowChange({ recordId, fields: { IsClosed: true } })));
    assert.deepEqual((await events(1))[0]?.recordIds, ['a', 'b', 'c']);

    rig.faults.arm({ name: 'event.diff' });
    rig.update({ Description: 'long', Name: 'Acme' }, { entity: 'Account' });
    const [diff] = await events(1);
    assert.deepEqual(diff?.diffFields, ['Description']);
    assert.ok(diff.changedFields.includes('Description') && !('Description' in diff.fields));

    rig.faults.arm({ name: 'event.gap' });
    rig.update({ StageName: 'x' });
    rig.update({ Description: 'x'.repeat(1_100_000) }, { entity: 'Account' });
    for (const gap of await events(2)) {
      assert.deepEqual([gap.changeType, gap.isGap, gap.isOverflow, gap.fields], ['GAP_UPDATE', true, false, {}]);
      assert.equal(gap.recordIds.length, 1);
    }

    rig.faults.arm({ name: 'event.overflow' });
    rig.pubsub.publish(['a', 'b'].map((recordId) => rowChange({ recordId, fields: { NextStep: recordId } })));
    const [overflow] = await events(1);
    assert.deepEqual([overflow?.entity, overflow?.isOverflow, overflow?.recordIds], ['Opportunity', true, []]);
  });

  it('resumes after cuts at any place without loss or repetition', async () => {
    const proxy = await startProxy(rig.pubsub.port);
    const reader = await listening({ endpoint: `http://127.0.0.1:${proxy.port}` });
    let sessions: Reader[] = [reader];
    const total = 400;
    for (let step = 0; step < total; step += 1) {
      rig.update({ NextStep: `${step}` });
      if (step % 50 === 25) {
        await until('a few events', () => (sessions.at(-1) as Reader).calls > 1);
        proxy.cut();
        const last = sessions.at(-1) as Reader;
        assert.equal(await last.kind(), 'unavailable');
        sessions = [
          ...sessions,
          read({ endpoint: `http://127.0.0.1:${proxy.port}`, replayId: last.replayId as Buffer }),
        ];
      }
      if (step % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const stored = (): unknown[] => sessions.flatMap((session) => session.steps);
    await until('all events', () => stored().length >= total);
    assert.deepEqual(
      stored(),
      Array.from({ length: total }, (_, step) => `${step}`),
    );
    await Promise.all(sessions.map((session) => session.stop()));
    await proxy.stop();
  });

  it('never has more than 100 events outstanding, however slow the caller', async () => {
    for (let step = 0; step < 350; step += 1) rig.update({ NextStep: `${step}` });
    let inside = 0;
    let largest = 0;
    const steps: unknown[] = [];
    const reader = read({
      replayId: 'earliest',
      onEvents: async (events) => {
        inside += 1;
        assert.equal(inside, 1, 'one batch at a time');
        largest = Math.max(largest, events.length);
        await new Promise((resolve) => setTimeout(resolve, 10));
        steps.push(...events.map(({ fields }) => fields['NextStep']));
        inside -= 1;
      },
    });
    await until('all events', () => steps.length === 350);
    assert.ok(largest <= 100);
    assert.deepEqual(
      steps,
      Array.from({ length: 350 }, (_, step) => `${step}`),
    );
    assert.equal(await reader.stop(), undefined);
  });

  it('asks for more only when the batch is stored, so that an unstored event is not lost', async () => {
    for (let step = 0; step < 250; step += 1) rig.update({ NextStep: `${step}` });
    let seen = 0;
    const failing = read({
      replayId: 'earliest',
      onEvents: async (events) => {
        seen += events.length;
        throw new Error('the store is down');
      },
    });
    assert.match(String(await failing.ended), /the store is down/);
    assert.ok(seen > 0 && seen <= 100);
  });

  it('tells an expired replay id from a refused token and from an absent server', async () => {
    rig.update({ NextStep: 'old' });
    const reader = read({ replayId: 'earliest' });
    await until('the event', () => reader.events.length === 1);
    await reader.stop();
    rig.clock.advance(73 * 3_600_000);
    assert.equal(await read({ replayId: reader.replayId as Buffer }).kind(), 'replay_expired');
    assert.equal(await read({ accessToken: async () => 'stale' }).kind(), 'auth');
    assert.equal(await read({ topic: '/data/NopeChangeEvent' }).kind(), 'refused');
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as { port: number };
    await new Promise((resolve) => probe.close(resolve));
    assert.equal(await read({ endpoint: `http://127.0.0.1:${port}` }).kind(), 'unavailable');
    assert.ok((await read({ endpoint: 'localhost:7443' }).ended) instanceof Invalid);
  });

  it('follows a quiet topic by its keepalives, so that the stored id does not expire', async () => {
    const reader = await listening({ topic: '/data/AccountChangeEvent' });
    rig.clock.advance(70 * 3_600_000);
    const calls = reader.calls;
    await until('the next keepalive', () => reader.calls > calls + 1);
    await reader.stop();
    rig.clock.advance(70 * 3_600_000);
    rig.update({ Name: 'Acme' }, { entity: 'Account' });
    const later = read({ topic: '/data/AccountChangeEvent', replayId: reader.replayId as Buffer });
    await until('the event', () => later.events.length === 1);
  });

  it('shows another org nothing, by its own token or by a borrowed org id', async () => {
    const foreign = await listening({ accessToken: async () => 'token-b', orgId: orgB });
    const own = await listening();
    rig.update({ NextStep: 'secret' });
    await until('the own event', () => own.events.length === 1);
    const calls = foreign.calls;
    await until('two more keepalives', () => foreign.calls > calls + 1);
    assert.deepEqual(foreign.events, []);
    assert.equal(await read({ accessToken: async () => 'token-b' }).kind(), 'auth');
    const borrowed = { accessToken: async () => 'token-b', orgId: orgB, replayId: own.replayId as Buffer };
    assert.equal(await read(borrowed).kind(), 'replay_expired');
  });

  it('gives up a stream that was ended or fell silent, and delivers repeats as they come', async () => {
    const reader = await listening();
    rig.faults.arm({ name: 'event.duplicate' });
    rig.update({ NextStep: 'twice' });
    await until('both copies', () => reader.events.length === 2);
    assert.equal(reader.events[0]?.eventId, reader.events[1]?.eventId);
    rig.faults.arm({ name: 'stream.end' });
    assert.equal(await reader.kind(), 'unavailable');

    rig.faults.arm({ name: 'stream.silent' });
    const silent = read({ silence_ms: 60 });
    assert.equal(await silent.kind(), 'unavailable');
    assert.match(String(await silent.ended), /silent/);
  });

  it('stores the batch in hand before it resolves on abort', async () => {
    const abort = new AbortController();
    let calls = 0;
    let stored = false;
    const reader = read({
      signal: abort.signal,
      onEvents: async (events) => {
        calls += 1;
        if (events.length === 0) return;
        abort.abort();
        await new Promise((resolve) => setTimeout(resolve, 20));
        stored = true;
      },
    });
    await until('a keepalive', () => calls > 0);
    rig.update({ NextStep: 'last' });
    assert.equal(await reader.ended, undefined);
    assert.ok(stored);
  });
});

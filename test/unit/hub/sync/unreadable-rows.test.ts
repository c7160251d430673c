import assert from 'node:assert/strict';
import { observeBatch } from '../../../../hub/sync/observe.ts';
import { Fault, Reconnect, Rejected, RetryLater } from '../../../../protocol/errors.ts';
import { address, SyncRig } from './sync-rig.ts';

const minute_ms = 60_000;

describe('hub/sync observe: rows that the vendor does not let be read', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
  });
  afterEach(() => rig.close());

  /** The vendor refuses every page that holds one of these rows, until what this answers is called. */
  const refuse = async (object: string, ids: readonly string[], error: Error): Promise<() => void> => {
    const api = await rig.deps.crm.api('a', 'hs');
    const read = api.read.bind(api);
    api.read = async (about, page, ...rest) => {
      const answer = await read(about, page, ...rest);
      if (about === object && page.some((id) => ids.includes(id))) throw error;
      return answer;
    };
    return () => {
      api.read = read;
    };
  };
  const companies = (count: number): string[] => {
    const ids = Array.from({ length: count }, (_, index) => String(index + 1));
    for (const id of ids) rig.put('companies', id, { name: `Company ${id}` });
    return ids;
  };
  const refused = new Rejected('Row 37 is broken', { code: 'BROKEN', remedy: 'Repair it.' });

  it('one of a page is parked with cause and remedy, in a few calls; its neighbours are taken in', async () => {
    const ids = companies(64);
    await refuse('companies', ['37'], refused);
    await rig.observe('companies', ...ids);
    for (const id of ids) assert.equal(Boolean((await rig.link('companies', id))?.base), id !== '37', id);
    const [entry, ...others] = await rig.parked('companies', ...ids);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [entry?.externalId, entry?.field, entry?.cause, entry?.detail],
      ['37', null, 'unreadable', 'Row 37 is broken'],
    );
    assert.match(String(entry?.remedy), /^Repair it\. It is read again/);
    assert.equal(await rig.waiting(), 0);
    assert.ok(rig.reads.length <= 1 + 3 + 1 + 2 * 6, `some alone, then halves: ${rig.reads.length} reads`);
  });

  it('the first rows of a page, side by side, are parked, too', async () => {
    const ids = companies(64);
    await refuse('companies', ids.slice(0, 9), refused);
    await rig.observe('companies', ...ids);
    assert.equal((await rig.parked('companies', ...ids)).length, 9);
    assert.equal(await rig.waiting(), 0);
  });

  it('is read again when it changes, and its entry ends', async () => {
    companies(2);
    const cured = await refuse('companies', ['2'], refused);
    await rig.observe('companies', '1', '2');
    assert.equal((await rig.parked('companies', '2')).length, 1);
    cured();
    await rig.observe('companies', '2');
    assert.deepEqual(await rig.parked('companies', '2'), []);
    assert.ok((await rig.link('companies', '2'))?.base);
  });

  it('a fault that meets every row parks none: they wait, and other objects go on', async () => {
    const ids = companies(64);
    rig.put('contacts', '1', { email: 'one@one.example', 'association:companies': null });
    const cured = await refuse('companies', ids, new Fault('unexpected answer'));
    await rig.hint('companies', ...ids);
    await rig.hint('contacts', '1');
    for (let round = 0; round < 20; round += 1) {
      await observeBatch(rig.deps, address);
      rig.clock.set(rig.clock.now_ms() + minute_ms);
    }
    assert.ok((await rig.link('contacts', '1'))?.base);
    assert.deepEqual(await rig.parked('companies', ...ids), []);
    assert.equal(await rig.waiting(), 64);
    assert.ok(rig.reads.length <= 1 + 20 * 4, `a few reads a minute: ${rig.reads.length}`);
    cured();
    await observeBatch(rig.deps, address);
    assert.equal(await rig.waiting(), 0);
    assert.ok((await rig.link('companies', '1'))?.base);
  });

  it('a row that comes alone is parked when it still fails after ten minutes', async () => {
    companies(1);
    await refuse('companies', ['1'], new Fault('unexpected answer'));
    await rig.hint('companies', '1');
    for (let minute = 0; minute <= 11; minute += 1) {
      assert.deepEqual(await rig.parked('companies', '1'), []);
      await observeBatch(rig.deps, address);
      rig.clock.set(rig.clock.now_ms() + minute_ms);
    }
    assert.equal((await rig.parked('companies', '1'))[0]?.detail, 'unexpected answer');
    assert.equal(await rig.waiting(), 0);
  });

  it('a vendor that is busy with one object is asked again when it said, and the others go on', async () => {
    const [id = ''] = companies(1);
    rig.put('contacts', '1', { email: 'one@one.example', 'association:companies': null });
    const now_ms = rig.clock.now_ms();
    await refuse('companies', [id], new RetryLater('busy', now_ms + 5_000));
    await rig.hint('companies', id);
    await rig.hint('contacts', '1');
    await observeBatch(rig.deps, address);
    assert.ok((await rig.link('contacts', '1'))?.base);
    const reads = rig.reads.length;
    rig.clock.set(now_ms + 4_000);
    await observeBatch(rig.deps, address);
    assert.equal(rig.reads.length, reads);
    rig.clock.set(now_ms + 5_000);
    await observeBatch(rig.deps, address);
    assert.equal(rig.reads.length, reads + 1);
    assert.equal(await rig.waiting(), 1);
  });

  it('a broken grant ends the batch: it is the whole account’s', async () => {
    const ids = companies(3);
    await refuse('companies', ids, new Reconnect('revoked'));
    await rig.hint('companies', ...ids);
    await assert.rejects(observeBatch(rig.deps, address), Reconnect);
    assert.equal(await rig.waiting(), 3);
    assert.equal(rig.reads.length, 1, 'no page is taken apart');
  });
});

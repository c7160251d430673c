import assert from 'node:assert/strict';
import { SyncRig } from './sync-rig.ts';

describe('hub/sync a reference that a CRM dropped with what it referred to', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  let deal: string;
  const put = (company: string | null, contacts: string[]): void =>
    rig.put('deals', '9', { dealname: 'Deal', 'association:companies': company, 'associations:contacts': contacts });
  const recordOf = async (object: string, id: string): Promise<string> =>
    String((await rig.link(object, id))?.recordId);
  const fields = async (): Promise<unknown[]> => {
    const record = await rig.tx((tx) => tx.record(deal));
    return [record?.fields['company'] ?? null, record?.fields['contacts'] ?? []];
  };
  let company: string;
  let contacts: string[];
  beforeEach(async () => {
    rig = await SyncRig.open();
    rig.put('companies', '1', { name: 'One' });
    for (const id of ['7', '8']) rig.put('contacts', id, { email: `${id}@x.example`, 'association:companies': null });
    await rig.observe('companies', '1');
    await rig.observe('contacts', '7', '8');
    put('1', ['7', '8']);
    await rig.observe('deals', '9');
    deal = await recordOf('deals', '9');
    company = await recordOf('companies', '1');
    contacts = [await recordOf('contacts', '7'), await recordOf('contacts', '8')].toSorted();
    assert.deepEqual(await fields(), [company, contacts]);
  });
  afterEach(() => rig.close());

  for (const order of ['before', 'after'])
    it(`stands, where the row is seen ${order} the deletion`, async () => {
      rig.rows.delete('companies:1');
      rig.rows.delete('contacts:7');
      put(null, ['8']);
      if (order === 'before') await rig.observe('deals', '9');
      await rig.observe('companies', '1');
      await rig.observe('contacts', '7');
      await rig.observe('deals', '9');
      assert.deepEqual(await fields(), [company, contacts]);
      const changes = await rig.tx((tx) => tx.changesOf(deal, 50));
      assert.deepEqual(
        changes.filter(({ cause }) => cause.lane !== 'first'),
        [],
      );
      const base = (await rig.link('deals', '9'))?.base;
      assert.deepEqual([base?.['company'], base?.['contacts']], [null, [await recordOf('contacts', '8')]]);
    });

  it('is an edit where what it referred to is there', async () => {
    put(null, ['8']);
    await rig.observe('deals', '9');
    assert.deepEqual(await fields(), [null, [await recordOf('contacts', '8')]]);
  });

  it('is an edit for the one that is there, and none for the one that is gone', async () => {
    rig.rows.delete('contacts:7');
    put(null, []);
    await rig.observe('deals', '9');
    assert.deepEqual(await fields(), [null, [await recordOf('contacts', '7')]]);
  });
});

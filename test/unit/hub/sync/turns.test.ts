import assert from 'node:assert/strict';
import type { Author, FieldStamp, StoredRecord } from '../../../../protocol/nouns.ts';
import { planWrites } from '../../../../hub/sync/plan-writes.ts';
import { foughtOver, turnsAfter } from '../../../../hub/sync/turns.ts';
import { newLink } from '../../../../hub/sync/new-record.ts';
import { at, person, setAt } from './planner-input.ts';
import { SyncRig } from './sync-rig.ts';

const automation: Author = { kind: 'automation', userId: null };

describe('hub/sync: two automations that answer one another', () => {
  const answered = (before: FieldStamp | undefined, edit: Partial<Parameters<typeof turnsAfter>[1]> = {}): number =>
    turnsAfter(before, { installationId: 'hubspot', author: automation, at_ms: at(10), after: 'x', ...edit });

  it('a turn is an edit of the other side, soon, by nobody in person', () => {
    assert.equal(answered(setAt(5, 'salesforce')), 1);
    assert.equal(answered({ ...setAt(5, 'salesforce'), turns: 2 }), 3);
    assert.equal(answered({ ...setAt(5, 'salesforce'), turns: 2 }, { author: person }), 0);
    assert.equal(answered({ ...setAt(5, 'hubspot'), turns: 2 }), 0, 'the same side');
    assert.equal(answered({ ...setAt(5, 'hub'), turns: 2 }), 0, 'our own value');
    assert.equal(answered({ ...setAt(5, 'salesforce'), turns: 2 }, { at_ms: at(700) }), 0, 'late');
    assert.equal(answered({ ...setAt(5, 'salesforce'), turns: 2 }, { after: ['x'] }), 0, 'an element of a set');
    assert.equal(answered(undefined), 0);
  });

  it('the third turn in a row stops the field, not its record', () => {
    const stamps = {
      a: { ...setAt(5, 'hubspot'), turns: 2 },
      b: { ...setAt(5, 'hubspot'), turns: 3 },
      c: setAt(1, 'hub'),
    };
    assert.deepEqual(foughtOver({ stamps } as unknown as StoredRecord), ['b']);
  });

  describe('in the engine', () => {
    let rig: Awaited<ReturnType<typeof SyncRig.open>>;
    beforeEach(async () => {
      rig = await SyncRig.open();
    });
    afterEach(() => rig.close());

    /** What a delivery to Salesforce would send of the company, and what waits there. */
    async function plannedThere(): Promise<{ sent: string[]; waits: (string | null)[] }> {
      return rig.tx(async (tx) => {
        const installation = (await tx.installations()).find((one) => one.id === 'sf');
        assert.ok(installation);
        const text = { label: '', writable: true, required: false, maxLength: null, options: null };
        const description = { object: 'Account', fields: { Name: text, Phone: text, Rapport_Id__c: text } };
        const plan = await planWrites(
          rig.deps,
          tx,
          installation,
          new Map([['Account', description]]),
          10,
          new Set(['there']),
        );
        const sent = plan?.deliveries.flatMap((one) => Object.keys(one.fields)) ?? [];
        const waiting = await tx.parkedAt('sf', 'Account', ['001']);
        return { sent, waits: waiting.filter((one) => one.cause === 'fighting').map((one) => one.field) };
      });
    }

    it('writes no further value of the field until a person sets it; what else changed is written', async () => {
      rig.put('companies', '1', { name: 'One', phone: '+1' });
      await rig.observe('companies', '1');
      const recordId = (await rig.link('companies', '1'))?.recordId ?? '';
      await rig.tx(async (tx) => {
        const [record] = await tx.lockRecords([recordId]);
        assert.ok(record);
        const fought = { at_ms: rig.clock.now_ms(), side: 'salesforce', turns: 2 } as const;
        const stamps = { ...record.stamps, phone: fought };
        await tx.saveRecords([{ record: { ...record, stamps }, matchKeys: [] }]);
        const base = { ...record.fields };
        const link = { ...newLink('there', recordId, 'sf', 'Account', '001'), base, stamp_ms: rig.clock.now_ms() };
        await tx.saveLinks([link]);
        await tx.updateInstallation('sf', { state: 'writing' });
      });

      rig.put('companies', '1', { name: 'Two', phone: '+2' }, { author: automation });
      await rig.observe('companies', '1');
      assert.deepEqual(await plannedThere(), { sent: ['Name', 'Rapport_Id__c'], waits: ['phone'] });

      rig.put('companies', '1', { name: 'Two', phone: '+3' });
      await rig.observe('companies', '1');
      const record = await rig.tx((tx) => tx.record(recordId));
      assert.equal(record?.fields['phone'], '+3');
      assert.deepEqual(record && foughtOver(record), []);
    });
  });
});

import assert from 'node:assert/strict';
import type { StoreRig } from './rig.ts';
import { start_ms } from './rig.ts';
import { aChange, aConflict, aLink, anEvent, aParked, aRecord, aRun, aWrite } from './nouns.ts';

/** Texts of one person; none may be left anywhere after the erasure. */
export const canaries = {
  email: 'canary.person@erase.example',
  phone: '+49 151 5550 4711',
  first: 'Canarina',
  last: 'Vogelsang-Erasure',
} as const;

/** A contact that left its marks in every table, and neighbours that must stay. */
export async function leaveMarks(rig: StoreRig): Promise<void> {
  const { email, phone, first, last } = canaries;
  const whole = `${first} ${last}`;
  const fields = { email, phone, first_name: first, last_name: last };
  await rig.store.receive([
    {
      tenantId: 'a',
      installationId: 'hs',
      events: [
        anEvent('own', { object: 'contacts', externalId: '501', values: { email } }),
        anEvent('deal', { values: { description: `Ask ${whole} <${email}>`, amount: '5' } }),
      ],
    },
  ]);
  await rig.store.tenant('a', async (tx) => {
    await tx.saveRecords([
      { record: aRecord('person', { kind: 'contact', fields }), matchKeys: [email] },
      { record: aRecord('deal', { fields: { name: 'Deal', contacts: ['person'] } }), matchKeys: ['deal'] },
    ]);
    await tx.saveLinks([
      aLink('p-hs', {
        recordId: 'person',
        object: 'contacts',
        externalId: '501',
        base: fields,
        facts: { owner: whole },
      }),
      aLink('p-sf', { recordId: 'person', installationId: 'sf', object: 'Contact', externalId: '003X', base: fields }),
      aLink('d-hs', { recordId: 'deal' }),
    ]);
    await tx.saveWrites([
      aWrite('w-person', { linkId: 'p-sf', values: fields }),
      aWrite('w-deal', { linkId: 'd-hs', values: { note: `Call ${phone}` } }),
    ]);
    await tx.addChanges([
      aChange('c-person', { recordId: 'person', field: 'email', before: email, after: email }),
      aChange('c-deal', { recordId: 'deal', field: 'note', after: `Said ${whole.toUpperCase()}: "yes"` }),
    ]);
    await tx.addConflicts([aConflict('f-person', { recordId: 'person', lost: phone, kept: email })]);
    await tx.park([
      aParked('k-person', { object: 'contacts', externalId: '501', recordId: null, value: email }),
      aParked('k-deal', { recordId: 'deal', detail: `Refused ${email}` }),
    ]);
    await tx.startRun(aRun('run-deal', { recordId: 'deal', result: { text: `Meet ${whole} (${email})`, score: 5 } }));
    await tx.startRun(aRun('run-person', { recordId: 'person', message: whole, result: fields }));
  });
}

export function eraseConformance(rig: StoreRig): void {
  it('removes a person and leaves the others', async () => {
    await leaveMarks(rig);
    await rig.store.tenant('a', (tx) => tx.eraseContact('person'));
    await rig.store.tenant('a', async (tx) => {
      const person = { ...aRecord('person', { kind: 'contact', fields: {}, stamps: {} }), deletedAt_ms: start_ms };
      assert.deepEqual(await tx.record('person'), person);
      assert.deepEqual(await tx.linksOfRecords(['person']), []);
      assert.deepEqual(await tx.linksByExternalId('sf', 'Contact', ['003X']), []);
      assert.deepEqual(await tx.openWrites(['p-sf']), []);
      assert.deepEqual(await tx.changesOf('person', 10), []);
      assert.deepEqual(await tx.conflictsOf('person', 10), []);
      assert.deepEqual(await tx.parkedAt('hs', 'contacts', ['501']), []);
      assert.deepEqual(await tx.recordsByMatchKey('contact', [canaries.email]), []);
      const events = (await tx.takeInbox('hs', start_ms, 10)).map(({ event }) => event);
      assert.deepEqual(
        events.map(({ key, values }) => [key, values.amount]),
        [['deal', '5']],
      );
      const kept = JSON.stringify([
        events,
        await tx.record('deal'),
        await tx.openWrites(['d-hs']),
        await tx.changesOf('deal', 10),
        await tx.parkedOf(['deal']),
        await tx.run('run-deal'),
        await tx.run('run-person'),
      ]);
      for (const text of [canaries.email, canaries.phone, canaries.last]) {
        assert.doesNotMatch(kept.toLowerCase(), new RegExp(text.toLowerCase().replaceAll(/[+.]/g, String.raw`\$&`)));
      }
      assert.deepEqual((await tx.run('run-deal'))?.result, { text: 'Meet [erased] ([erased])', score: 5 });
      assert.deepEqual((await tx.record('deal'))?.fields, { name: 'Deal', contacts: ['person'] });
    });
  });

  it('remembers whom not to bring back, in that tenant alone', async () => {
    await leaveMarks(rig);
    await rig.store.tenant('a', (tx) => tx.eraseContact('person'));
    const erased = (tenantId: string): Promise<boolean[]> =>
      rig.store.tenant(tenantId, async (tx) => [
        await tx.isErased('hubspot', '501'),
        await tx.isErased('salesforce', '003X'),
        await tx.isErased('salesforce', '501'),
      ]);
    assert.deepEqual(await erased('a'), [true, true, false]);
    assert.deepEqual(await erased('b'), [false, false, false]);
  });

  it('forgets a row that no record is linked to', async () => {
    const { store } = rig;
    const about = (externalId: string) => ({ object: 'contacts', externalId });
    await store.receive([
      {
        tenantId: 'a',
        installationId: 'hs',
        events: [anEvent('mine', about('777')), anEvent('other', about('778'))],
      },
    ]);
    await store.tenant('a', async (tx) => {
      await tx.park([
        aParked('k-1', { ...about('777'), recordId: null, value: canaries.email }),
        aParked('k-2', { ...about('778'), recordId: null }),
      ]);
      await tx.eraseRow('hs', 'contacts', '777');
      await tx.eraseRow('nowhere', 'contacts', '778');
      assert.deepEqual(
        (await tx.takeInbox('hs', start_ms, 10)).map(({ event }) => event.key),
        ['other'],
      );
      assert.deepEqual(
        (await tx.parkedAt('hs', 'contacts', ['777', '778'])).map(({ id }) => id),
        ['k-2'],
      );
      const erased = [await tx.isErased('hubspot', '777'), await tx.isErased('hubspot', '778')];
      assert.deepEqual(erased, [true, false]);
    });
    assert.equal(await store.tenant('b', (tx) => tx.isErased('hubspot', '777')), false);
  });

  it('waits for who holds the record, and erases what they wrote', async () => {
    await leaveMarks(rig);
    const locked = Promise.withResolvers<void>();
    const late = { ...aRecord('person', { kind: 'contact', fields: { email: canaries.email, late: 'x' } }) };
    const writing = rig.store.tenant('a', async (tx) => {
      await tx.lockRecords(['person']);
      locked.resolve();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await tx.saveLinks([
        aLink('late', { recordId: 'person', object: 'contacts', installationId: 'hs', state: 'alias' }),
      ]);
      await tx.saveRecords([{ record: late, matchKeys: [canaries.email] }]);
    });
    await locked.promise;
    await rig.store.tenant('a', (tx) => tx.eraseContact('person'));
    await writing;
    await rig.store.tenant('a', async (tx) => {
      assert.deepEqual((await tx.record('person'))?.fields, {});
      assert.deepEqual(await tx.linksOfRecords(['person']), []);
    });
  });

  it('may be repeated, and asked for somebody unknown', async () => {
    await leaveMarks(rig);
    await rig.store.tenant('a', async (tx) => {
      await tx.eraseContact('person');
      await tx.eraseContact('person');
      await tx.eraseContact('nobody');
    });
  });
}

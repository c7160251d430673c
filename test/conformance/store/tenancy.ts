import assert from 'node:assert/strict';
import { Invalid, Reconnect } from '../../../protocol/errors.ts';
import type { StoreRig } from './rig.ts';
import { tenantNamed } from './rig.ts';
import { aLink, anEvent, aRecord } from './nouns.ts';

export function tenancyConformance(rig: StoreRig): void {
  it('knows tenants, routes and installations as provisioned', async () => {
    const { store } = rig;
    assert.deepEqual(await store.tenants(), [
      { id: 'a', name: 'Tenant a', aiEnabled: true },
      { id: 'b', name: 'Tenant b', aiEnabled: false },
    ]);
    assert.deepEqual(await store.route('salesforce', 'org-b'), { tenantId: 'b', installationId: 'sf' });
    assert.equal(await store.route('hubspot', 'org-b'), undefined);
    assert.deepEqual(await store.tenant('a', (tx) => tx.installations()), [
      {
        tenantId: 'a',
        id: 'hs',
        vendor: 'hubspot',
        accountId: 'portal-a',
        state: 'writing',
        confirmed: true,
        targets: {},
        timeZone: null,
        brokenReason: null,
      },
      {
        tenantId: 'a',
        id: 'sf',
        vendor: 'salesforce',
        accountId: 'org-a',
        state: 'observing',
        confirmed: false,
        targets: {},
        timeZone: null,
        brokenReason: null,
      },
    ]);
  });

  it('never overwrites what an installation has become', async () => {
    const { store } = rig;
    const [, before] = await store.tenant('a', (tx) => tx.installations());
    assert.ok(before);
    const change = {
      state: 'writing' as const,
      confirmed: true,
      targets: { research_report: 'notes' },
      timeZone: 'Europe/Berlin',
      brokenReason: 'revoked',
    };
    await store.tenant('a', async (tx) => {
      await tx.updateInstallation('sf', change);
      await tx.saveGrant('sf', { key: 'fresh' });
    });
    await store.provisionTenant(tenantNamed('a'));
    assert.deepEqual((await store.tenant('a', (tx) => tx.installations()))[1], { ...before, ...change });
    assert.deepEqual(await store.tenant('a', (tx) => tx.grant('sf')), { key: 'fresh' });
  });

  it('gives one vendor account to one tenant', async () => {
    const { store } = rig;
    const thief = tenantNamed('c');
    const [first] = thief.installations;
    assert.ok(first);
    await assert.rejects(
      store.provisionTenant({ ...thief, installations: [{ ...first, accountId: 'portal-a' }] }),
      (error: Error) => error instanceof Invalid && /portal-a/.test(error.message),
    );
    assert.deepEqual(await store.route('hubspot', 'portal-a'), { tenantId: 'a', installationId: 'hs' });
    assert.equal((await store.tenants()).length, 2);
  });

  it('asks to reconnect where there is no grant', async () => {
    await assert.rejects(
      rig.store.tenant('a', (tx) => tx.grant('nowhere')),
      Reconnect,
    );
  });

  it('shows a tenant nothing of another, with the same ids on both sides', async () => {
    const { store } = rig;
    await store.tenant('a', async (tx) => {
      await tx.saveRecords([{ record: aRecord('r1'), matchKeys: ['acme'] }]);
      await tx.saveLinks([aLink('l1', { recordId: 'r1', deliverAt_ms: 1 })]);
      await tx.saveCursor('hs', 'poll', '5');
      await tx.savePeople([{ installationId: 'hs', userId: '1', ownerId: '1', name: 'Ada', email: 'ada@a.example' }]);
    });
    await store.receive([{ tenantId: 'a', installationId: 'hs', events: [anEvent('e1')] }]);
    await store.tenant('b', async (tx) => {
      assert.equal(await tx.record('r1'), undefined);
      assert.deepEqual(await tx.lockRecords(['r1']), []);
      assert.deepEqual(await tx.recordsByMatchKey('deal', ['acme']), []);
      assert.deepEqual(await tx.linksByExternalId('hs', 'deals', ['ext-l1']), []);
      assert.deepEqual(await tx.linksToDeliver('hs', ['deals'], 10, 10), []);
      assert.equal(await tx.cursor('hs', 'poll'), undefined);
      assert.deepEqual(await tx.people(), []);
      assert.deepEqual(await tx.takeInbox('hs', rig.clock.now_ms(), 10), []);
      assert.deepEqual((await tx.status()).records, {});
      // The same ids are free on this side.
      await tx.saveRecords([{ record: aRecord('r1', { fields: { name: 'of b' } }), matchKeys: [] }]);
      await tx.saveLinks([aLink('l1', { recordId: 'r1' })]);
    });
    assert.deepEqual((await store.tenant('a', (tx) => tx.record('r1')))?.fields, aRecord('r1').fields);
  });

  it('changes the installation of its own tenant, where another has one of that id', async () => {
    const { store } = rig;
    const theirs = await store.tenant('b', (tx) => tx.installations());
    await store.tenant('a', (tx) => tx.updateInstallation('hs', { brokenReason: 'revoked' }));
    assert.equal((await store.tenant('a', (tx) => tx.installations()))[0]?.brokenReason, 'revoked');
    assert.deepEqual(await store.tenant('b', (tx) => tx.installations()), theirs);
    await store.tenant('a', (tx) => tx.updateInstallation('nowhere', { state: 'writing' }));
  });

  it('writes of an installation only what changed: who looked at it meanwhile undoes nothing', async () => {
    const { store } = rig;
    const [before] = await store.tenant('a', (tx) => tx.installations());
    const byAnother = { brokenReason: 'revoked', timeZone: 'Europe/Berlin' };
    await store.tenant('a', async (tx) => {
      await tx.installations();
      await store.tenant('a', (theirs) => theirs.updateInstallation('hs', byAnother));
      await tx.updateInstallation('hs', { state: 'linking', targets: { company: 'companies' } });
    });
    assert.deepEqual((await store.tenant('a', (tx) => tx.installations()))[0], {
      ...before,
      ...byAnother,
      state: 'linking',
      targets: { company: 'companies' },
    });
    await Promise.all([
      store.tenant('a', (tx) => tx.updateInstallation('hs', { brokenReason: null })),
      store.tenant('a', (tx) => tx.updateInstallation('hs', { confirmed: false })),
    ]);
    const [after] = await store.tenant('a', (tx) => tx.installations());
    assert.deepEqual([after?.brokenReason, after?.confirmed], [null, false]);
  });

  it('leaves nothing of a transaction that throws', async () => {
    const { store } = rig;
    const fault = new Error('halfway');
    await assert.rejects(
      store.tenant('a', async (tx) => {
        await tx.saveRecords([{ record: aRecord('r1'), matchKeys: [] }]);
        await tx.markDue('hs', 'deliver', 1);
        throw fault;
      }),
      fault,
    );
    assert.equal(await store.tenant('a', (tx) => tx.record('r1')), undefined);
    assert.deepEqual(await store.dueNow(10, 10), []);
  });

  it('reads its own writes', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.saveRecords([{ record: aRecord('r1'), matchKeys: [] }]);
      await tx.lockRecords(['r1']);
      await tx.saveRecords([{ record: aRecord('r1', { fields: { name: 'later' } }), matchKeys: [] }]);
      assert.deepEqual((await tx.record('r1'))?.fields, { name: 'later' });
    });
  });

  it('answers a ping', () => rig.store.ping());
}

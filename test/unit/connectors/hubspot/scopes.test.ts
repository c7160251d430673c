import assert from 'node:assert/strict';
import type { RowWrite } from '../../../../protocol/crm-connector.ts';
import { Invalid, Rejected } from '../../../../protocol/errors.ts';
import type { Reply } from '../local-vendor.ts';
import { openApi, type OpenApi } from './open-api.ts';

const purpose = { lane: 'interactive', what: 'test' } as const;
const lacks = (scope: string): Reply => ({
  status: 403,
  body: {
    status: 'error',
    category: 'MISSING_SCOPES',
    message: "This app hasn't been granted all required scopes to make this call.",
    errors: [{ message: 'One or more are required.', context: { requiredGranularScopes: [scope] } }],
  },
});

describe('A scope that a HubSpot account did not grant', () => {
  let open: OpenApi;
  afterEach(() => open.vendor.stop());

  it('fails a read as wrong settings, and names the scope', async () => {
    open = await openApi(() => lacks('crm.objects.contacts.read'));
    for (const read of [
      () => open.api.read('contacts', ['1'], ['email'], purpose),
      () => open.api.list('contacts', undefined, purpose),
      () => open.api.changedSince('contacts', { stamp_ms: 0, id: '' }, purpose),
    ]) {
      const namesScope = (error: unknown): boolean =>
        error instanceof Invalid && /crm\.objects\.contacts\.read/.test(error.remedy);
      await assert.rejects(read(), namesScope);
    }
  });

  it('makes an object look as if it were not there, and people unknown', async () => {
    open = await openApi((seen) =>
      seen.path.includes('/deals') ? { status: 200, body: { results: [] } } : lacks('crm.schemas.contacts.read'),
    );
    assert.equal(await open.api.describe('contacts'), undefined);
    assert.notEqual(await open.api.describe('deals'), undefined);
    assert.deepEqual(await open.api.people(), []);
    const needed = [{ name: 'rapport_id', label: 'Rapport id', type: 'text', unique: true } as const];
    await assert.rejects(open.api.ensureFields?.('contacts', needed) ?? Promise.resolve(), Invalid);
  });

  it('leaves associations absent whose other end may not be read', async () => {
    const updatedAt = '2026-11-22T10:00:00Z';
    open = await openApi((seen) =>
      seen.path.includes('/associations/')
        ? lacks('crm.objects.contacts.read')
        : { status: 200, body: { results: [{ id: '1', properties: { dealname: 'D' }, updatedAt }] } },
    );
    const { rows } = await open.api.read('deals', ['1'], ['dealname', 'associations:contacts'], purpose);
    assert.deepEqual(rows[0]?.fields, { dealname: 'D' });
  });

  it('refuses all rows of a write by one call, properties and associations alike', async () => {
    open = await openApi(() => lacks('crm.objects.deals.write'));
    const rows = (fields: RowWrite['fields']): RowWrite[] =>
      ['1', '2', '3'].map((id) => ({ recordId: `r${id}`, externalId: id, fields, before: {} }));
    const writes: RowWrite['fields'][] = [
      { dealname: 'D' },
      { 'associations:contacts': ['7', '8'] },
      { 'association:contacts': '7' },
    ];
    for (const fields of writes) {
      const sent = open.calls().length;
      const outcomes = await open.api.write('deals', 'rapport_id', rows(fields), [], purpose);
      for (const outcome of outcomes) {
        const error = outcome.status === 'failed' ? outcome.error : undefined;
        assert.ok(error instanceof Rejected, JSON.stringify(outcome));
        assert.match(error.remedy, /crm\.objects\.deals\.write/);
      }
      assert.equal(open.calls().length, sent + 1);
    }
  });
});

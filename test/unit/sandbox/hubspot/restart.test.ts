import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '../../../../sandbox/kit/storage.ts';
import { StandIn, until } from './stand-in.ts';

const companies = '/crm/objects/2026-09/companies';

describe('HubSpot stand-in: a restart on the same files', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hubspot-restart-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('finds records, unique values, associations, tokens and undelivered webhooks, and goes on counting ids', async () => {
    const path = join(folder, 'hubspot.sqlite');
    const first = await StandIn.start(undefined, new Storage(path));
    first.reply = () => ({ status: 503 });
    const id = await first.create('contacts', { email: 'stay@x.example' });
    const company = await first.create('companies', { name: 'Stay' });
    await first.call('PUT', `/crm/objects/2026-09/contacts/${id}/associations/default/companies/${company}`);
    const token = await first.appToken();
    await until(() => first.received.length > 0);
    await first.stop();

    const second = await StandIn.start(undefined, new Storage(path));
    try {
      const conflict = await second.call('POST', '/crm/objects/2026-09/contacts', {
        properties: { email: 'stay@x.example' },
      });
      assert.equal(conflict.body.message, `Contact already exists. Existing ID: ${id}`);
      const read = await second.call('GET', `${companies}/${company}?associations=contacts`, undefined, token);
      assert.equal(read.status, 200);
      assert.equal(read.body.associations.contacts.results[0].id, id);
      assert.ok(Number(await second.create('companies', {})) > Number(company));
      second.context.clock.advance(5000);
      await until(() => second.events('object.creation').some((event) => event['objectId'] === Number(id)));
    } finally {
      await second.stop();
    }
  });
});

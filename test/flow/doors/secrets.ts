import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { encryptionKeys } from '../../../hub/local-secrets.ts';
import { openStore } from '../../../hub/store/open-store.ts';
import { systemClock } from '../../../hub/system-clock.ts';
import { hubspotApp, orgs, portals } from '../../../sandbox/seed/credentials.ts';
import { allRows } from '../../kit/all-rows.ts';
import { componentToken } from '../../kit/component-token.ts';
import type { House } from '../../kit/house.ts';

export function secrets(house: () => House): void {
  describe('secrets', () => {
    it('are in the database as ciphertext only', async () => {
      const keys = encryptionKeys(house().dataDir, undefined);
      const store = await openStore({ url: house().database.appUrl, keys, clock: systemClock });
      const grants: string[] = [];
      try {
        for (const key of ['a', 'b'] as const)
          for (const vendor of ['hubspot', 'salesforce']) {
            const grant = await store.tenant(`tenant-${key}`, (tx) => tx.grant(`${vendor}-${key}`));
            grants.push(...Object.values(grant));
          }
      } finally {
        await store.close();
      }
      const hidden = new Set([
        ...grants.filter((value) => value.length > 12 && !/^\d+$/.test(value)),
        ...portals.map(({ refreshToken }) => refreshToken),
        ...orgs.flatMap(({ integration, backEnd }) => [integration.clientSecret, backEnd.clientSecret]),
        hubspotApp.clientSecret,
        readFileSync(join(house().dataDir, 'api-token'), 'utf8').trim(),
        readFileSync(join(house().dataDir, 'encryption-key'), 'utf8').trim(),
        await componentToken(house(), 'a'),
      ]);
      // An org's client id is its public org id, which routes name.
      for (const { orgId } of orgs) hidden.delete(orgId);
      assert.ok(hidden.size >= 10, 'the access tokens in use are among them');
      const rows = await allRows(house());
      for (const table of ['public.installation_grant', 'public.record', 'bullmq.'])
        assert.ok(
          rows.some((row) => row.startsWith(table)),
          `${table} was looked through`,
        );
      const hits = rows.flatMap((row) => [...hidden].filter((text) => row.includes(text)).map(() => row.slice(0, 60)));
      assert.deepEqual(hits, []);
    });

    it('are kept in files of their owner alone; of the API token the database has the hash', async () => {
      for (const name of ['api-token', 'encryption-key'])
        assert.equal(statSync(join(house().dataDir, name)).mode & 0o777, 0o600, name);
      const token = readFileSync(join(house().dataDir, 'api-token'), 'utf8').trim();
      const hash = createHash('sha256').update(token).digest('hex');
      assert.deepEqual(await house().sql('select hash from api_token'), [{ hash }]);
    });
  });
}

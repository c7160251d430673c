import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Status } from '../../../hub/http/api.ts';
import { freePort } from '../../kit/free-port.ts';
import type { House } from '../../kit/house.ts';
import { callAsHubspot, propertyChange } from '../../kit/hubspot-app.ts';
import { rapport } from '../../kit/rapport-command.ts';

export function command(house: () => House): void {
  describe('rapport status', () => {
    before(async () => {
      const url = `${house().urls.hub}/webhooks/hubspot`;
      const stranger = JSON.stringify([propertyChange({ portalId: 9_999_998 })]);
      assert.equal((await fetch(url, { method: 'POST', body: '[]' })).status, 401);
      assert.equal((await callAsHubspot('POST', url, 'x'.repeat(1_000_001))).status, 413);
      for (const body of ['unreadable', stranger]) assert.equal((await callAsHubspot('POST', url, body)).status, 200);
    });
    const status = (env: Record<string, string> = {}, ...args: string[]): ReturnType<typeof rapport> =>
      rapport(['status', ...args], { DATA_DIR: house().dataDir, RAPPORT_URL: house().urls.hub, ...env });

    it('--json shows each problem with vendor, cause and remedy', async () => {
      const { code, stdout } = await status({}, '--json');
      assert.equal(code, 0);
      const { problems, tenants, unrouted } = JSON.parse(stdout) as Status;
      for (const cause of ['unverified', 'too_large', 'unreadable', 'unknown_account'] as const) {
        const found = problems.filter((problem) => problem.cause === cause);
        assert.ok(found.length > 0, cause);
        for (const { vendor, remedy, count, detail, latestAt } of found) {
          assert.equal(vendor, 'hubspot');
          assert.ok(remedy.length > 20 && detail.length > 10 && count > 0 && Date.parse(latestAt) > 0);
        }
      }
      assert.deepEqual(
        tenants.map(({ id }) => id),
        ['tenant-a', 'tenant-b'],
      );
      assert.ok(unrouted.some(({ accountId, reason }) => accountId === '9999998' && reason === 'unknown_account'));
      assert.ok(unrouted.some(({ reason }) => reason === 'unreadable'));
    });

    it('for people says the same in lines', async () => {
      const { code, stdout } = await status();
      assert.equal(code, 0);
      assert.match(stdout, / \(tenant-a\)\n {2}hubspot 8801001: writing\n/);
      assert.match(stdout, /^! hubspot: .*Connect the account/m);
    });

    it('says where what waits is listed, and counts it apart from what is on its way', async () => {
      const { stdout } = await status();
      assert.match(stdout, /^ {2}on their way: \d+ in, \d+ out$/m);
      assert.match(stdout, /^ {2}parked: .* \(rapport parked tenant-a\); conflicts: /m);
    });

    it('says what to do without a token, with another hub’s, and without a hub', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'rapport-command-'));
      try {
        const none = await status({ DATA_DIR: folder });
        assert.equal(none.code, 1);
        assert.match(none.stderr, /no API token in .*npm start/);
        writeFileSync(join(folder, 'api-token'), 'another');
        const other = await status({ DATA_DIR: folder });
        assert.equal(other.code, 1);
        assert.match(other.stderr, /401.*DATA_DIR/);
        const nobody = await status({ RAPPORT_URL: `http://127.0.0.1:${await freePort()}` });
        assert.equal(nobody.code, 1);
        assert.match(nobody.stderr, /does not answer.*npm start/);
        for (const { stderr, stdout } of [none, other, nobody]) {
          assert.equal(stdout, '');
          assert.doesNotMatch(stderr, /\n\s+at /, 'no stack');
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
  describe('rapport history, undo and deletes, asked amiss', () => {
    const said = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await rapport(args, {
        DATA_DIR: house().dataDir,
        RAPPORT_URL: house().urls.hub,
      });
      assert.deepEqual([code, stdout], [1, ''], stderr);
      return stderr;
    };

    it('say which accounts, objects and fields there are', async () => {
      const row = ['hubspot', '8801001'];
      assert.match(
        await said('history', 'hubspot', '1', 'deals', '1'),
        /^No account 1 of hubspot is connected\. .*status/,
      );
      assert.match(
        await said('history', ...row, 'deal', '1'),
        /no object "deal".*Its objects are companies, contacts, deals, notes\./,
      );
      assert.match(await said('history', ...row, 'deals', '1'), /^No record is known for deals 1 of hubspot 8801001\./);
      const [link] = await house().sql<{ id: string }>(
        "select external_id as id from link where installation_id = 'hubspot-a' and object = 'deals' limit 1",
      );
      const field = await said('history', ...row, 'deals', link?.id ?? '', '--field', 'amout');
      assert.match(field, /^A deal has no field "amout"\. Its fields are amount, closeDate, /);
    });

    it('say how an instant is written, and which installation is not there', async () => {
      const undone = await said('undo', 'tenant-a', '--from', 'yesterday', '--to', '2026-01-31T09:00:00Z');
      assert.match(undone, /^from: is no instant; write it as 2026-01-31T09:00:00Z/);
      assert.match(
        await said('deletes', 'confirm', 'tenant-a', 'nowhere', 'deals'),
        /^Tenant tenant-a has no account nowhere\./,
      );
    });
  });
}

import assert from 'node:assert/strict';
import { readConfig } from '../../../hub/config.ts';
import type { Status } from '../../../hub/http/api.ts';
import { startHub, type Hub } from '../../../hub/main.ts';
import { eventually } from '../../kit/eventually.ts';
import type { House } from '../../kit/house.ts';
import { callAsHubspot, propertyChange } from '../../kit/hubspot-app.ts';
import type { PairSupply } from '../../kit/pairs.ts';
import { rapport } from '../../kit/rapport-command.ts';
import { TcpLink } from '../../kit/tcp-link.ts';

/** The house's hub, started again with a wire to its database that can be cut. */
export function outage(house: () => House, supply: PairSupply): void {
  describe('while the database is down', () => {
    let link: TcpLink;
    let hub: Hub;
    before(async function () {
      this.timeout(30_000);
      await house().stopHub();
      const database = new URL(house().database.appUrl);
      link = await TcpLink.to(Number(database.port));
      database.port = String(link.port);
      hub = await startHub(readConfig({ ...house().env, DATABASE_URL: database.href }));
    });
    after(async function () {
      this.timeout(30_000);
      link.mend();
      await hub.stop();
      await link.close();
      await house().startHub();
      await house().quiet();
    });
    afterEach(() => link.mend());

    const command = (): ReturnType<typeof rapport> =>
      rapport(['status', '--json'], { DATA_DIR: house().dataDir, RAPPORT_URL: house().urls.hub });
    const post = (body: string): Promise<Response> =>
      callAsHubspot('POST', `${house().urls.hub}/webhooks/hubspot`, body);

    it('webhooks get 503, readable or not, and what the vendor sends again arrives', async () => {
      const pair = await supply.take('deal');
      await eventually(async () => assert.equal((await fetch(`${house().urls.hub}/health/ready`)).status, 200));
      link.cut();
      const body = JSON.stringify([propertyChange({ eventId: 201, objectId: 999_000_001 })]);
      assert.equal((await post(body)).status, 503);
      assert.equal((await post('not JSON')).status, 503);
      assert.equal((await fetch(`${house().urls.hub}/health/ready`)).status, 503);
      assert.equal((await fetch(`${house().urls.hub}/health/live`)).status, 200);
      await house().people.a.hubspot.update('deals', pair.hubspot, { hs_next_step: 'Set while it was down' });
      const said = await command();
      assert.equal(said.code, 1);
      assert.match(said.stderr, /503/);
      assert.match(said.stderr, /[Dd]atabase/, 'says what is down');
      await new Promise((resolve) => setTimeout(resolve, 300));
      link.mend();

      await eventually(async () => assert.equal((await fetch(`${house().urls.hub}/health/ready`)).status, 200));
      const events = await eventually(async () => {
        const rows = await house().sql(
          `select event->'values' as values from inbox where external_id = $1 and lane = 'event'
           and event->'values'->>'hs_next_step' = 'Set while it was down'`,
          [pair.hubspot],
        );
        assert.equal(rows.length, 1);
        return rows;
      });
      assert.equal(events.length, 1);
      await eventually(async () => {
        const row = await house().people.a.salesforce.read('Opportunity', pair.salesforce, ['NextStep']);
        assert.equal(row['NextStep'], 'Set while it was down');
      });
      const { problems } = JSON.parse((await command()).stdout) as Status;
      const down = problems.find(({ cause }) => cause === 'database_down');
      assert.equal(down?.vendor, 'hubspot');
      assert.match(down?.remedy ?? '', /sends again/);
      await house().quiet();
    }).timeout(40_000);
  });
}

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { signV1, signV2, signV3 } from '../../../sandbox/hubspot/signature.ts';
import { hubspotApp } from '../../../sandbox/seed/credentials.ts';
import type { House } from '../../kit/house.ts';
import { callAsHubspot, propertyChange, type Signing } from '../../kit/hubspot-app.ts';

const minute_ms = 60_000;

export function webhooks(house: () => House): void {
  const url = (): string => `${house().urls.hub}/webhooks/hubspot`;
  const post = (body: string, signing?: Signing): Promise<Response> => callAsHubspot('POST', url(), body, signing);
  const unsigned = (headers: Record<string, string>, body: string): Promise<Response> =>
    fetch(url(), { method: 'POST', headers, body });
  /** A delivery of one event of a deal that nobody has, told apart by its event id. */
  const delivery = (eventId: number, more: Record<string, unknown> = {}): string =>
    JSON.stringify([propertyChange({ eventId, objectId: 999_000_001, ...more })]);
  /** How many different events of that id are stored, looked at or not. */
  const stored = async (eventId: number): Promise<number> => {
    const [row] = await house().sql<{ count: number }>(
      `with stored as (
         select key from inbox
         union select event->>'key' from intake, jsonb_array_elements(events::jsonb) as event
       )
       select count(*)::int from stored where key like $1`,
      [`%|${eventId}|%`],
    );
    return row?.count ?? 0;
  };
  const unrouted = (): Promise<{ account: string | null; reason: string; body: string }[]> =>
    house().sql(
      `select account_id as account, reason, encode(body, 'escape') as body from unrouted order by at_ms desc, id desc`,
    );
  const refused = async (answer: Response): Promise<string> => {
    assert.equal(answer.status, 401);
    const { error, message, remedy } = (await answer.json()) as Record<string, string>;
    assert.equal(error, 'Unverified');
    assert.ok((remedy ?? '').length > 20);
    return message ?? '';
  };

  describe('webhooks', () => {
    it('unsigned: 401', async () => {
      assert.match(await refused(await unsigned({}, delivery(101))), /no X-HubSpot-Signature-v3/);
      assert.equal(await stored(101), 0);
    });

    it('signed by the older versions only: 401', async () => {
      const body = delivery(102);
      const v1 = { 'x-hubspot-signature': signV1(hubspotApp.clientSecret, body), 'x-hubspot-signature-version': 'v1' };
      const request_ = { method: 'POST', uri: url(), body };
      const v2 = {
        'x-hubspot-signature': signV2(hubspotApp.clientSecret, request_),
        'x-hubspot-signature-version': 'v2',
      };
      for (const headers of [v1, v2]) await refused(await unsigned(headers, body));
      assert.equal(await stored(102), 0);
    });

    it('forged, any bit of what is signed flipped: 401', async () => {
      const body = delivery(103);
      for (const at of [0, 20, body.length - 1]) {
        const bytes = Buffer.from(body);
        bytes[at] = (bytes[at] as number) ^ 1;
        await refused(await post(bytes.toString('latin1'), { signedBody: body }));
      }
      await refused(await post(body, { signedUrl: `${url()}?x=1` }));
      await refused(await callAsHubspot('POST', `${url()}?x=1`, body, { signedUrl: url() }));
      await refused(await post(body, { secret: `${hubspotApp.clientSecret} ` }));
      // One instant for what is signed and what is altered: the clock may tick between two looks at it.
      const timestamp_ms = Date.now();
      const later = { 'x-hubspot-request-timestamp': String(timestamp_ms + 1) };
      await refused(await post(body, { timestamp_ms, headers: later }));
      const signature = signV3(hubspotApp.clientSecret, { method: 'POST', uri: url(), body }, timestamp_ms);
      const first = signature.startsWith('A') ? 'B' : 'A';
      const altered = { 'x-hubspot-signature-v3': first + signature.slice(1) };
      await refused(await post(body, { timestamp_ms, headers: altered }));
      assert.equal(await stored(103), 0);
    });

    it('stale, or from the future, or of no time: 401', async () => {
      for (const off_ms of [-5 * minute_ms - 2_000, 5 * minute_ms + 2_000, -86_400_000])
        assert.match(
          await refused(await post(delivery(104), { timestamp_ms: Date.now() + off_ms })),
          /more than 5 minutes/,
        );
      for (const timestamp of ['NaN', '1e13', '-1', ' '])
        await refused(await post(delivery(104), { headers: { 'x-hubspot-request-timestamp': timestamp } }));
      assert.equal(await stored(104), 0);
      assert.equal((await post(delivery(105), { timestamp_ms: Date.now() - 4 * minute_ms })).status, 200);
      assert.equal(await stored(105), 1);
    });

    it('over the cap: 413, told by its length or only by its bytes', async () => {
      const large = JSON.stringify([propertyChange({ eventId: 106, propertyValue: 'x'.repeat(1_000_000) })]);
      const told = await post(large);
      assert.equal(told.status, 413);
      assert.match(((await told.json()) as { remedy: string }).remedy, /less/);
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const chunked = request(url(), { method: 'POST' }, (answer) => resolve(answer.resume().statusCode));
        chunked.on('error', reject);
        for (let sent = 0; sent < 11; sent += 1) chunked.write(Buffer.alloc(100_000, 'x'));
        chunked.end();
      });
      assert.equal(status, 413);
      assert.equal(await stored(106), 0);
    });

    for (const [what, body] of [
      ['no JSON', '{"half":"Hush'],
      ['no list', '{"eventId":"Hush"}'],
      ['no event', '[{"what":"Hush"}]'],
      ['no text', '\u0000\u00ffHush'],
    ] as const)
      it(`signed but unreadable (${what}): 200, and kept as it came`, async () => {
        const before = await unrouted();
        assert.equal((await post(body)).status, 200);
        const kept = (await unrouted()).find((row) => row.reason === 'unreadable');
        assert.equal((await unrouted()).length, before.length + 1);
        const raw = await house().sql<{ body: Buffer }>('select body from unrouted order by at_ms desc, id desc');
        assert.ok(raw.some((row) => row.body.equals(Buffer.from(body))));
        assert.equal(kept?.account, null);
        const { problems } = await house().status();
        assert.doesNotMatch(JSON.stringify(problems), /Hush/, 'a problem quotes nothing of a delivery');
      });

    it('of an account that is not connected: 200, and kept unrouted, without its values', async () => {
      const stranger = { portalId: 9_999_999, propertyValue: 'Hush-unrouted' };
      const mine = propertyChange({ eventId: 108, objectId: 999_000_001 });
      const body = JSON.stringify([propertyChange({ eventId: 109, ...stranger }), mine]);
      assert.equal((await post(body)).status, 200);
      const kept = (await unrouted()).filter((row) => row.account === '9999999');
      assert.equal(kept.length, 1);
      assert.equal(kept[0]?.reason, 'unknown_account');
      assert.match(kept[0]?.body ?? '', /109/);
      assert.doesNotMatch(kept[0]?.body ?? '', /Hush/);
      assert.equal(await stored(108), 1, 'the events of known accounts beside it are taken');
    });

    it('one hundred times at once: 200 each, stored once', async () => {
      const body = delivery(110);
      const answers = await Promise.all(Array.from({ length: 100 }, () => post(body)));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
      assert.equal(await stored(110), 1);
      assert.equal((await post(delivery(110, { attemptNumber: 3 }).replace(/"occurredAt":\d+/, ''))).status, 200);
    });

    it('two events that share an id are two', async () => {
      const twins = [10, 20].map((objectId) => propertyChange({ eventId: 111, objectId: 999_000_000 + objectId }));
      assert.equal((await post(JSON.stringify(twins))).status, 200);
      assert.equal(await stored(111), 2);
    });

    it('lets no value in that no mapping names', async () => {
      const hush = { propertyName: 'favourite_colour', propertyValue: 'Hush-unmapped' };
      assert.equal((await post(delivery(112, hush))).status, 200);
      assert.equal(await stored(112), 0);
    });

    it('does not change its mind for any forwarded header', async () => {
      const { host } = new URL(url());
      const forwarded: Record<string, string>[] = [
        { 'x-forwarded-host': 'evil.example' },
        { 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
        { 'x-forwarded-host': 'evil.example, proxy.example', 'x-forwarded-prefix': '/hub' },
        { forwarded: 'host=evil.example;proto=https' },
        { 'x-original-url': '/other', 'x-rewrite-url': '/other' },
      ];
      for (const [index, headers] of forwarded.entries()) {
        assert.equal((await post(delivery(120 + index), { headers })).status, 200, JSON.stringify(headers));
        const elsewhere = `https://evil.example/webhooks/hubspot`;
        await refused(await post(delivery(130 + index), { signedUrl: elsewhere, headers }));
      }
      await refused(await post(delivery(136), { signedUrl: url().replace(host, `user@${host}`) }));
    });
  });
}

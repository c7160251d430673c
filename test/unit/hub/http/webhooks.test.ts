import assert from 'node:assert/strict';
import { Problems } from '../../../../hub/http/problems.ts';
import { createApp, listen } from '../../../../hub/http/server.ts';
import { webhookRoutes } from '../../../../hub/http/webhooks.ts';
import type { CrmConnector } from '../../../../protocol/crm-connector.ts';
import { Invalid, RetryLater, Unverified } from '../../../../protocol/errors.ts';
import { testClock } from '../../../conformance/store/rig.ts';

type Deps = Parameters<typeof webhookRoutes>[0];

describe('hub/http webhooks', () => {
  const problems = new Problems();
  const steps: string[] = [];
  let verify: () => void = () => undefined;
  let parse: () => [] = () => [];
  let keepUnrouted: () => Promise<void> = async () => undefined;
  let server: Awaited<ReturnType<typeof listen>>;

  before(async () => {
    const hubspot = {
      vendor: 'hubspot',
      webhooks: {
        verify: () => {
          steps.push('verify');
          verify();
        },
        parse: () => {
          steps.push('parse');
          return parse();
        },
      },
    };
    const store = {
      keepUnrouted: () => {
        steps.push('keep');
        return keepUnrouted();
      },
    };
    const connectors = { hubspot, salesforce: { vendor: 'salesforce' } } as unknown as Record<string, CrmConnector>;
    const bell = { ring: async () => undefined };
    const deps = { store, connectors, bell, problems, clock: testClock(), mapper: {} } as unknown as Deps;
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    server = await listen(createApp(webhookRoutes(deps), log), { host: '127.0.0.1', port: 0 });
  });
  after(() => server.stop());
  beforeEach(() => {
    steps.length = 0;
    verify = () => undefined;
    parse = () => [];
    keepUnrouted = async () => undefined;
  });
  const post = async (body = '[]'): Promise<number> =>
    (await fetch(`http://127.0.0.1:${server.port}/webhooks/hubspot`, { method: 'POST', body })).status;
  const newest = (): object => {
    const { vendor, cause, remedy } = problems.list()[0] ?? {};
    return { vendor, cause, remedy: remedy !== undefined && remedy.length > 10 };
  };

  it('verifies, then parses', async () => {
    assert.equal(await post(), 200);
    assert.deepEqual(steps, ['verify', 'parse']);
  });

  it('looks no further at what is not verified', async () => {
    verify = () => {
      throw new Unverified('no signature', 'Check the secret of the app.');
    };
    assert.equal(await post('not even JSON'), 401);
    assert.deepEqual(steps, ['verify']);
    assert.deepEqual(newest(), { vendor: 'hubspot', cause: 'unverified', remedy: true });
  });

  it('keeps what is signed and cannot be read', async () => {
    parse = () => {
      throw new Invalid('no list of events', 'Keep the delivery and report it.');
    };
    assert.equal(await post('{}'), 200);
    assert.deepEqual(steps, ['verify', 'parse', 'keep']);
    assert.deepEqual(newest(), { vendor: 'hubspot', cause: 'unreadable', remedy: true });
  });

  it('asks for a repeat when that cannot be kept, and says why', async () => {
    parse = () => {
      throw new Invalid('no list of events', 'Keep the delivery and report it.');
    };
    keepUnrouted = () => Promise.reject(new RetryLater('The database does not answer.', 1));
    assert.equal(await post('{}'), 503);
    assert.deepEqual(newest(), { vendor: 'hubspot', cause: 'database_down', remedy: true });
  });

  it('reads no body over the cap, and says so', async () => {
    assert.equal(await post('x'.repeat(1_000_001)), 413);
    assert.deepEqual(steps, []);
    assert.deepEqual(newest(), { vendor: 'hubspot', cause: 'too_large', remedy: true });
  });
});

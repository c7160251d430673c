import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { DealView } from '../../../../hub/view/deal-view.ts';
import { readDealView, type ViewDeps } from '../../../../hub/view/read-deal-view.ts';
import { loadMappings } from '../../../../mappings/load.ts';
import { createMapper } from '../../../../mappings/mapper.ts';
import type { Change, Installation, Link, Parked, Person } from '../../../../protocol/nouns.ts';
import type { TenantTx } from '../../../../protocol/ports/store.ts';
import type { Run } from '../../../../protocol/run.ts';

const now_ms = Date.UTC(2027, 0, 2, 12);
const mapper = createMapper(loadMappings(join(import.meta.dirname, '..', '..', '..', '..', 'mappings')));

function installation(id: string, vendor: Installation['vendor'], more: Partial<Installation> = {}): Installation {
  const account = {
    accountId: id,
    state: 'writing',
    confirmed: true,
    targets: {},
    timeZone: null,
    brokenReason: null,
  } as const;
  return { tenantId: 't', id, vendor, ...account, ...more };
}

function link(installationId: string, object: string, more: Partial<Link> = {}): Link {
  return {
    id: `l-${installationId}`,
    recordId: 'deal',
    installationId,
    object,
    externalId: '1',
    state: 'live',
    base: {},
    facts: {},
    stamp_ms: now_ms,
    writtenAt_ms: null,
    deliverAt_ms: null,
    attempts: 0,
    agreedAt_ms: now_ms - 1_000,
    ...more,
  };
}

function change(id: string, more: Partial<Change> = {}): Change {
  return {
    id,
    recordId: 'deal',
    field: 'nextStep',
    before: null,
    after: 'Call',
    side: 'hubspot',
    author: { kind: 'person', userId: '7' },
    cause: { lane: 'event', id },
    at_ms: now_ms - 3_000,
    ...more,
  };
}

const people: Person[] = [
  { installationId: 'hs', userId: '9', ownerId: '7', name: 'Olga Owner', email: 'olga@x.example' },
  { installationId: 'hs', userId: '7', ownerId: '70', name: 'Uta User', email: 'uta@x.example' },
  { installationId: 'sf', userId: '005A', ownerId: '005A', name: 'Sally Seller', email: 'sally@x.example' },
];

interface Rows {
  installations: Installation[];
  links: Link[];
  changes: Change[];
  parked: Parked[];
  run: Run | undefined;
}

const linked: Rows = {
  installations: [installation('hs', 'hubspot'), installation('sf', 'salesforce')],
  links: [link('hs', 'deals'), link('sf', 'Opportunity')],
  changes: [],
  parked: [],
  run: undefined,
};

/** The view from HubSpot's side over rows as given. */
async function view(more: Partial<Rows>, at = 'hs'): Promise<DealView> {
  const rows = { ...linked, ...more };
  const tx = {
    installations: async () => rows.installations,
    linksByExternalId: async (installationId: string) =>
      rows.links.filter((one) => one.installationId === installationId),
    linksOfRecords: async () => rows.links,
    changesOf: async () => rows.changes,
    people: async () => people,
    parkedOf: async () => rows.parked,
    latestRun: async () => rows.run,
    latestResult: async () => undefined,
    record: async (id: string) => ({ fields: id === 'c1' ? { name: 'Acme' } : { email: 'e@x.example' } }),
  } as unknown as TenantTx;
  const deps = {
    store: { tenant: (_: string, work: (tx: TenantTx) => unknown) => work(tx) },
    crm: {
      describe: async () => {
        throw new Error('the vendor does not answer');
      },
    },
    mapper,
    clock: { now_ms: () => now_ms, sleep: async () => undefined },
  } as unknown as ViewDeps;
  const answer = await readDealView(deps, { tenantId: 't', installationId: at }, '1');
  assert.ok(answer.status === 'ok', answer.status);
  return answer.view;
}

describe('hub/view deal', () => {
  it('shows a side that is linked, also while that CRM does not answer', async () => {
    const facts = {
      owner: '005A',
      stage: 'Id. Decision Makers',
      amount: '5',
      currency: 'EUR',
      lastTouchAt: '2027-01-01',
    };
    const { otherSide } = await view({ links: [link('hs', 'deals'), link('sf', 'Opportunity', { facts })] });
    assert.deepEqual(otherSide, {
      vendor: 'salesforce',
      state: 'linked',
      owner: { name: 'Sally Seller', email: 'sally@x.example' },
      stage: 'Id. Decision Makers',
      lastTouchAt: '2027-01-01T00:00:00.000Z',
      nextStep: null,
      amount: '5',
      currency: 'EUR',
    });
  });

  it('shows a side that is to be created as pending, and one that is missing as unmatched', async () => {
    const pending = await view({ links: [link('hs', 'deals'), link('sf', 'Opportunity', { externalId: null })] });
    assert.deepEqual(pending.otherSide, { vendor: 'salesforce', state: 'pending' });
    const missing = await view({ links: [link('hs', 'deals')] });
    assert.deepEqual(missing.otherSide, { vendor: 'salesforce', state: 'unmatched' });
    const retired = await view({ links: [link('hs', 'deals'), link('sf', 'Opportunity', { state: 'retired' })] });
    assert.deepEqual(retired.otherSide, { vendor: 'salesforce', state: 'unmatched' });
    const gone = [installation('hs', 'hubspot'), installation('sf', 'salesforce', { state: 'disconnected' })];
    assert.equal((await view({ installations: gone })).otherSide.state, 'unmatched');
    assert.deepEqual((await view({ installations: [installation('hs', 'hubspot')] })).otherSide, {
      vendor: 'salesforce',
      state: 'unmatched',
    });
  });

  it('an owner’s number that is another’s user number names the owner', async () => {
    const sides = [link('hs', 'deals', { facts: { owner: '7' } }), link('sf', 'Opportunity')];
    const { otherSide } = await view({ links: sides }, 'sf');
    assert.ok(otherSide.state === 'linked');
    assert.equal(otherSide.owner?.name, 'Olga Owner');
  });

  it('names the author by the user number of the account where it was done', async () => {
    const changes = [
      change('1'),
      change('2', { author: { kind: 'person', userId: '70' } }),
      change('3', { side: 'salesforce', author: { kind: 'person', userId: '7' } }),
      change('4', { side: 'salesforce', author: { kind: 'person', userId: '005A' } }),
      change('5', { author: { kind: 'automation', userId: null } }),
      change('6', { author: { kind: 'unknown', userId: null } }),
      change('7', { side: 'hub', author: { kind: 'rapport', userId: null } }),
    ];
    const seen = (await view({ changes })).changes;
    assert.deepEqual(
      seen.map(({ author, vendor }) => [author.name, author.kind, vendor]),
      [
        ['Uta User', 'person', 'hubspot'],
        ['', 'person', 'hubspot'],
        ['', 'person', 'salesforce'],
        ['Sally Seller', 'person', 'salesforce'],
        ['', 'automation', 'hubspot'],
        ['', 'automation', 'hubspot'],
        ['Rapport', 'rapport', 'rapport'],
      ],
    );
  });

  it('shows ten changes at most, none of a first reading, and references by name', async () => {
    const first = change('first', { cause: { lane: 'first', id: 'first' } });
    const moved = change('moved', { field: 'company', before: null, after: 'c1' });
    const many = Array.from({ length: 12 }, (_, index) => change(`n${index}`));
    const seen = (await view({ changes: [first, moved, ...many] })).changes;
    assert.equal(seen.length, 10);
    assert.deepEqual([seen[0]?.id, seen[0]?.before, seen[0]?.after], ['moved', null, 'Acme']);
    const set = change('set', { field: 'contacts', before: ['p1'], after: ['p1', 'c1'] });
    const [both] = (await view({ changes: [set] })).changes;
    assert.deepEqual([both?.before, both?.after], ['e@x.example', 'e@x.example, Acme']);
  });

  it('says whether the sides agree, since when, and how long the last change took or waits', async () => {
    const { sync } = await view({ changes: [change('1')] });
    assert.deepEqual(sync, {
      state: 'in_sync',
      lastSyncedAt: new Date(now_ms - 1_000).toISOString(),
      lag_ms: 2_000,
      parked: [],
    });
    const waiting = [link('hs', 'deals'), link('sf', 'Opportunity', { deliverAt_ms: now_ms + 5_000 })];
    const behind = (await view({ links: waiting, changes: [change('1')] })).sync;
    assert.deepEqual([behind.state, behind.lag_ms], ['behind', 3_000]);
    assert.deepEqual((await view({})).sync.lag_ms, null);
  });

  it('shows what is parked with cause and remedy, and no value', async () => {
    const entry: Parked = {
      id: 'p',
      installationId: 'sf',
      object: 'Opportunity',
      externalId: '1',
      recordId: 'deal',
      field: 'nextStep',
      cause: 'too_long',
      detail: 'longer than 255',
      remedy: 'Shorten it.',
      value: 'hush',
      waitsFor: null,
      at_ms: now_ms,
    };
    const { sync } = await view({ parked: [entry, { ...entry, field: null, cause: 'refused' }] });
    assert.equal(sync.state, 'parked');
    assert.deepEqual(
      sync.parked.map(({ field, cause, remedy }) => [field, cause, remedy]),
      [
        ['nextStep', 'too_long', 'Shorten it.'],
        ['', 'refused', 'Shorten it.'],
      ],
    );
    assert.doesNotMatch(JSON.stringify(sync), /hush/);
  });

  it('says where all accounts are only observed, and lets nobody start research there', async () => {
    const at = (hubspot: Installation['state'], salesforce: Installation['state']) =>
      view({
        installations: [
          installation('hs', 'hubspot', { state: hubspot }),
          installation('sf', 'salesforce', { state: salesforce }),
        ],
      });
    for (const [seen, refused] of [
      [await at('observing', 'observing'), 'observing'],
      [await at('linking', 'disconnected'), 'observing'],
      [await at('observing', 'writing'), null],
    ] as const)
      assert.deepEqual([seen.researchRefused, seen.canStartResearch], [refused, refused === null]);
  });

  it('lets research start unless a run is under way, also one that is held, and shows why one failed', async () => {
    const run = { id: 'r', state: 'running', startedAt_ms: now_ms, finishedAt_ms: null, progress: null, message: null };
    const running = await view({ run: run as unknown as Run });
    assert.equal(running.canStartResearch, false);
    assert.deepEqual(running.run?.progress, { done: 0, current: 1, total: 1, step: 'planning', detail: null });
    const states = { queued: false, waiting: true, succeeded: true, cancelled: true };
    for (const [state, may] of Object.entries(states))
      assert.equal((await view({ run: { ...run, state } as unknown as Run })).canStartResearch, may, state);
    const failed = await view({ run: { ...run, state: 'failed', message: 'No page.' } as unknown as Run });
    assert.deepEqual([failed.canStartResearch, failed.run?.error], [true, 'No page.']);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Alert,
  Button,
  DescriptionListItem,
  ErrorState,
  Heading,
  LoadingButton,
  LoadingSpinner,
  ProgressBar,
  Text,
} from '@hubspot/ui-extensions';
import { createRenderer } from '@hubspot/ui-extensions/testing';
import type { HubApi } from '../api/hub-api.ts';
import { dealView, runningRun } from '../test-utils/deal-view.ts';
import type { HubAnswer } from '../types/deal-view.ts';
import { DealPanel } from './DealPanel.tsx';

const show = (api: Partial<HubApi>) => {
  const renderer = createRenderer('crm.record.tab');
  const alerts: string[] = [];
  let refreshes = 0;
  let changed: (properties: Record<string, string>, error?: { message: string }) => void = () => {};
  const unexpected = (): Promise<HubAnswer> => Promise.reject(new Error('not expected'));
  renderer.render(
    <DealPanel
      api={{ getDeal: unexpected, startResearch: unexpected, ...api }}
      objectId="42"
      addAlert={({ message }) => alerts.push(message)}
      refreshObjectProperties={() => (refreshes += 1)}
      onCrmPropertiesUpdate={(_properties, callback) => (changed = callback)}
    />,
  );
  return { ...renderer, alerts, refreshes: () => refreshes, change: () => changed({ dealstage: 'closedwon' }) };
};

const ok = (over = {}): HubAnswer => ({ status: 'ok', view: dealView(over) });

describe('DealPanel', () => {
  it('says that it loads, until the hub has answered', async () => {
    const { find, maybeFind, waitFor } = show({ getDeal: async () => ok() });
    assert.equal(find(LoadingSpinner).props.label, 'Loading Rapport');
    await waitFor(() => assert.equal(maybeFind(LoadingSpinner), null));
  });

  it('opens with the other side: owner, stage, last touch, next step', async () => {
    const { find, findAll, waitFor } = show({ getDeal: async () => ok() });
    await waitFor(() => assert.equal(find(Heading).text, 'In Salesforce'));
    const labels = findAll(DescriptionListItem).map((item) => item.props.label);
    assert.deepEqual(labels, ['Owner', 'Stage', 'Last touch', 'Next step', 'Amount']);
    assert.match(find(DescriptionListItem, { label: 'Owner' }).find(Text).text ?? '', /^Dana Ruiz\ndana@example\.com$/);
  });

  const notices: [Exclude<HubAnswer['status'], 'ok'>, RegExp][] = [
    ['not_connected', /not connected/],
    ['not_synced', /does not know/],
    ['no_permission', /may not see/],
  ];
  for (const [status, title] of notices) {
    it(`explains ${status}`, async () => {
      const { find, waitFor } = show({ getDeal: async () => ({ status }) });
      await waitFor(() => assert.match(find(ErrorState).props.title ?? '', title));
    });
  }

  it('offers to try again when the hub is out of reach, and recovers', async () => {
    let calls = 0;
    const getDeal = async (): Promise<HubAnswer> => {
      calls += 1;
      if (calls === 1) throw new Error('502');
      return ok();
    };
    const { find, findAll, waitFor } = show({ getDeal });
    await waitFor(() => find(ErrorState));
    find(Button).trigger('onClick');
    await waitFor(() => assert.ok(findAll(Heading).length > 0));
    assert.equal(calls, 2);
  });

  it('starts research with a fresh click id and shows its progress', async () => {
    const clicks: [string, string][] = [];
    const { find, waitFor } = show({
      getDeal: async () => ok(),
      startResearch: async (objectId, clickId) => {
        clicks.push([objectId, clickId]);
        return ok({ run: runningRun, canStartResearch: false });
      },
    });
    await waitFor(() => find(LoadingButton));
    find(LoadingButton).trigger('onClick');
    await waitFor(() => assert.equal(find(ProgressBar).props.value, 2));
    assert.equal(find(ProgressBar).props.title, 'Reading the company’s pages');
    assert.equal(clicks.length, 1);
    assert.equal(clicks[0]?.[0], '42');
    assert.match(clicks[0]?.[1] ?? '', /^[0-9a-f-]{36}$/);
  });

  it('says why a run waits, and lets it be started', async () => {
    const { find, maybeFind, waitFor } = show({
      getDeal: async () => ok({ run: { ...runningRun, state: 'waiting', startedAt: null } }),
      startResearch: async () => ok({ run: runningRun, canStartResearch: false }),
    });
    await waitFor(() => assert.equal(find(Alert).props.title, 'Held back'));
    assert.match(find(Alert).text ?? '', /Many deals .* Start this one here/);
    assert.equal(maybeFind(ProgressBar), null);
    find(LoadingButton).trigger('onClick');
    await waitFor(() => find(ProgressBar));
    assert.equal(maybeFind(Alert), null);
  });

  it('offers no research where the accounts are only observed, and says so', async () => {
    const refused = ok({ canStartResearch: false, researchRefused: 'observing' });
    const { find, maybeFind, waitFor } = show({ getDeal: async () => refused });
    await waitFor(() => assert.match(find(Alert).props.title ?? '', /only reads .* an administrator/));
    assert.equal(maybeFind(LoadingButton), null);
  });

  it('keeps the deal on screen and tells the user when the click did not reach the hub', async () => {
    const { find, waitFor, alerts } = show({
      getDeal: async () => ok(),
      startResearch: () => Promise.reject(new Error('502')),
    });
    await waitFor(() => find(LoadingButton));
    find(LoadingButton).trigger('onClick');
    await waitFor(() => assert.equal(find(LoadingButton).props.loading, false));
    await new Promise(setImmediate);
    assert.deepEqual(alerts, ['Research was not started. Rapport cannot be reached. Try again.']);
  });

  it('asks again soon after the record has changed, once for several properties of one edit', async () => {
    let asked = 0;
    const getDeal = async (): Promise<HubAnswer> => {
      asked += 1;
      return ok({ otherSide: { ...dealView().otherSide, stage: asked === 1 ? 'Prospecting' : 'Closed Won' } });
    };
    const { find, waitFor, change } = show({ getDeal });
    const stage = () => find(DescriptionListItem, { label: 'Stage' }).find(Text).text;
    await waitFor(() => assert.equal(stage(), 'Prospecting'));
    change();
    change();
    await waitFor(() => assert.equal(stage(), 'Closed Won'));
    assert.equal(asked, 2);
  });

  it('has the page read its properties again when the CRMs have agreed on something new', async () => {
    let asked = 0;
    const getDeal = async (): Promise<HubAnswer> => {
      asked += 1;
      return ok({ sync: { ...dealView().sync, lastSyncedAt: `202${asked}-11-22T10:00:00.000Z` } });
    };
    const { findAll, waitFor, change, refreshes } = show({ getDeal });
    await waitFor(() => assert.ok(findAll(Heading).length > 0));
    assert.equal(refreshes(), 0);
    change();
    await waitFor(() => assert.equal(asked, 2));
    await new Promise(setImmediate);
    assert.equal(refreshes(), 1);
  });

  it('names what waits, why, and what would free it', async () => {
    const parked = [{ field: 'nextStep', cause: 'too_long', detail: '300 of 255 characters', remedy: 'Shorten it.' }];
    const { find, waitFor } = show({
      getDeal: async () => ok({ sync: { state: 'parked', lastSyncedAt: null, lag_ms: null, parked } }),
    });
    await waitFor(() => assert.equal(find(Alert).props.title, 'Next step is not synced: the text is too long'));
    assert.deepEqual(
      find(Alert)
        .findAll(Text)
        .map(({ text }) => text),
      ['300 of 255 characters', 'Shorten it.'],
    );
  });
});

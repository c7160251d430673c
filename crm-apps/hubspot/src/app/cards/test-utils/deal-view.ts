import type { DealView } from '../types/deal-view.ts';

/** A linked deal with one change, no run and no brief; `over` replaces parts of it. */
export const dealView = (over: Partial<DealView> = {}): DealView => ({
  side: 'hubspot',
  otherSide: {
    vendor: 'salesforce',
    state: 'linked',
    owner: { name: 'Dana Ruiz', email: 'dana@example.com' },
    stage: 'Qualification',
    lastTouchAt: '2026-11-20T09:00:00.000Z',
    nextStep: 'Send the security questionnaire',
    amount: '48000',
    currency: 'EUR',
  },
  sync: { state: 'in_sync', lastSyncedAt: '2026-11-22T10:00:00.000Z', lag_ms: 240, parked: [] },
  changes: [
    {
      id: 'change-1',
      at: '2026-11-22T10:00:00.000Z',
      field: 'stage',
      before: 'appointmentscheduled',
      after: 'qualifiedtobuy',
      author: { name: 'Dana Ruiz', kind: 'person' },
      vendor: 'salesforce',
    },
  ],
  run: null,
  brief: null,
  canStartResearch: true,
  researchRefused: null,
  ...over,
});

export const runningRun: NonNullable<DealView['run']> = {
  id: 'run-1',
  state: 'running',
  startedAt: '2026-11-22T10:00:00.000Z',
  finishedAt: null,
  progress: { done: 2, current: 3, total: 6, step: 'reading', detail: 'acme.example' },
  error: null,
};

export const brief: NonNullable<DealView['brief']> = {
  createdAt: '2026-11-22T10:05:00.000Z',
  model: 'Sandbox model (extractive)',
  summary: 'A maker of pumps.',
  whatTheyDo: 'Pumps for water works.',
  competitors: [{ name: 'Flow Co', domain: 'flow.example', why: 'sells pumps too', source: 'https://www.flow.example/' }],
  talkingPoints: [{ text: 'They opened a second plant.', source: 'javascript:alert(1)' }],
  social: [
    { network: 'Mastodon', status: 'available', followers: 1200, posts: 1, source: 'https://social.example/acme' },
    { network: 'LinkedIn', status: 'unavailable', reason: 'no public figures' },
    { network: 'TikTok', status: 'unavailable', reason: 'Only its owner.', code: 'owner_only' },
  ],
  sources: [{ url: 'https://acme.example/', title: 'Acme', fetchedAt: '2026-11-22T10:01:00.000Z' }],
};

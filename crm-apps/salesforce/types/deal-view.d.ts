/** What the hub answers about a deal. Instants are ISO 8601; texts of the hub are shown as they come. */
export type Vendor = 'hubspot' | 'salesforce';

export type DealAnswer =
  { status: 'ok'; view: DealView } | { status: 'not_connected' } | { status: 'not_synced' } | { status: 'no_permission' };

export interface DealView {
  side: Vendor;
  otherSide: OtherSide;
  sync: Sync;
  /** Newest first, at most 10. */
  changes: Change[];
  run: Run | null;
  brief: Brief | null;
  canStartResearch: boolean;
  researchRefused: 'observing' | null;
}

export type OtherSide =
  | {
      vendor: Vendor;
      state: 'linked';
      owner: { name: string; email: string } | null;
      /** The label of that CRM itself. */
      stage: string | null;
      lastTouchAt: string | null;
      nextStep: string | null;
      amount: string | null;
      currency: string | null;
    }
  | { vendor: Vendor; state: 'pending' | 'unmatched' };

export interface Sync {
  state: 'in_sync' | 'behind' | 'parked';
  lastSyncedAt: string | null;
  lag_ms: number | null;
  parked: { field: string; cause: string; detail: string; remedy: string }[];
}

export interface Change {
  id: string;
  at: string;
  field: string;
  before: string | null;
  after: string | null;
  author: { name: string; kind: 'person' | 'automation' | 'rapport' };
  vendor: Vendor | 'rapport';
}

export interface Run {
  id: string;
  state: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
  startedAt: string | null;
  finishedAt: string | null;
  progress: { done: number; current: number; total: number; step: string; detail: string | null };
  error: string | null;
}

export interface Brief {
  createdAt: string;
  /** The model's label, as shown. */
  model: string;
  summary: string;
  whatTheyDo: string;
  competitors: { name: string; domain: string | null; why: string; source: string }[];
  talkingPoints: { text: string; source: string }[];
  social: SocialFigure[];
  sources: { url: string; title: string; fetchedAt: string }[];
}

export type SocialFigure =
  | { network: string; status: 'available'; followers: number; posts: number | null; source: string }
  | { network: string; status: 'unavailable'; reason: string; code?: string };

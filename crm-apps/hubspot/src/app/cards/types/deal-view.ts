/** What the hub answers for a deal. Values are canonical; labels belong to the catalogues. */
export type CrmVendor = 'hubspot' | 'salesforce';

export type OtherSide =
  | {
      vendor: CrmVendor;
      state: 'linked';
      owner: { name: string; email: string } | null;
      /** The other CRM's own label. */
      stage: string | null;
      /** ISO instant. */
      lastTouchAt: string | null;
      nextStep: string | null;
      amount: string | null;
      currency: string | null;
    }
  | { vendor: CrmVendor; state: 'pending' | 'unmatched' };

export interface ParkedField {
  field: string;
  cause: string;
  detail: string;
  remedy: string;
}

export interface SyncState {
  state: 'in_sync' | 'behind' | 'parked';
  lastSyncedAt: string | null;
  lag_ms: number | null;
  parked: ParkedField[];
}

export interface FieldChange {
  id: string;
  at: string;
  field: string;
  before: string | null;
  after: string | null;
  author: { name: string; kind: 'person' | 'automation' | 'rapport' };
  vendor: CrmVendor | 'rapport';
}

export interface ResearchRun {
  id: string;
  state: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
  startedAt: string | null;
  finishedAt: string | null;
  progress: {
    done: number;
    /** The step under way, from 1. */
    current: number;
    total: number;
    step: 'planning' | 'reading' | 'searching' | 'social' | 'writing' | 'filing';
    detail: string | null;
  };
  error: string | null;
}

export type SocialFigure =
  | { network: string; status: 'available'; followers: number; posts: number | null; source: string }
  | {
      network: string;
      status: 'unavailable';
      /** The network's own words, or the hub's in English; `code` where the catalogues have a text. */
      reason: string;
      code?: string;
    };

export interface Brief {
  createdAt: string;
  /** The model's label as shown to people. */
  model: string;
  summary: string;
  whatTheyDo: string;
  competitors: { name: string; domain: string | null; why: string; source: string }[];
  talkingPoints: { text: string; source: string }[];
  social: SocialFigure[];
  sources: { url: string; title: string; fetchedAt: string }[];
}

export interface DealView {
  side: CrmVendor;
  otherSide: OtherSide;
  sync: SyncState;
  /** Newest first, at most 10. */
  changes: FieldChange[];
  run: ResearchRun | null;
  brief: Brief | null;
  canStartResearch: boolean;
  researchRefused: 'observing' | null;
}

export type HubAnswer =
  | { status: 'ok'; view: DealView }
  | { status: 'not_connected' }
  | { status: 'not_synced' }
  | { status: 'no_permission' };

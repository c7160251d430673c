import type { z } from 'zod';
import type { Fields } from './fields.ts';
import type { Model } from './model.ts';
import type { Kind } from './nouns.ts';
import type { Clock } from './ports/clock.ts';
import type { Ids } from './ports/ids.ts';

/** A job is a declaration. `perform` knows the world by its ports only. */
export interface Job<Input> {
  kind: string;
  /** Raised when what a run does changes, so that an old checkpoint is not resumed by new code. */
  version: number;
  input: z.ZodType<Input>;
  limits: { time_ms: number; tokens: number; fetches: number };
  perform(input: Input, ports: JobPorts): Promise<JobOutcome>;
}

export type ProgressStep = 'planning' | 'reading' | 'searching' | 'social' | 'writing' | 'filing';

export interface Progress {
  done: number;
  total: number;
  step: ProgressStep;
  /** What is being done right now, e.g. the address being read. */
  detail: string | null;
}

export interface JobPorts {
  runId: string;
  clock: Clock;
  ids: Ids;
  model: Model;
  fetchPage: FetchPage;
  /** Absent where the deployment has no search account. */
  search?: Search;
  /** Absent where no social account is connected. */
  social?: readonly SocialSource[];
  progress(progress: Progress): Promise<void>;
  signal: AbortSignal;
}

/** Fetches a public page. Never throws for what a page does: the reason says why there is no text. */
export type FetchPage = (url: string, signal: AbortSignal) => Promise<FetchedPage>;

export type FetchedPage =
  | {
      status: 'read';
      url: string;
      title: string;
      text: string;
      links: readonly string[];
      fetchedAt_ms: number;
      hash: string;
    }
  | {
      status: 'unavailable';
      url: string;
      reason: 'robots' | 'blocked_address' | 'too_large' | 'timeout' | 'not_html' | 'http_error' | 'unreachable';
      detail: string;
    };

export interface SearchHit {
  url: string;
  title: string;
  snippet: string;
}

export interface Search {
  name: string;
  /** At most `count` hits, best first. Errors of the family in errors.ts. */
  query(text: string, count: number, signal: AbortSignal): Promise<SearchHit[]>;
}

export interface SocialSource {
  network: string;
  /** Figures of a company's public account, or why there are none. */
  figures(company: { name: string; domain: string | null }, signal: AbortSignal): Promise<SocialFigures>;
}

export type SocialFigures =
  | {
      network: string;
      status: 'available';
      handle: string;
      followers: number;
      posts: number | null;
      source: string;
      readAt_ms: number;
    }
  | SocialUnavailable;

/** `reason` is for people, in English or in the network's own words; with a `code` they can be told in their language. */
export interface SocialUnavailable {
  network: string;
  status: 'unavailable';
  reason: string;
  code?: SocialGap;
}

/** Why there are no figures. Cards and components have a text for each. */
export type SocialGap =
  | 'owner_only'
  | 'approved_apps_only'
  | 'not_connected'
  | 'not_theirs'
  | 'not_professional'
  | 'reconnect'
  | 'limited'
  | 'too_late';

/** What a finished (or budget-ended) run gives back. The hub files it in one transaction. */
export interface JobOutcome {
  /** New records; `key` makes a repeat of the same run file nothing twice. */
  records: readonly { key: string; kind: Kind; fields: Fields }[];
  /** Fields set on existing records. */
  updates: readonly { recordId: string; fields: Fields }[];
  /** Shown by cards; JSON. */
  result: unknown;
  /** True when a budget ended the run early: the result is marked as partial. */
  partial: boolean;
  cost: { inputTokens: number; outputTokens: number; fetches: number };
}

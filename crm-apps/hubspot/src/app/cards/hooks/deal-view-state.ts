import type { HubAnswer } from '../types/deal-view.ts';

export interface DealViewState {
  /** The newest answer; kept when a later request fails, so that a short outage hides nothing. */
  answer: HubAnswer | null;
  failed: boolean;
  starting: boolean;
  /** How many more times the card looks again soon, because the hub is about to know more than it has told. */
  quickLooks: number;
}

export type DealViewAction =
  | { type: 'answered'; answer: HubAnswer }
  | { type: 'failed' }
  | { type: 'record_changed' }
  | { type: 'starting' }
  | { type: 'start_failed' };

export const initialState: DealViewState = { answer: null, failed: false, starting: false, quickLooks: 0 };

/** A change reaches the hub as an event within seconds of the page's knowing it. */
const AFTER_CHANGE_LOOKS = 3;
const WHILE_UNSETTLED_LOOKS = 5;

/** Pure: what the card knows after an action. */
export const dealViewReducer = (state: DealViewState, action: DealViewAction): DealViewState => {
  switch (action.type) {
    case 'answered':
      return {
        answer: action.answer,
        failed: false,
        starting: false,
        quickLooks: looksAfter(state, isUnsettled(action.answer)),
      };
    case 'failed':
      return { ...state, failed: true, quickLooks: looksAfter(state, true) };
    case 'record_changed':
      return { ...state, quickLooks: AFTER_CHANGE_LOOKS };
    case 'starting':
      return { ...state, starting: true };
    case 'start_failed':
      return { ...state, starting: false };
  }
};

/** Limited, as what the card waits for may be blocked for hours; none once it has come. */
const looksAfter = (state: DealViewState, unsettled: boolean): number => {
  const wasUnsettled = state.failed || isUnsettled(state.answer);
  if (unsettled === wasUnsettled) return Math.max(0, state.quickLooks - 1);
  return unsettled ? WHILE_UNSETTLED_LOOKS : 0;
};

/** Rapport is at work on the deal, which takes seconds as a rule. */
const isUnsettled = (answer: HubAnswer | null): boolean =>
  answer?.status === 'not_synced' ||
  (answer?.status === 'ok' && (answer.view.sync.state === 'behind' || answer.view.otherSide.state === 'pending'));

export const isUnfinished = (answer: HubAnswer | null): boolean =>
  answer?.status === 'ok' &&
  answer.view.run !== null &&
  ['queued', 'running', 'waiting'].includes(answer.view.run.state);

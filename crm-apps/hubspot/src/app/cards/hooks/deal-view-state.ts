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
        quickLooks:
          isUnsettled(action.answer) && !isUnsettled(state.answer) ? WHILE_UNSETTLED_LOOKS : oneLess(state.quickLooks),
      };
    case 'failed':
      return { ...state, failed: true, quickLooks: oneLess(state.quickLooks) };
    case 'record_changed':
      return { ...state, quickLooks: AFTER_CHANGE_LOOKS };
    case 'starting':
      return { ...state, starting: true };
    case 'start_failed':
      return { ...state, starting: false };
  }
};

const oneLess = (looks: number): number => Math.max(0, looks - 1);

/** Rapport is at work on the deal, which takes seconds as a rule. */
const isUnsettled = (answer: HubAnswer | null): boolean =>
  answer?.status === 'not_synced' ||
  (answer?.status === 'ok' && (answer.view.sync.state === 'behind' || answer.view.otherSide.state === 'pending'));

export const isUnfinished = (answer: HubAnswer | null): boolean =>
  answer?.status === 'ok' &&
  answer.view.run !== null &&
  ['queued', 'running', 'waiting'].includes(answer.view.run.state);

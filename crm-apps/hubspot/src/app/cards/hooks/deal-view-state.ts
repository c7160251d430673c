import type { HubAnswer } from '../types/deal-view.ts';

export interface DealViewState {
  /** The newest answer; kept when a later request fails, so that a short outage hides nothing. */
  answer: HubAnswer | null;
  failed: boolean;
  starting: boolean;
}

export type DealViewAction =
  | { type: 'answered'; answer: HubAnswer }
  | { type: 'failed' }
  | { type: 'starting' }
  | { type: 'start_failed' };

export const initialState: DealViewState = { answer: null, failed: false, starting: false };

/** Pure: what the card knows after an action. */
export const dealViewReducer = (state: DealViewState, action: DealViewAction): DealViewState => {
  switch (action.type) {
    case 'answered':
      return { answer: action.answer, failed: false, starting: false };
    case 'failed':
      return { ...state, failed: true };
    case 'starting':
      return { ...state, starting: true };
    case 'start_failed':
      return { ...state, starting: false };
  }
};

export const isUnfinished = (answer: HubAnswer | null): boolean =>
  answer?.status === 'ok' &&
  answer.view.run !== null &&
  ['queued', 'running', 'waiting'].includes(answer.view.run.state);

import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { HubApi } from '../api/hub-api.ts';
import type { HubAnswer } from '../types/deal-view.ts';
import { dealViewReducer, initialState, isUnfinished, type DealViewState } from './deal-view-state.ts';
import { startPolling } from './polling.ts';

const BUSY_INTERVAL_MS = 2_000;
const IDLE_INTERVAL_MS = 30_000;

interface DealViewHook extends DealViewState {
  reload(): Promise<void>;
  /** The deal has changed on its page: asks now, and some times more until the hub must have heard of it. */
  recordChanged(): void;
  /** Resolves to false when the hub could not be reached. */
  startResearch(): Promise<boolean>;
}

/** The hub's view of one deal, kept fresh by a short poll: quick while a run is unfinished or a change is on its way, slow else. */
export const useDealView = (api: HubApi, objectId: string): DealViewHook => {
  const [state, dispatch] = useReducer(dealViewReducer, initialState);
  // Only the newest request may speak: an older answer that arrives late is dropped.
  const newest = useRef(0);

  const request = useCallback(async (ask: () => Promise<HubAnswer>, failure: 'failed' | 'start_failed') => {
    newest.current += 1;
    const mine = newest.current;
    try {
      const answer = await ask();
      if (mine === newest.current) dispatch({ type: 'answered', answer });
      return true;
    } catch {
      if (mine === newest.current) dispatch({ type: failure });
      return false;
    }
  }, []);

  const reload = useCallback(async () => {
    await request(() => api.getDeal(objectId), 'failed');
  }, [api, objectId, request]);

  const startResearch = useCallback(() => {
    dispatch({ type: 'starting' });
    return request(() => api.startResearch(objectId, crypto.randomUUID()), 'start_failed');
  }, [api, objectId, request]);

  const { starting } = state;
  const recordChanged = useCallback(() => {
    dispatch({ type: 'record_changed' });
    if (!starting) void reload();
  }, [reload, starting]);

  useEffect(() => void reload(), [reload]);

  const busy = isUnfinished(state.answer) || state.quickLooks > 0;
  const interval_ms = busy ? BUSY_INTERVAL_MS : IDLE_INTERVAL_MS;
  useEffect(() => {
    // A poll during the click's request would take its answer's place.
    if (starting) return undefined;
    return startPolling(reload, interval_ms);
  }, [reload, interval_ms, starting]);

  return { ...state, reload, recordChanged, startResearch };
};

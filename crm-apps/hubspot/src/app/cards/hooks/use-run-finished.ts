import { useEffect, useRef } from 'react';
import type { ResearchRun } from '../types/deal-view.ts';

/** Calls `finished` once when the run shown turns into a succeeded one: the deal's own properties have changed by then. */
export const useRunFinished = (run: ResearchRun | null, finished: () => void): void => {
  const before = useRef(run?.state);
  const state = run?.state;
  useEffect(() => {
    const had = before.current;
    before.current = state;
    if (had !== undefined && had !== 'succeeded' && state === 'succeeded') finished();
  }, [state, finished]);
};

import { useEffect, useRef } from 'react';

/**
 * Calls `synced` when the CRMs have agreed on something since the last answer: the page's own properties may be older than
 * that. `lastSyncedAt` is an ISO instant, null before the first sync, undefined before the first answer.
 */
export const useSyncedAnew = (lastSyncedAt: string | null | undefined, synced: () => void): void => {
  const before = useRef(lastSyncedAt);
  useEffect(() => {
    const had = before.current;
    before.current = lastSyncedAt;
    if (had !== undefined && lastSyncedAt !== undefined && had !== lastSyncedAt) synced();
  }, [lastSyncedAt, synced]);
};

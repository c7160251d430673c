import { Inline, StatusTag, Text, type StatusTagProps } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { SyncState } from '../types/deal-view.ts';

interface SyncLineProps {
  sync: SyncState;
}

const VARIANTS: Record<SyncState['state'], StatusTagProps['variant']> = {
  in_sync: 'success',
  behind: 'info',
  parked: 'warning',
};

export const SyncLine = ({ sync }: SyncLineProps) => {
  const { catalogue, fill, ago, duration } = useTexts();
  const last = sync.lastSyncedAt
    ? fill(catalogue.sync.last, { when: ago(sync.lastSyncedAt) })
    : catalogue.sync.never;
  const lag = sync.lag_ms === null ? [] : [fill(catalogue.sync.lag, { duration: duration(sync.lag_ms) })];
  return (
    <Inline gap="sm" align="center">
      <StatusTag variant={VARIANTS[sync.state]}>{catalogue.sync[sync.state]}</StatusTag>
      <Text variant="microcopy">{[last, ...lag].join(' · ')}</Text>
    </Inline>
  );
};

import type { AddAlertAction, onCrmPropertiesUpdateAction } from '@hubspot/ui-extensions';
import { LoadingSpinner } from '@hubspot/ui-extensions';
import { useCallback } from 'react';
import type { HubApi } from '../api/hub-api.ts';
import { useTexts } from '../contexts/texts-context.ts';
import { useDealView } from '../hooks/use-deal-view.ts';
import { useRecordChanges } from '../hooks/use-record-changes.ts';
import { useSyncedAnew } from '../hooks/use-synced-anew.ts';
import { DealDetails } from './DealDetails.tsx';
import { Notice } from './Notice.tsx';

export interface DealPanelProps {
  api: HubApi;
  objectId: string;
  addAlert: AddAlertAction;
  refreshObjectProperties: () => void;
  onCrmPropertiesUpdate: onCrmPropertiesUpdateAction;
}

export const DealPanel = ({ api, objectId, addAlert, ...page }: DealPanelProps) => {
  const { catalogue } = useTexts();
  const { answer, failed, starting, reload, recordChanged, startResearch } = useDealView(api, objectId);
  useRecordChanges(page.onCrmPropertiesUpdate, recordChanged);
  useSyncedAnew(answer?.status === 'ok' ? answer.view.sync.lastSyncedAt : undefined, page.refreshObjectProperties);

  const start = useCallback(async () => {
    const reached = await startResearch();
    if (!reached) addAlert({ type: 'danger', message: catalogue.research.failedToStart });
  }, [startResearch, addAlert, catalogue]);

  if (answer === null) {
    if (!failed) return <LoadingSpinner label={catalogue.loading} showLabel layout="centered" />;
    return <Notice type="error" {...catalogue.unreachable} onRetry={() => void reload()} />;
  }
  if (answer.status === 'not_connected') return <Notice type="support" {...catalogue.notConnected} />;
  if (answer.status === 'not_synced') return <Notice type="support" {...catalogue.notSynced} />;
  if (answer.status === 'no_permission') return <Notice type="lock" {...catalogue.noPermission} />;
  return <DealDetails view={answer.view} stale={failed} starting={starting} onStart={start} />;
};

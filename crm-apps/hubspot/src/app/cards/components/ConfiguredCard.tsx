import type { HubApi } from '../api/hub-api.ts';
import { useTexts } from '../contexts/texts-context.ts';
import { DealPanel, type DealPanelProps } from './DealPanel.tsx';
import { Notice } from './Notice.tsx';

interface ConfiguredCardProps extends Omit<DealPanelProps, 'api'> {
  /** null when the app was uploaded without the hub's address. */
  api: HubApi | null;
}

export const ConfiguredCard = ({ api, ...rest }: ConfiguredCardProps) => {
  const { catalogue } = useTexts();
  if (api === null) return <Notice type="error" {...catalogue.notConfigured} />;
  return <DealPanel api={api} {...rest} />;
};

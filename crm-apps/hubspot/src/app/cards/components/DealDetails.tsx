import { Alert, Divider, Flex } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { DealView } from '../types/deal-view.ts';
import { BriefSection } from './BriefSection.tsx';
import { ChangesSection } from './ChangesSection.tsx';
import { OtherSideSection } from './OtherSideSection.tsx';
import { ParkedFields } from './ParkedFields.tsx';
import { ResearchSection } from './ResearchSection.tsx';
import { StartResearchButton } from './StartResearchButton.tsx';
import { SyncLine } from './SyncLine.tsx';

interface DealDetailsProps {
  view: DealView;
  /** The last request failed: what is shown is from an earlier one. */
  stale: boolean;
  starting: boolean;
  onStart: () => Promise<void>;
}

export const DealDetails = ({ view, stale, starting, onStart }: DealDetailsProps) => {
  const { catalogue } = useTexts();
  return (
    <Flex direction="column" gap="md">
      {stale && (
        <Alert variant="warning" title={catalogue.stale.title}>
          {catalogue.stale.body}
        </Alert>
      )}
      <OtherSideSection side={view.otherSide} />
      <SyncLine sync={view.sync} />
      <ParkedFields fields={view.sync.parked} />
      <Divider />
      <ChangesSection changes={view.changes} />
      <Divider />
      <ResearchSection run={view.run} refused={view.researchRefused} hasBrief={view.brief !== null} />
      <BriefSection brief={view.brief} />
      {view.canStartResearch && <StartResearchButton starting={starting} onStart={onStart} />}
    </Flex>
  );
};

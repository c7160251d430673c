import { Alert, Flex, Heading, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { DealView, ResearchRun } from '../types/deal-view.ts';
import { RunState } from './RunState.tsx';

interface ResearchSectionProps {
  run: ResearchRun | null;
  refused: DealView['researchRefused'];
  hasBrief: boolean;
}

export const ResearchSection = ({ run, refused, hasBrief }: ResearchSectionProps) => {
  const { catalogue } = useTexts();
  return (
    <Flex direction="column" gap="xs">
      <Heading>{catalogue.research.heading}</Heading>
      {refused && <Alert variant="info" title={catalogue.research.refused[refused]} />}
      {run && <RunState run={run} />}
      {!run && !hasBrief && <Text>{catalogue.research.none}</Text>}
    </Flex>
  );
};

import { Flex, Heading, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { ResearchRun } from '../types/deal-view.ts';
import { RunState } from './RunState.tsx';

interface ResearchSectionProps {
  run: ResearchRun | null;
  hasBrief: boolean;
}

export const ResearchSection = ({ run, hasBrief }: ResearchSectionProps) => {
  const { catalogue } = useTexts();
  return (
    <Flex direction="column" gap="xs">
      <Heading>{catalogue.research.heading}</Heading>
      {run && <RunState run={run} />}
      {!run && !hasBrief && <Text>{catalogue.research.none}</Text>}
    </Flex>
  );
};

import { Alert, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { ResearchRun } from '../types/deal-view.ts';
import { RunProgress } from './RunProgress.tsx';

interface RunStateProps {
  run: ResearchRun;
}

export const RunState = ({ run }: RunStateProps) => {
  const { catalogue, fill, ago } = useTexts();
  const { states } = catalogue.research;
  switch (run.state) {
    case 'succeeded':
      return (
        <Text variant="microcopy">{fill(states.succeeded, { when: run.finishedAt ? ago(run.finishedAt) : '' })}</Text>
      );
    case 'failed':
      return (
        <Alert variant="error" title={states.failed}>
          {run.error}
        </Alert>
      );
    case 'cancelled':
      return <Text>{states.cancelled}</Text>;
    case 'waiting':
      return (
        <Alert variant="warning" title={states.waiting}>
          {catalogue.research.held}
        </Alert>
      );
    case 'queued':
    case 'running':
      return <RunProgress run={run} />;
  }
};

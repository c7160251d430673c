import { ProgressBar } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { ResearchRun } from '../types/deal-view.ts';

interface RunProgressProps {
  run: ResearchRun;
}

export const RunProgress = ({ run }: RunProgressProps) => {
  const { catalogue, fill } = useTexts();
  const { research } = catalogue;
  const { done, current, total, step, detail } = run.progress;
  const title = run.state === 'running' ? research.steps[step] : research.states[run.state];
  return (
    <ProgressBar
      title={title}
      aria-label={research.heading}
      value={done}
      maxValue={Math.max(total, 1)}
      showPercentage
      valueDescription={[fill(research.progress, { current: String(current), total: String(total) }), detail]
        .filter(Boolean)
        .join(' · ')}
    />
  );
};

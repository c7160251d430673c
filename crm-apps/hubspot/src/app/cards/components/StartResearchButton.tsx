import { Flex, LoadingButton } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';

interface StartResearchButtonProps {
  starting: boolean;
  onStart: () => Promise<void>;
}

export const StartResearchButton = ({ starting, onStart }: StartResearchButtonProps) => {
  const { catalogue } = useTexts();
  return (
    <Flex direction="row">
      <LoadingButton variant="primary" size="sm" loading={starting} disabled={starting} onClick={() => void onStart()}>
        {starting ? catalogue.research.starting : catalogue.research.start}
      </LoadingButton>
    </Flex>
  );
};

import { Button, ErrorState, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';

interface NoticeProps {
  type: 'error' | 'support' | 'lock';
  title: string;
  body: string;
  onRetry?: () => void;
}

/** A whole-card state that is not the deal: what is wrong, and who can do what. */
export const Notice = ({ type, title, body, onRetry }: NoticeProps) => {
  const { catalogue } = useTexts();
  return (
    <ErrorState type={type} title={title}>
      <Text>{body}</Text>
      {onRetry && (
        <Button size="sm" onClick={onRetry}>
          {catalogue.retry}
        </Button>
      )}
    </ErrorState>
  );
};

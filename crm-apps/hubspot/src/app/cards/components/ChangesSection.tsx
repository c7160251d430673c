import { Flex, Heading, List, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { FieldChange } from '../types/deal-view.ts';
import { ChangeRow } from './ChangeRow.tsx';

interface ChangesSectionProps {
  changes: FieldChange[];
}

export const ChangesSection = ({ changes }: ChangesSectionProps) => {
  const { catalogue } = useTexts();
  const labels = catalogue.changes;
  return (
    <Flex direction="column" gap="xs">
      <Heading>{labels.heading}</Heading>
      {changes.length === 0 ? (
        <Text>{labels.none}</Text>
      ) : (
        <List variant="unordered">
          {changes.map((change) => (
            <ChangeRow key={change.id} change={change} />
          ))}
        </List>
      )}
    </Flex>
  );
};

import { Flex, Inline, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import { changeAuthor } from '../format/change-author.ts';
import { changeText, fieldLabel } from '../format/field-value.ts';
import type { FieldChange } from '../types/deal-view.ts';

interface ChangeRowProps {
  change: FieldChange;
}

/** What changed, and below it who did it in which CRM, and when: two lines, which hold in a narrow card too. */
export const ChangeRow = ({ change }: ChangeRowProps) => {
  const texts = useTexts();
  return (
    <Flex direction="column" gap="flush">
      <Inline gap="xs" align="start">
        <Text format={{ fontWeight: 'demibold' }}>{fieldLabel(texts, change.field)}</Text>
        <Text>{changeText(texts, change)}</Text>
      </Inline>
      <Text variant="microcopy">{`${changeAuthor(texts, change)} · ${texts.ago(change.at)}`}</Text>
    </Flex>
  );
};

import { Flex, Heading, Table, TableBody, TableHead, TableHeader, TableRow, Text } from '@hubspot/ui-extensions';
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
        <Table density="condensed" flush bordered={false}>
          <TableHead>
            <TableRow>
              <TableHeader width="min">{labels.when}</TableHeader>
              <TableHeader>{labels.field}</TableHeader>
              <TableHeader>{labels.change}</TableHeader>
              <TableHeader>{labels.author}</TableHeader>
            </TableRow>
          </TableHead>
          <TableBody>
            {changes.map((change) => (
              <ChangeRow key={change.id} change={change} />
            ))}
          </TableBody>
        </Table>
      )}
    </Flex>
  );
};

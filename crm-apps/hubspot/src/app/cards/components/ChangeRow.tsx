import { TableCell, TableRow } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import { changeAuthor } from '../format/change-author.ts';
import { changeText, fieldLabel } from '../format/field-value.ts';
import type { FieldChange } from '../types/deal-view.ts';

interface ChangeRowProps {
  change: FieldChange;
}

export const ChangeRow = ({ change }: ChangeRowProps) => {
  const texts = useTexts();
  return (
    <TableRow>
      <TableCell width="min">{texts.ago(change.at)}</TableCell>
      <TableCell>{fieldLabel(texts, change.field)}</TableCell>
      <TableCell>{changeText(texts, change)}</TableCell>
      <TableCell>{changeAuthor(texts, change)}</TableCell>
    </TableRow>
  );
};

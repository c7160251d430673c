import { TableCell, TableRow } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import { changeAuthor } from '../format/change-author.ts';
import { fieldLabel, fieldValue } from '../format/field-value.ts';
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
      <TableCell>
        {texts.fill(texts.catalogue.changes.fromTo, {
          before: fieldValue(texts, change.field, change.before),
          after: fieldValue(texts, change.field, change.after),
        })}
      </TableCell>
      <TableCell>{changeAuthor(texts, change)}</TableCell>
    </TableRow>
  );
};

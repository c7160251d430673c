import { Alert, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import { causeLabel, fieldLabel } from '../format/field-value.ts';
import type { ParkedField } from '../types/deal-view.ts';

interface ParkedFieldsProps {
  fields: ParkedField[];
}

/** Fields that wait, each with its cause in words, the CRM's own detail, and what would free it. */
export const ParkedFields = ({ fields }: ParkedFieldsProps) => {
  const texts = useTexts();
  return (
    <>
      {fields.map(({ field, cause, detail, remedy }) => (
        <Alert
          key={`${field}:${cause}`}
          variant="warning"
          title={texts.fill(texts.catalogue.sync.parkedTitle, {
            field: field === '' ? texts.catalogue.sync.wholeDeal : fieldLabel(texts, field),
            cause: causeLabel(texts, cause),
          })}
        >
          <Text>{detail}</Text>
          <Text>{remedy}</Text>
        </Alert>
      ))}
    </>
  );
};

import { Accordion, List, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { Brief } from '../types/deal-view.ts';
import { SourceLink } from './SourceLink.tsx';

interface SourceListProps {
  sources: Brief['sources'];
}

export const SourceList = ({ sources }: SourceListProps) => {
  const { catalogue, count, fill, date } = useTexts();
  if (sources.length === 0) return null;
  return (
    <Accordion title={count(catalogue.brief.sources, sources.length)} size="sm">
      <List variant="ordered-styled">
        {sources.map(({ url, title, fetchedAt }) => (
          <Text key={url} inline>
            <SourceLink url={url} title={title} />
            {` (${fill(catalogue.brief.fetched, { when: date(fetchedAt) })})`}
          </Text>
        ))}
      </List>
    </Accordion>
  );
};

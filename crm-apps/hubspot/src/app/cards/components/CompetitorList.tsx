import { List, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { Brief } from '../types/deal-view.ts';
import { BriefPart } from './BriefPart.tsx';
import { SourceLink } from './SourceLink.tsx';

interface CompetitorListProps {
  competitors: Brief['competitors'];
}

export const CompetitorList = ({ competitors }: CompetitorListProps) => {
  const { catalogue } = useTexts();
  if (competitors.length === 0) return null;
  return (
    <BriefPart title={catalogue.brief.competitors}>
      <List variant="unordered-styled">
        {competitors.map(({ name, domain, why, source }) => (
          <Text key={name} inline>
            <Text inline format={{ fontWeight: 'demibold' }}>
              {domain ? `${name} (${domain})` : name}
            </Text>
            {`: ${why} `}
            <SourceLink url={source} />
          </Text>
        ))}
      </List>
    </BriefPart>
  );
};

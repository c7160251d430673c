import { List, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { Brief } from '../types/deal-view.ts';
import { BriefPart } from './BriefPart.tsx';
import { SourceLink } from './SourceLink.tsx';

interface TalkingPointListProps {
  points: Brief['talkingPoints'];
}

export const TalkingPointList = ({ points }: TalkingPointListProps) => {
  const { catalogue } = useTexts();
  if (points.length === 0) return null;
  return (
    <BriefPart title={catalogue.brief.talkingPoints}>
      <List variant="unordered-styled">
        {points.map(({ text, source }) => (
          <Text key={text} inline>
            {`${text} `}
            <SourceLink url={source} />
          </Text>
        ))}
      </List>
    </BriefPart>
  );
};

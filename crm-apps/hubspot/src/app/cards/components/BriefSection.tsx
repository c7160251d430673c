import { Flex, Heading, Inline, Tag, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { Brief } from '../types/deal-view.ts';
import { BriefPart } from './BriefPart.tsx';
import { CompetitorList } from './CompetitorList.tsx';
import { SocialList } from './SocialList.tsx';
import { SourceList } from './SourceList.tsx';
import { TalkingPointList } from './TalkingPointList.tsx';

interface BriefSectionProps {
  brief: Brief | null;
}

/** The research brief. It says first that a model wrote it. */
export const BriefSection = ({ brief }: BriefSectionProps) => {
  const { catalogue, fill, moment } = useTexts();
  if (brief === null) return null;
  const labels = catalogue.brief;
  return (
    <Flex direction="column" gap="sm">
      <Inline gap="sm" align="center">
        <Heading>{labels.heading}</Heading>
        <Tag variant="info">{labels.generated}</Tag>
      </Inline>
      <Text variant="microcopy">{fill(labels.made, { model: brief.model, when: moment(brief.createdAt) })}</Text>
      <BriefPart title={labels.summary}>
        <Text>{brief.summary}</Text>
      </BriefPart>
      <BriefPart title={labels.whatTheyDo}>
        <Text>{brief.whatTheyDo}</Text>
      </BriefPart>
      <TalkingPointList points={brief.talkingPoints} />
      <CompetitorList competitors={brief.competitors} />
      <SocialList figures={brief.social} />
      <SourceList sources={brief.sources} />
    </Flex>
  );
};

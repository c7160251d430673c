import { List, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import { gapText, networkName } from '../format/field-value.ts';
import type { Texts } from '../format/texts.ts';
import type { SocialFigure } from '../types/deal-view.ts';
import { BriefPart } from './BriefPart.tsx';
import { SourceLink } from './SourceLink.tsx';

interface SocialListProps {
  figures: SocialFigure[];
}

const describe = (texts: Texts, figure: SocialFigure): string => {
  const { catalogue, count, fill } = texts;
  if (figure.status === 'unavailable') return fill(catalogue.brief.unavailable, { reason: gapText(texts, figure) });
  const followers = count(catalogue.brief.followers, figure.followers);
  return figure.posts === null ? followers : `${followers}, ${count(catalogue.brief.posts, figure.posts)}`;
};

export const SocialList = ({ figures }: SocialListProps) => {
  const texts = useTexts();
  if (figures.length === 0) return null;
  return (
    <BriefPart title={texts.catalogue.brief.social}>
      <List variant="unordered-styled">
        {figures.map((figure) => (
          <Text key={figure.network} inline>
            {`${networkName(texts, figure.network)}: ${describe(texts, figure)} `}
            {figure.status === 'available' && <SourceLink url={figure.source} />}
          </Text>
        ))}
      </List>
    </BriefPart>
  );
};

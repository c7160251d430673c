import { DescriptionList, DescriptionListItem, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { OtherSide } from '../types/deal-view.ts';

interface OtherSideFactsProps {
  side: Extract<OtherSide, { state: 'linked' }>;
}

export const OtherSideFacts = ({ side }: OtherSideFactsProps) => {
  const texts = useTexts();
  const { catalogue } = texts;
  const labels = catalogue.otherSide;
  const facts: [label: string, lines: (string | null)[]][] = [
    [labels.owner, side.owner ? [side.owner.name, side.owner.email] : []],
    [labels.stage, [side.stage]],
    [labels.lastTouch, side.lastTouchAt ? [texts.ago(side.lastTouchAt), texts.date(side.lastTouchAt)] : []],
    [labels.nextStep, [side.nextStep]],
    [labels.amount, [side.amount && texts.money(side.amount, side.currency)]],
  ];
  return (
    <DescriptionList direction="row">
      {facts.map(([label, lines]) => (
        <DescriptionListItem key={label} label={label}>
          <Text>{lines.filter(Boolean).join('\n') || catalogue.none}</Text>
        </DescriptionListItem>
      ))}
    </DescriptionList>
  );
};

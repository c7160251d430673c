import { Alert, Flex, Heading } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import type { OtherSide } from '../types/deal-view.ts';
import { OtherSideFacts } from './OtherSideFacts.tsx';

interface OtherSideSectionProps {
  side: OtherSide;
}

/** What the other CRM's people see of this deal, readable without a login there. */
export const OtherSideSection = ({ side }: OtherSideSectionProps) => {
  const { catalogue, fill } = useTexts();
  const vendor = catalogue.vendors[side.vendor];
  const heading = fill(catalogue.otherSide.heading, { vendor });
  if (side.state !== 'linked') {
    return (
      <Alert title={heading} variant={side.state === 'pending' ? 'info' : 'warning'}>
        {fill(catalogue.otherSide[side.state], { vendor })}
      </Alert>
    );
  }
  return (
    <Flex direction="column" gap="xs">
      <Heading>{heading}</Heading>
      <OtherSideFacts side={side} />
    </Flex>
  );
};

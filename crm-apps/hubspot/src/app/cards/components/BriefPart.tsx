import { Flex, Text } from '@hubspot/ui-extensions';
import type { ReactNode } from 'react';

interface BriefPartProps {
  title: string;
  children: ReactNode;
}

export const BriefPart = ({ title, children }: BriefPartProps) => (
  <Flex direction="column" gap="flush">
    <Text format={{ fontWeight: 'demibold' }}>{title}</Text>
    {children}
  </Flex>
);

import { Children, type ReactNode } from 'react';

interface FlexProps {
  direction?: 'row' | 'column';
  gap?: string;
  align?: string;
  justify?: string;
  wrap?: boolean | string;
  children?: ReactNode;
}

const names = (...parts: (string | false | undefined)[]): string => parts.filter(Boolean).join(' ');

export const Flex = ({ direction = 'row', gap = 'flush', align, justify, wrap, children }: FlexProps) => (
  <div
    className={names(
      'hs-flex',
      `hs-flex-${direction}`,
      `hs-gap-${gap}`,
      align && `hs-align-${align}`,
      justify && `hs-justify-${justify}`,
      wrap === true || wrap === 'wrap' ? 'hs-wrap' : undefined,
    )}
  >
    {children}
  </div>
);

export const Inline = ({ gap = 'sm', align = 'center', ...rest }: FlexProps) => (
  <Flex {...rest} direction="row" gap={gap} align={align} wrap />
);

export const Divider = () => <hr className="hs-divider" />;

interface AccordionProps {
  title: string;
  defaultOpen?: boolean;
  children?: ReactNode;
}

export const Accordion = ({ title, defaultOpen = false, children }: AccordionProps) => (
  <details className="hs-accordion" open={defaultOpen}>
    <summary>{title}</summary>
    {children}
  </details>
);

interface ListProps {
  variant?: string;
  children?: ReactNode;
}

/** Each child is an entry, as in HubSpot. */
export const List = ({ variant = 'unordered', children }: ListProps) => {
  const Tag = variant.startsWith('ordered') ? 'ol' : 'ul';
  return (
    <Tag className={`hs-list hs-list-${variant}`}>
      {Children.map(children, (child) => (
        <li>{child}</li>
      ))}
    </Tag>
  );
};

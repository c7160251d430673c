import type { ReactNode } from 'react';

interface TextProps {
  variant?: 'bodytext' | 'microcopy';
  inline?: boolean;
  format?: { fontWeight?: string; italic?: boolean };
  children?: ReactNode;
}

export const Text = ({ variant = 'bodytext', inline = false, format, children }: TextProps) => {
  const Tag = inline ? 'span' : 'p';
  const weight = format?.fontWeight ? ` hs-weight-${format.fontWeight}` : '';
  return <Tag className={`hs-text hs-${variant}${weight}${format?.italic ? ' hs-italic' : ''}`}>{children}</Tag>;
};

export const Heading = ({ children }: { children?: ReactNode }) => <h3 className="hs-heading">{children}</h3>;

interface LinkProps {
  href: string | { url: string; external?: boolean };
  children?: ReactNode;
}

export const Link = ({ href, children }: LinkProps) => {
  const { url, external } = typeof href === 'string' ? { url: href, external: true } : href;
  if (!/^(https?:\/\/|\/)/.test(url)) return <span>{children}</span>;
  return external ? (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ) : (
    <a href={url}>{children}</a>
  );
};

interface TagProps {
  variant?: string;
  children?: ReactNode;
}

export const Tag = ({ variant = 'default', children }: TagProps) => (
  <span className={`hs-tag hs-tone-${variant}`}>{children}</span>
);

export const StatusTag = ({ variant = 'default', children }: TagProps) => (
  <span className={`hs-status hs-tone-${variant}`}>{children}</span>
);

interface ItemProps {
  label: string;
  children?: ReactNode;
}

export const DescriptionList = ({ direction = 'column', children }: { direction?: string; children?: ReactNode }) => (
  <dl className={`hs-facts hs-facts-${direction}`}>{children}</dl>
);

export const DescriptionListItem = ({ label, children }: ItemProps) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

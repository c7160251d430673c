import { Link, Text } from '@hubspot/ui-extensions';
import { useTexts } from '../contexts/texts-context.ts';
import { webHost } from '../format/safe-link.ts';

interface SourceLinkProps {
  url: string;
  /** What the link says; without it, the host. */
  title?: string;
}

/** A cited page. An address that is no web address is shown as text and never linked. */
export const SourceLink = ({ url, title }: SourceLinkProps) => {
  const { catalogue, fill } = useTexts();
  const host = webHost(url);
  if (host === null) return <Text inline>{title ?? url}</Text>;
  return <Link href={{ url, external: true }}>{title ?? fill(catalogue.brief.source, { host })}</Link>;
};

import { LightningElement, api } from 'lwc';
import { formatNumber } from 'c/rapportFormat';
import { fill, labels } from 'c/rapportLabels';
import type { Brief, SocialFigure } from '../../../types/deal-view';

interface Cited {
  key: number;
  source: string | undefined;
  sourceLabel: string;
}

/** The newest brief. All of it was written by a model, and it says so. */
export default class RapportBrief extends LightningElement {
  @api brief: Brief | null = null;

  labels = labels;

  get note(): string {
    return fill(labels.generatedNote, this.brief?.model ?? '');
  }

  get competitors(): (Cited & { name: string; domain: string | null; why: string })[] {
    return (this.brief?.competitors ?? []).map((item, key) => ({ ...item, ...cited(item.source, item.name, key) }));
  }

  get talkingPoints(): (Cited & { text: string })[] {
    return (this.brief?.talkingPoints ?? []).map((item, key) => ({ ...item, ...cited(item.source, item.text, key) }));
  }

  get social(): (Cited & { network: string; figures: string })[] {
    return (this.brief?.social ?? []).map((item, key) => ({
      network: item.network,
      figures: figures(item),
      ...cited(item.status === 'available' ? item.source : '', item.network, key),
    }));
  }

  get sources(): (Cited & { title: string; fetchedAt: string })[] {
    return (this.brief?.sources ?? []).map(({ url, title, fetchedAt }, key) => ({
      ...cited(url, title || url, key),
      title: title || url,
      fetchedAt,
    }));
  }
}

/** Only web addresses become links: a model's text could name any scheme. */
function cited(source: string, of: string, key: number): Cited {
  const isWeb = /^https?:\/\//i.test(source);
  return { key, source: isWeb ? source : undefined, sourceLabel: fill(labels.sourceOf, of) };
}

function figures(item: SocialFigure): string {
  if (item.status === 'unavailable') return fill(labels.unavailable, item.reason);
  const followers = fill(labels.followers, formatNumber(item.followers));
  return item.posts === null ? followers : `${followers}, ${fill(labels.posts, formatNumber(item.posts))}`;
}

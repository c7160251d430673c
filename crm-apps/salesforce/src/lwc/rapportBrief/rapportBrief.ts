import { LightningElement, api } from 'lwc';
import { formatNumber } from 'c/rapportFormat';
import { fill, labels } from 'c/rapportLabels';
import { term } from 'c/rapportTerms';
import type { Brief, SocialFigure } from '../../../types/deal-view';

/** Templates want a key of each entry, which no two of a list share. */
type Keyed<T> = T & { key: number };

/** The newest brief. All of it was written by a model, and it says so. */
export default class RapportBrief extends LightningElement {
  @api brief: Brief | null = null;

  labels = labels;

  get note(): string {
    return fill(labels.generatedNote, this.brief?.model ?? '');
  }

  get competitors(): Keyed<Brief['competitors'][number]>[] {
    return keyed(this.brief?.competitors);
  }

  get talkingPoints(): Keyed<Brief['talkingPoints'][number]>[] {
    return keyed(this.brief?.talkingPoints);
  }

  get social(): Keyed<{ network: string; figures: string; source: string | null }>[] {
    return keyed(this.brief?.social).map((item) => ({
      key: item.key,
      network: term('network', item.network),
      figures: figures(item),
      source: item.status === 'available' ? item.source : null,
    }));
  }

  get sources(): Keyed<Brief['sources'][number]>[] {
    return keyed(this.brief?.sources).map((source) => ({ ...source, title: source.title || source.url }));
  }
}

function keyed<T>(items: readonly T[] = []): Keyed<T>[] {
  return items.map((item, key) => ({ ...item, key }));
}

function figures(item: SocialFigure): string {
  if (item.status === 'unavailable') return fill(labels.unavailable, term('gap', item.code ?? '', item.reason));
  const followers = fill(labels.followers, formatNumber(item.followers));
  return item.posts === null ? followers : `${followers}, ${fill(labels.posts, formatNumber(item.posts))}`;
}

import { h } from '../../../kit/browser/dom.ts';
import type { Api, CrmObject } from './api.ts';

const shown = [
  { type: 'companies', title: 'Companies', properties: ['name', 'domain', 'phone', 'city'], label: ['name'] },
  {
    type: 'contacts',
    title: 'Contacts',
    properties: ['firstname', 'lastname', 'email', 'jobtitle'],
    label: ['firstname', 'lastname'],
  },
] as const;

/** The companies and contacts of a deal. */
export async function associations(api: Api, deal: CrmObject): Promise<HTMLElement[]> {
  return Promise.all(
    shown.map(async ({ type, title, properties, label }) => {
      const objects = await api.read(type, idsOf(deal, type), properties);
      const entries = objects.map(({ properties: values }) => {
        const name = label
          .map((one) => values[one] ?? '')
          .join(' ')
          .trim();
        const rest = properties.filter((one) => !(label as readonly string[]).includes(one)).map((one) => values[one]);
        return h(
          'li',
          {},
          h('strong', {}, name || '–'),
          ...rest.filter(Boolean).map((one) => h('span', {}, String(one))),
        );
      });
      return h(
        'section',
        { class: 'panel related' },
        h('h2', {}, `${title} (${objects.length})`),
        entries.length > 0 ? h('ul', {}, ...entries) : h('p', { class: 'weak' }, 'None'),
      );
    }),
  );
}

/** Ids of the deal's associated objects of one kind, each once. */
export function idsOf(deal: CrmObject, type: string): string[] {
  return [...new Set(deal.associations?.[type]?.results.map(({ id }) => id))];
}

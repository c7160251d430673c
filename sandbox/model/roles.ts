import type { Anchor } from './anchors.ts';
import { intentOf, words } from './intents.ts';
import { dateIn, domainIn, mentionsIn, roleIn } from './mentions.ts';

const roles: { asks: RegExp; gives(anchor: Anchor): string | undefined }[] = [
  { asks: /\b(?:quote|evidence|excerpt|verbatim|passage|sentence)\b/, gives: ({ sentence }) => sentence.text },
  { asks: /\b(?:url|uri|link|href|source|citation)\b/, gives: ({ sentence }) => sentence.document.url },
  { asks: /\b(?:domain|host|website)\b/, gives: ({ mention, sentence }) => mention?.domain ?? domainIn(sentence.text) },
  { asks: /\b(?:role|position|job title)\b/, gives: ({ sentence }) => roleIn(sentence.text) },
  {
    asks: /\b(?:name|company|organi[sz]ation|competitor|person)\b/,
    gives: ({ mention, sentence }) => mention?.name ?? mentionsIn(sentence.text)[0]?.name,
  },
  { asks: /\b(?:date|when|published|at|on)$/, gives: ({ sentence }) => dateIn(sentence.text) },
];
const citations = /\b(?:quote|evidence|excerpt|url|source|citation)\b/;

/** Whether an object with these fields wants one source for all of them. */
export function isCited(fields: string[]): boolean {
  return fields.some((field) => citations.test(words(field)));
}

/** Whether a list of texts of this name is a list of sources, each of which it names once. */
export function isSourceList(field: string): boolean {
  return /\b(?:url|uri|link|source|citation)\b/.test(words(field));
}

/** Whether an item with these fields stands for somebody, so that a sentence with three names gives three items. */
export function isNamed(fields: string[]): boolean {
  return fields.some((field) => /\b(?:name|domain|company|competitor|person)\b/.test(words(field)));
}

/**
 * The value a field takes from its sentence: what the field's name asks for, an attribute of the document of that name, else the
 * sentence itself. Undefined where the sentence does not have it.
 */
export function valueFrom(anchor: Anchor, field: string, parent: string): string | undefined {
  const { attributes } = anchor.sentence.document;
  const asked = words(field);
  if (/\b(?:page|source|document) title\b/.test(asked)) return attributes['title'];
  if (asked === 'title' && intentOf(parent, '')?.name === 'people') return roleIn(anchor.sentence.text);
  if (asked === 'title' && /\b(?:sources?|citations?|pages?|references?)\b/.test(words(parent)))
    return attributes['title'];
  const role = roles.find((one) => one.asks.test(asked));
  if (role) return role.gives(anchor);
  return asked === 'title' ? anchor.sentence.text : (attributes[field] ?? anchor.sentence.text);
}

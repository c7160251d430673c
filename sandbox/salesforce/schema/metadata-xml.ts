const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The insides of every `<name>…</name>` in a metadata file (which has neither attributes on these nor nesting of one name). */
export function blocks(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map((found) => found[1] ?? '');
}

/** The text of the first `<name>`, or undefined. */
export function tag(xml: string, name: string): string | undefined {
  return blocks(xml, name)[0]
    ?.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => entities[entity] ?? '')
    .trim();
}

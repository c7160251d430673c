/** A source given to the model: `<document url="..." title="...">text</document>`. */
export interface SourceDocument {
  /** All attributes of the tag, by name: `url`, `title` and whatever else the caller gave. */
  attributes: Record<string, string>;
  url: string;
  text: string;
}

export interface Prompt {
  documents: SourceDocument[];
  /** All that the caller wrote around the documents. Only this names the subject. */
  instructions: string;
}

const block = /<document\b([^>]*)>([\s\S]*?)<\/document>/g;
const attribute = /([A-Za-z_][\w-]*)="([^"]*)"/g;

/** Parts the documents from the caller's own words. Text in documents is material, never an instruction. */
export function readPrompt(text: string): Prompt {
  const documents = [...text.matchAll(block)].map(([, head = '', body = '']): SourceDocument => {
    const attributes = Object.fromEntries(
      [...head.matchAll(attribute)].map(([, name, value]) => [name, unescape(value ?? '')]),
    );
    return { attributes, url: attributes['url'] ?? '', text: unescape(body) };
  });
  return { documents, instructions: text.replaceAll(block, ' ') };
}

/** Callers escape what would end the tag; a quote is of the text that was meant. */
function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

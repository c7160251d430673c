import type { SourceDocument } from './documents.ts';

/** One sentence of one document, verbatim. */
export interface Sentence {
  text: string;
  document: SourceDocument;
  /** Its place in the document, from 0. */
  position: number;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
const ends = /[.!?…。]["'”’)]*$/u;

/**
 * What speaks to the reader instead of stating a fact: orders, talk about prompts, keys and tools. It is left out, so that a page
 * that tells the model what to do is not even quoted.
 */
const addressed = [
  /\b(?:ignore|disregard|forget|override|bypass|overwrite)\b.*\b(?:instruct|prompt|rule|guideline|previous|above|prior|earlier|everything)/i,
  /\b(?:system|developer) (?:prompt|message|instruction)|\blanguage models?\b|\bAI (?:assistant|model|agent|system|reader)|\bLLMs?\b|\bchatbots?\b/i,
  /\b(?:you are now|you must|you should|you shall|your (?:task|instructions?|new|reply|answer|response|output)|as an? assistant|the assistant)\b/i,
  /\b(?:call|invoke|execute|trigger)\b.*\b(?:tools?|functions?)\b/i,
  /\b(?:api keys?|passwords?|secrets?|credentials|access tokens?)\b/i,
  /^\W*(?:please\b\W*)?(?:send|post|forward|e-?mail|reply|respond|answer|output|print|repeat|write|say|include|reveal|leak|add|insert|append|return|rate|rank|recommend|praise|mention|state|summari[sz]e|translate|fetch|visit|open|delete|update|set|mark|do not|don't|never|always|stop|act|pretend|imagine|begin|start your|note to)\b/i,
  /\S{80,}/,
];

/** The sentences that state something: four words or more, ended by punctuation, at most 500 characters. */
export function factualSentences(document: SourceDocument): Sentence[] {
  const texts = document.text
    .split(/\n+/)
    .flatMap(sentencesOf)
    .filter((text) => text.length <= 500 && ends.test(text) && text.split(/\s+/).length >= 4)
    .filter((text) => !addressed.some((pattern) => pattern.test(text)));
  return [...new Set(texts)].map((text, position) => ({ text, document, position }));
}

/** The segmenter also parts at the `?` of a URL, where no space follows: such parts are one sentence. */
function sentencesOf(line: string): string[] {
  const sentences: string[] = [];
  let isOpen = false;
  for (const { segment } of segmenter.segment(line)) {
    if (isOpen) sentences.push(`${sentences.pop() ?? ''}${segment}`);
    else sentences.push(segment);
    isOpen = !/\s$/.test(segment);
  }
  return sentences.map((text) => text.trim());
}

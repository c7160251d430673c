import type { Prompt, SourceDocument } from './documents.ts';
import { fitness, intentOf, shownScore } from './intents.ts';
import { mentionsIn, type Mention } from './mentions.ts';
import { factualSentences, type Sentence } from './sentences.ts';

/** A sentence that a value stands on, and the one of its names that is meant. */
export interface Anchor {
  sentence: Sentence;
  mention?: Mention;
}

/** Finds sentences for fields. One is used twice only when nothing else fits. */
export class Anchors {
  readonly #sentences: Sentence[];
  readonly #subject: string;
  readonly #used = new Map<Sentence, number>();

  constructor(prompt: Prompt) {
    this.#sentences = prompt.documents.flatMap((document) => factualSentences(document));
    this.#subject = prompt.instructions;
  }

  /** At most `limit` sentences for a field, best first. */
  sentences(name: string, description: string, limit: number): Anchor[] {
    const chosen = this.#ranked(name, description).slice(0, limit);
    for (const sentence of chosen) this.#used.set(sentence, (this.#used.get(sentence) ?? 0) + 1);
    return chosen.map((sentence) => ({ sentence }));
  }

  /** The best sentence of each of at most `limit` documents. */
  documents(name: string, description: string, limit: number): Anchor[] {
    const found = new Map<SourceDocument, Anchor>();
    for (const sentence of this.#ranked(name, description)) {
      if (!found.has(sentence.document)) found.set(sentence.document, { sentence });
    }
    return [...found.values()].slice(0, limit);
  }

  /** At most `limit` names with a sentence each; the subject itself, as the caller names it, is none of them. */
  mentions(name: string, description: string, limit: number): Anchor[] {
    const found = new Map<string, Anchor>();
    // "Ada Visser is Chief Executive Officer of Northwind": the person comes first, the rest says who employs them.
    const perSentence = intentOf(name, description)?.name === 'people' ? 1 : limit;
    for (const sentence of this.#ranked(name, description)) {
      for (const mention of mentionsIn(sentence.text).slice(0, perSentence)) {
        const isSubject = this.#subject.includes(mention.domain ?? mention.name);
        if (!isSubject && !found.has(mention.name) && found.size < limit)
          found.set(mention.name, { sentence, mention });
      }
    }
    return [...found.values()];
  }

  /** Where some sentences show what is asked for, the others are not candidates. */
  #ranked(name: string, description: string): Sentence[] {
    const scored = this.#sentences.map((sentence) => ({
      sentence,
      score: fitness(sentence, name, description, this.#subject),
    }));
    const floor = scored.some(({ score }) => score >= shownScore) ? shownScore : Number.MIN_VALUE;
    return scored
      .filter(({ score }) => score >= floor)
      .map(({ sentence, score }) => ({ sentence, score: score - (this.#used.get(sentence) ?? 0) }))
      .sort((one, other) => other.score - one.score)
      .map(({ sentence }) => sentence);
  }
}

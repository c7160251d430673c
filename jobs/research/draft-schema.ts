import { z } from 'zod';

const quote = z.string().describe('The passage that says it, copied word for word from the document.');
const source = z.string().describe('The url of the document that the quote is from.');
const claim = z.strictObject({ text: z.string().describe('One sentence in plain English.'), quote, source });
const competitor = z.strictObject({
  name: z.string(),
  domain: z.string().nullable().describe('Only if a document gives it.'),
  why: z.string().describe('Where the two compete, in one sentence.'),
  quote,
  source,
});

/** What the model is asked for. Each statement stands on a passage, so that it can be checked without a model. */
export const draftSchema = z.strictObject({
  summary: z.array(claim).describe('What the company is: its business, size and place. maxItems: 3'),
  offering: z.array(claim).describe('What it sells or does, and for whom. maxItems: 3'),
  competitors: z.array(competitor).describe('Companies that compete with it. maxItems: 12'),
  talkingPoints: z.array(claim).describe('Plans, investments and news that open a conversation. maxItems: 5'),
});

export type Draft = z.infer<typeof draftSchema>;
export type Claim = z.infer<typeof claim>;
export type Competitor = z.infer<typeof competitor>;

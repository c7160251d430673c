import assert from 'node:assert/strict';
import { z } from 'zod';
import { extract, extractText } from '../../../../sandbox/model/extract.ts';
import type { JsonSchema } from '../../../../sandbox/model/schema.ts';
import { documents, question } from './sources.ts';

const cited = { quote: z.string(), url: z.string() };
const brief = z.object({
  summary: z.object({ text: z.string(), ...cited }),
  competitors: z.array(z.object({ name: z.string(), domain: z.string().nullable(), why: z.string(), ...cited })),
  people: z.array(z.object({ name: z.string(), title: z.string(), source: z.string() })),
  news: z.array(z.object({ headline: z.string(), date: z.iso.date(), ...cited })),
  talkingPoints: z.array(z.object({ point: z.string(), ...cited })),
  risks: z.array(z.string()),
  sources: z.array(z.string()),
  employees: z.number().int(),
  tone: z.enum(['positive', 'neutral', 'negative']),
});

const run = (schema: z.ZodType, text = question): unknown => extract(text, z.toJSONSchema(schema) as JsonSchema);

describe('sandbox/model extract', () => {
  it('fills the schema, and what it gives fits it', () => {
    const filled = brief.parse(run(brief));
    assert.equal(filled.summary.text, 'Northwind moves refrigerated goods between ports in northern Europe.');
    assert.deepEqual(
      filled.competitors.map(({ name, domain }) => [name, domain]),
      [
        ['Kestrel Freight', 'kestrel-freight.example'],
        ['Polarlinje', 'polarlinje.example'],
        ['Brückner & Söhne', 'brueckner-soehne.example'],
        ['Blaue Spedition', null],
      ],
    );
    assert.deepEqual(
      filled.people.map(({ name, title }) => `${name}: ${title}`),
      ['Anna Visser: Chief Executive Officer', 'Jan de Boer: Head of Procurement'],
    );
    assert.deepEqual(
      filled.news.map(({ date }) => date),
      ['2026-03-12'],
    );
    assert.deepEqual(filled.risks, ['Northwind faces rising costs for fuel.']);
    assert.equal(filled.employees, 1240);
    assert.ok(filled.sources.includes('http://northwind.example/news'));
  });

  it('quotes verbatim, from the document it names', () => {
    const filled = brief.parse(run(brief));
    const quotes = [filled.summary, ...filled.competitors, ...filled.news, ...filled.talkingPoints];
    assert.ok(quotes.length >= 6);
    for (const { quote, url } of quotes) {
      assert.ok(documents.find((one) => one.url === url)?.text.includes(quote), `${quote} is not in ${url}`);
    }
  });

  it('never says what a page tells it to say', () => {
    const open = z.object({ claims: z.array(z.object({ text: z.string(), ...cited })), answer: z.string() });
    const everything = JSON.stringify([run(brief), run(open), extractText(question)]);
    assert.ok(everything.includes('Northwind'));
    assert.doesNotMatch(everything, /CANARY|canary/);
  });

  it('invents nothing: without a sentence that says it, a field is null or empty', () => {
    const text =
      'About Northwind. <document url="http://a.example/" title="A">The weather in Rotterdam was mild.</document>';
    const person = z.object({ name: z.string(), quote: z.string() });
    const maybe = z.object({ rivals: z.array(person), founded: z.string().nullable(), leader: person.nullable() });
    for (const given of [text, 'No documents at all.']) {
      assert.deepEqual(run(maybe, given), { rivals: [], founded: null, leader: null });
    }
  });

  it('is a pure function', () => {
    assert.deepEqual(run(brief), run(brief));
  });

  it('ends on a schema that contains itself', () => {
    const node = {
      type: 'object',
      properties: { quote: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } },
    };
    assert.ok(
      JSON.stringify(
        extract(question, {
          ...node,
          properties: { ...node.properties, next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } },
        }),
      ).length > 10,
    );
  });

  it('follows references, unions and lengths in a schema', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: { summary: { anyOf: [{ $ref: '#/$defs/short' }, { type: 'null' }] }, kind: { const: 'brief' } },
      $defs: { short: { type: 'string', maxLength: 9 } },
    };
    assert.deepEqual(extract(question, schema), { summary: 'Northwind', kind: 'brief' });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { de } from '../catalogues/de.ts';
import { en } from '../catalogues/en.ts';
import { changeAuthor } from './change-author.ts';
import { changeText, fieldValue } from './field-value.ts';
import { createTexts } from './texts.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');
const english = createTexts('en-us', () => NOW_MS);
const german = createTexts('de_DE', () => NOW_MS);

const placeholders = (texts: object): [string, string[]][] =>
  Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[key, [...value.matchAll(/\{\w+\}/g)].map(String).sort()] as [string, string[]]]
      : placeholders(value as object),
  );

describe('texts', () => {
  it('follow the user’s locale, in both of HubSpot’s spellings', () => {
    assert.equal(english.ago('2026-11-22T10:00:00Z'), '2 hours ago');
    assert.equal(german.ago('2026-11-22T10:00:00Z'), 'vor 2 Stunden');
    assert.equal(german.catalogue, de);
    assert.equal(createTexts('not a locale').catalogue, en);
  });

  it('write money with its currency, and a number alone without one', () => {
    assert.equal(english.money('48000', 'EUR'), '€48,000');
    assert.equal(english.money('48000', null), '48,000');
    assert.equal(english.money('n/a', 'EUR'), 'n/a');
  });

  it('write a calendar day as that day in every time zone', () => {
    assert.equal(english.date('2026-12-31'), 'Dec 31, 2026');
  });

  it('keep the same placeholders in every language', () => {
    assert.deepEqual(placeholders(de), placeholders(en));
  });

  it('say that prose was written anew, and show other values before and after', () => {
    const change = { id: '1', at: '', author: { name: '', kind: 'person' as const }, vendor: 'hubspot' as const };
    const prose = { ...change, field: 'researchSummary', before: null, after: 'Long. '.repeat(40) };
    assert.equal(changeText(english, prose), 'Written anew');
    const stage = { ...change, field: 'stage', before: 'qualifiedtobuy', after: 'contractsent' };
    assert.equal(changeText(german, stage), 'Qualifiziert → Vertrag gesendet');
  });

  it('name the CRM in which somebody acted, also where nobody knows the name', () => {
    const change = (kind: 'person' | 'automation', name: string) =>
      changeAuthor(english, { id: '1', at: '', field: 'stage', before: null, after: null, author: { name, kind }, vendor: 'hubspot' });
    assert.equal(change('person', 'Lena Vogt'), 'Lena Vogt in HubSpot');
    assert.equal(change('person', ''), 'Someone in HubSpot');
    assert.equal(change('automation', ''), 'An automation in HubSpot');
  });

  it('show unknown stages and fields as they are', () => {
    assert.equal(fieldValue(english, 'stage', 'custom_stage'), 'custom_stage');
    assert.equal(fieldValue(english, 'stage', 'closedwon'), 'Closed won');
    assert.equal(fieldValue(english, 'nextStep', null), 'empty');
  });
});

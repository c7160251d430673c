import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { de as cardDe } from '../../../../crm-apps/hubspot/src/app/cards/catalogues/de.ts';
import { en as cardEn } from '../../../../crm-apps/hubspot/src/app/cards/catalogues/en.ts';
import { readLabels } from '../../../../sandbox/builders/salesforce/labels.ts';

const project = join(import.meta.dirname, '../../../../crm-apps/salesforce');
const components = join(project, 'src/lwc');
const sources = readdirSync(components, { recursive: true, encoding: 'utf8' });
const read = (file: string): string => readFileSync(join(components, file), 'utf8');

describe('crm-apps/salesforce: the text catalogue', () => {
  const { en = {}, de = {} } = readLabels(project);
  const used = new Set(
    sources
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...read(file).matchAll(/@salesforce\/label\/c\.(\w+)/g)].map(([, name]) => name ?? '')),
  );

  it('has every label that the components import, and no other', () => {
    assert.deepEqual(Object.keys(en).sort(), [...used].sort());
  });

  it('is complete in German, with the same places for values', () => {
    assert.deepEqual(Object.keys(de).sort(), Object.keys(en).sort());
    const places = (text: string | undefined): string[] => (text?.match(/\{\d\}/g) ?? []).sort();
    for (const name of Object.keys(en)) assert.deepEqual(places(de[name]), places(en[name]), name);
  });

  it('uses the words of the HubSpot card', () => {
    const lower = (text: string | undefined): string => (text ?? '').toLowerCase();
    for (const [labels, card] of [
      [en, cardEn],
      [de, cardDe],
    ] as const) {
      const groups = {
        Cause: card.causes,
        Step: card.research.steps,
        Gap: card.brief.gaps,
        Field: card.fields,
        Sync: { in_sync: card.sync.in_sync, behind: card.sync.behind, parked: card.sync.parked },
      };
      const pairs = Object.entries(groups).flatMap(([group, texts]) =>
        Object.entries(texts).map(([code, text]) => [`Rapport_${group}_${code}`, text]),
      );
      const single = { NotSet: card.none, Brief: card.brief.heading, WhatTheyDo: card.brief.whatTheyDo };
      const more = { Social: card.brief.social, Research: card.research.heading, LastTouch: card.otherSide.lastTouch };
      pairs.push(...Object.entries({ ...single, ...more }).map(([name, text]) => [`Rapport_${name}`, text]));
      for (const [name = '', text] of pairs) assert.equal(lower(labels[name]), lower(text), name);
      assert.equal(card.otherSide.owner, card.fields.owner);
    }
  });

  it('keeps within the platform: values of 1,000 and short descriptions of 80 characters', () => {
    const xml = readFileSync(join(project, 'force-app/main/default/labels/CustomLabels.labels-meta.xml'), 'utf8');
    for (const [, text = ''] of xml.matchAll(/<shortDescription>(.*?)<\/shortDescription>/g)) {
      assert.ok(text.length <= 80, text);
    }
    for (const text of [...Object.values(en), ...Object.values(de)]) assert.ok(text.length <= 1000, text);
  });

  it('is the only place with text: templates hold none', () => {
    for (const file of sources.filter((name) => name.endsWith('.html'))) {
      const text = read(file)
        .replace(/<!--[\s\S]*?-->/g, '')
        .replace(/<[^>]*>/g, ' ')
        .replace(/\{[^}]*\}/g, ' ');
      assert.doesNotMatch(text, /\p{L}{2,}/u, file);
      assert.doesNotMatch(read(file), /(?:aria-label|alternative-text|title|label)="/, file);
    }
  });
});

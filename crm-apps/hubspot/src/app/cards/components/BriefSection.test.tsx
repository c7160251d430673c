import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Link, Tag, Text } from '@hubspot/ui-extensions';
import { createRenderer } from '@hubspot/ui-extensions/testing';
import { en } from '../catalogues/en.ts';
import { brief } from '../test-utils/deal-view.ts';
import { BriefSection } from './BriefSection.tsx';

describe('BriefSection', () => {
  it('marks the text as generated and names the model', () => {
    const { render, find, maybeFind } = createRenderer('crm.record.tab');
    render(<BriefSection brief={brief} />);
    assert.equal(find(Tag).text, 'Generated');
    assert.ok(maybeFind(Text, ({ text }) => text?.startsWith('Written by Sandbox model (extractive)') ?? false));
  });

  it('links web addresses only', () => {
    const { render, findAll } = createRenderer('crm.record.tab');
    render(<BriefSection brief={brief} />);
    const hrefs = findAll(Link).map(({ props }) => (typeof props.href === 'string' ? props.href : props.href.url));
    assert.deepEqual(hrefs, ['https://www.flow.example/', 'https://social.example/acme', 'https://acme.example/']);
  });

  it('says why a network gives no figures', () => {
    const { render, maybeFind } = createRenderer('crm.record.tab');
    render(<BriefSection brief={brief} />);
    assert.ok(maybeFind(Text, ({ text }) => text === 'LinkedIn: not available: no public figures '));
    const owner = `TikTok: not available: ${en.brief.gaps.owner_only} `;
    assert.ok(maybeFind(Text, ({ text }) => text === owner), 'in the words of the catalogue where it has some');
  });
});

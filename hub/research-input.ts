import type { Fields } from '../protocol/fields.ts';
import type { Subject } from './runs/deps.ts';
import type { ResearchInput } from '../jobs/research/input.ts';

/** What the research job is told of a deal: the deal's name and its company's public facts. Nothing private goes out. */
export function researchInput(subject: Subject): ResearchInput {
  const company = subject.references['company'];
  const name = company && text(company.fields, 'name');
  return {
    deal: { recordId: subject.recordId, name: text(subject.fields, 'name') ?? '' },
    company:
      company && name
        ? {
            recordId: company.recordId,
            name,
            domain: text(company.fields, 'domain'),
            industry: text(company.fields, 'industry'),
            city: text(company.fields, 'city'),
            country: text(company.fields, 'country'),
          }
        : null,
    aiEnabled: subject.aiEnabled,
  };
}

function text(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

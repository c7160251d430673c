import assert from 'node:assert/strict';
import { Ledger, type Subject } from './ledger.ts';
import { kinds, objects, type Field, type Kind } from './objects.ts';
import { faultsOf, type Kept } from './oracle.ts';
import type { Row, World } from './world.ts';

const [nextStep, , amount] = objects.deal.fields as [Field, Field, Field];
const deal: Subject = { kind: 'deal', recordId: 'r1', hubspot: 'h1', salesforce: 's1' };
const nothing: Kept = () => [];

/** One deal in each CRM, with these values. */
function world(here: Record<string, string>, there: Record<string, string>, more: Row[] = []): World {
  const rows = (id: string, values: Record<string, string>): Record<Kind, Row[]> => ({
    ...(Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Record<Kind, Row[]>),
    deal: [{ id, rapportId: 'r1', values }],
  });
  const hubspot = rows('h1', here);
  hubspot.deal.push(...more);
  return { hubspot, salesforce: rows('s1', there) };
}

describe('chaos: what the comparison sees', () => {
  const before = world({}, {});
  let ledger: Ledger;
  beforeEach(() => (ledger = new Ledger()));
  const faults = (now: World, kept = nothing): string[] => faultsOf(ledger, now, before, kept).map(({ text }) => text);

  it('an edit that is on both sides is no fault, whatever form a number has', () => {
    ledger.wrote(deal, nextStep, 'hubspot', 'two');
    ledger.wrote(deal, amount, 'salesforce', '5');
    assert.deepEqual(faults(world({ nextStep: 'two', amount: '5' }, { nextStep: 'two', amount: '5' })), []);
  });

  it('an edit that is on one side only', () => {
    ledger.wrote(deal, nextStep, 'hubspot', 'two');
    assert.match(
      String(faults(world({ nextStep: 'two' }, { nextStep: 'one' }))),
      /deal h1 \/ s1 nextStep: the CRMs differ/,
    );
  });

  it('an edit that both sides have lost', () => {
    ledger.wrote(deal, nextStep, 'hubspot', 'one');
    ledger.wrote(deal, nextStep, 'hubspot', 'two');
    assert.match(
      String(faults(world({ nextStep: 'one' }, { nextStep: 'one' }))),
      /lost: acknowledged was "two" in hubspot/,
    );
  });

  it('of edits on both sides one must stand and the other must be kept', () => {
    ledger.wrote(deal, nextStep, 'hubspot', 'here');
    ledger.wrote(deal, nextStep, 'salesforce', 'there');
    const now = world({ nextStep: 'there' }, { nextStep: 'there' });
    assert.match(String(faults(now)), /nothing keeps "here"/);
    assert.deepEqual(
      faults(now, (record, field) => (record === 'r1' && field === 'nextStep' ? ['here'] : [])),
      [],
    );
    assert.match(String(faults(world({ nextStep: 'old' }, { nextStep: 'old' }))), /lost/);
  });

  it('a value that was agreed in an earlier round and is gone', () => {
    ledger.wrote(deal, nextStep, 'hubspot', 'one');
    ledger.settle(() => 'one');
    assert.deepEqual(faults(world({ nextStep: 'one' }, { nextStep: 'one' })), []);
    assert.match(
      String(faults(world({ nextStep: 'old' }, { nextStep: 'old' }))),
      /lost: acknowledged was "one" on both sides/,
    );
  });

  it('a row that was made twice, and one that never arrived', () => {
    ledger.created({ kind: 'deal', madeAs: 'made' });
    const made = (id: string, rapportId: string): Row => ({ id, rapportId, values: { name: 'made' } });
    const found = faults(world({}, {}, [made('h2', 'r2'), made('h3', 'r2')]));
    assert.deepEqual(found, [
      'hubspot has 3 rows of deal instead of 2',
      'hubspot has record r2 2 times: h2, h3',
      'hubspot has the deal "made" 2 times: h2, h3',
      'salesforce has 1 rows of deal instead of 2',
      'salesforce has the deal "made" 0 times: ',
    ]);
  });
});

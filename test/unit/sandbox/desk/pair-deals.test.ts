import assert from 'node:assert/strict';
import type { CrmDeal } from '../../../../sandbox/desk/crm-deal.ts';
import { firstChoice, pairDeals } from '../../../../sandbox/desk/pair-deals.ts';

const deal = (id: string, name: string, company = 'Acme', stage = 'closedwon'): CrmDeal => ({
  id,
  name,
  company,
  stage,
});

describe('desk: pairing deals', () => {
  it('pairs equal names at equal companies, however they are spaced or written', () => {
    const [pair, ...rest] = pairDeals([deal('1', 'Pump  renewal ')], [deal('006', 'pump renewal', 'ACME')]);
    assert.deepEqual(rest, []);
    assert.equal(pair?.hubspot?.id, '1');
    assert.equal(pair?.salesforce?.id, '006');
    assert.equal(pair?.ambiguous, false);
  });

  it('never pairs by name alone', () => {
    assert.equal(pairDeals([deal('1', 'Renewal', 'Acme')], [deal('006', 'Renewal', 'Globex')]).length, 2);
  });

  it('marks doubles: which belongs to which is a guess', () => {
    const pairs = pairDeals([deal('1', 'Renewal'), deal('2', 'Renewal')], [deal('006', 'Renewal')]);
    assert.deepEqual(
      pairs.map(({ ambiguous, salesforce }) => [ambiguous, salesforce?.id]),
      [
        [true, '006'],
        [true, undefined],
      ],
    );
  });

  it('opens with the oldest deal that is in both CRMs', () => {
    const pairs = pairDeals([deal('30', 'A'), deal('1', 'B'), deal('4', 'C')], [deal('001', 'A'), deal('003', 'C')]);
    assert.equal(pairs[firstChoice(pairs)]?.name, 'C');
    assert.equal(firstChoice([]), -1);
  });

  it('opens with the wanted deal wherever it stands', () => {
    const atStart = (id: string, name: string) => deal(id, name, 'Acme', 'appointmentscheduled');
    const salesforce = [deal('001', 'A'), deal('002', 'B')];
    const pairs = pairDeals([atStart('1', 'A'), atStart('2', 'B')], salesforce);
    assert.equal(pairs[firstChoice(pairs, 'B')]?.name, 'B');
    const moved = pairDeals([atStart('1', 'A'), deal('2', 'B')], salesforce);
    assert.equal(moved[firstChoice(moved, 'B')]?.name, 'B');
  });
});

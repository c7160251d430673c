import assert from 'node:assert/strict';
import { assert as assertProperty, nat, property } from 'fast-check';
import { equal, SealedTokens } from '../../../../hub/http/sealed-token.ts';

const tokens = new SealedTokens(Buffer.alloc(32, 1));

describe('hub/http sealed tokens', () => {
  it('name their subject until they end', () => {
    const token = tokens.issue('00D5f000000SbA1EAM', 1_000);
    assert.equal(tokens.open(token, 999), '00D5f000000SbA1EAM');
    assert.equal(tokens.open(token, 1_000), undefined);
  });

  it('of another key, and what is no token, open nothing', () => {
    const foreign = new SealedTokens(Buffer.alloc(32, 2)).issue('org', 1_000);
    for (const token of [foreign, '', '.', 'a.b', 'a.b.c', `${tokens.issue('org', 1_000)}.x`, 'e30.', '.e30'])
      assert.equal(tokens.open(token, 0), undefined, token);
  });

  it('with any bit flipped open nothing', () => {
    const token = tokens.issue('00D5f000000SbA1EAM', 1_000);
    assertProperty(
      property(nat(token.length - 1), nat(6), (at, bit) => {
        const bytes = Buffer.from(token);
        bytes[at] = (bytes[at] as number) ^ (1 << bit);
        return tokens.open(bytes.toString('latin1'), 0) === undefined;
      }),
    );
  });

  it('compare whole texts only', () => {
    assert.ok(equal('secret', 'secret'));
    assert.ok(!equal('secret', 'secre') && !equal('', 'x') && !equal('é', 'e'));
  });
});

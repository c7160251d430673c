import assert from 'node:assert/strict';
import { Fault, Reconnect, Rejected, RetryLater } from '../../../protocol/errors.ts';
import { faultForLog, shownReason } from '../../../protocol/fault-for-log.ts';

const hush = 'anna@canary.example';

describe('protocol faultForLog', () => {
  it('shows our own words', () => {
    const { error, message } = faultForLog(new Fault('there is no job research'));
    assert.deepEqual([error, message], ['Fault', 'there is no job research']);
    assert.match(faultForLog(new TypeError('x is not a function')).message ?? '', /not a function/);
  });

  it('shows of a vendor’s and a database’s words the codes only, and where it happened', () => {
    const vendor = Object.assign(new Error(`${hush} is not valid`), { errorCode: 'INVALID_EMAIL', status: 400 });
    const database = Object.assign(new Error(`Key (email)=(${hush})`), { code: '23505' });
    for (const [error, code] of [
      [new Fault(`Salesforce answered: ${hush}`, vendor), 'INVALID_EMAIL 400'],
      [new RetryLater(`the database: ${hush}`, 1, database), '23505'],
      [new Rejected(hush, { code: 'INVALID_EMAIL', cause: vendor }), 'INVALID_EMAIL 400'],
      [database, '23505'],
      [new SyntaxError(`Unexpected token in "${hush}"`), undefined],
    ] as const) {
      const shown = faultForLog(error);
      assert.doesNotMatch(JSON.stringify(shown), /canary/);
      assert.equal(shown.code, code);
      assert.match(shown.stack ?? '', /fault-for-log\.test\.ts/);
    }
  });

  it('lets no value through as a code, and takes whatever is thrown', () => {
    const odd = Object.assign(new Error(''), { code: hush, status: { text: hush } });
    assert.doesNotMatch(JSON.stringify([faultForLog(odd), faultForLog(hush), faultForLog(undefined)]), /canary/);
  });

  it('says why an account is cut off without the vendor’s words, and who must do what', () => {
    const vendor = Object.assign(new Error(`${hush} is locked out`), { errorCode: 'invalid_grant' });
    const remedy = 'An admin must connect this account again.';
    assert.equal(shownReason(new Reconnect('The account is disconnected.')), `The account is disconnected. ${remedy}`);
    assert.equal(
      shownReason(new Reconnect(`Salesforce: ${hush}`, vendor)),
      `The account refuses Rapport (invalid_grant). ${remedy}`,
    );
    assert.equal(shownReason(new Reconnect(hush, new Error(hush))), `The account refuses Rapport. ${remedy}`);
  });
});

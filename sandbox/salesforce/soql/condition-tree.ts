import type { ConditionWithValueQuery, WhereClause } from '@jetstreamapp/soql-parser-js';
import { malformedQuery } from './query-error.ts';

/** One comparison, as the parser gives it. */
export type Comparison = Exclude<ConditionWithValueQuery, { openParen: number; field?: never; fn?: never }>;

export type ConditionTree =
  | { kind: 'and' | 'or'; parts: ConditionTree[] }
  | { kind: 'not'; part: ConditionTree }
  | { kind: 'comparison'; comparison: Comparison };

type Token = '(' | ')' | 'AND' | 'OR' | 'NOT' | { comparison: Comparison };

/** The parser gives a chain with counts of parentheses; this is the row of tokens it stands for. */
function tokensOf(where: WhereClause): Token[] {
  const tokens: Token[] = [];
  let clause: WhereClause | undefined = where;
  while (clause) {
    const { left } = clause as { left: Comparison | null };
    tokens.push(...Array<'('>(left?.openParen ?? 0).fill('('));
    if (left && ('field' in left || 'fn' in left)) tokens.push({ comparison: left });
    tokens.push(...Array<')'>((left as { closeParen?: number } | null)?.closeParen ?? 0).fill(')'));
    if ('operator' in clause) tokens.push(clause.operator);
    clause = 'right' in clause ? clause.right : undefined;
  }
  return tokens;
}

const unexpected = (token: Token | undefined): Error => {
  const shown = typeof token === 'string' ? token : token === undefined ? '<EOF>' : 'condition';
  return malformedQuery(`unexpected token: '${shown}'`);
};

/**
 * The tree of a WHERE clause. As at the vendor, AND, OR and NOT mix only in parentheses: `a AND b OR c`, `a AND NOT b` and
 * `NOT a AND b` are refused, `a AND (NOT b)` is right. Source: SOQL reference, logical operators.
 */
export function conditionTree(where: WhereClause): ConditionTree {
  const tokens = tokensOf(where);
  let at = 0;

  function operand(): ConditionTree {
    const token = tokens[at];
    at += 1;
    if (token === '(') {
      const inner = expression();
      if (tokens[at] !== ')') throw unexpected(tokens[at]);
      at += 1;
      return inner;
    }
    if (token === undefined || typeof token === 'string') throw unexpected(token);
    return { kind: 'comparison', comparison: token.comparison };
  }

  function expression(): ConditionTree {
    if (tokens[at] === 'NOT') {
      at += 1;
      return { kind: 'not', part: operand() };
    }
    const first = operand();
    const operator = tokens[at];
    if (operator !== 'AND' && operator !== 'OR') return first;
    const parts = [first];
    while (tokens[at] === operator) {
      at += 1;
      parts.push(operand());
    }
    return { kind: operator === 'AND' ? 'and' : 'or', parts };
  }

  const tree = expression();
  if (at < tokens.length) throw unexpected(tokens[at]);
  return tree;
}

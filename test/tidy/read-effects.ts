import type { Node, SourceFile } from 'typescript/unstable/ast';
import {
  isAwaitExpression,
  isCallExpression,
  isFunctionDeclaration,
  isArrowFunction,
  isIdentifier,
  isMethodDeclaration,
  isNewExpression,
  isNoSubstitutionTemplateLiteral,
  isPropertyAccessExpression,
  isStringLiteral,
  isTemplateExpression,
  SyntaxKind,
} from 'typescript/unstable/ast';
import type { Effect, Source } from './source.ts';

const byMember: Readonly<Record<string, Effect['kind']>> = {
  'Date.now': 'clock',
  'performance.now': 'clock',
  'process.hrtime': 'clock',
  'Math.random': 'chance',
  'crypto.randomUUID': 'chance',
  'crypto.getRandomValues': 'chance',
  'globalThis.fetch': 'network',
  'process.env': 'environment',
};
const byCall: Readonly<Record<string, Effect['kind']>> = {
  setTimeout: 'timer',
  setInterval: 'timer',
  setImmediate: 'timer',
  fetch: 'network',
  randomUUID: 'chance',
  randomBytes: 'chance',
  randomInt: 'chance',
};
const suites = new Set(['describe', 'context', 'it', 'specify', 'test']);
const stops = new Set(['xdescribe', 'xcontext', 'xit', 'xspecify']);

type Found = Pick<Source, 'effects' | 'isAsync' | 'narrowed' | 'strings' | 'names'>;

/** Walks a whole file once, for all that may stand anywhere in it. */
export function readEffects(file: SourceFile): Found {
  const found: Found = { effects: [], isAsync: false, narrowed: [], strings: new Set(), names: new Map() };
  const at = (node: Node): string => `line ${file.text.slice(0, node.getStart(file)).split('\n').length}`;
  const visit = (node: Node): void => {
    if (isIdentifier(node)) found.names.set(node.text, (found.names.get(node.text) ?? 0) + 1);
    if (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)) found.strings.add(node.text);
    if (isTemplateExpression(node)) found.strings.add(node.getText(file).slice(1, -1));
    if (isAwaitExpression(node) || isAsyncFunction(node)) found.isAsync = true;

    const member = memberName(node);
    const kind = member === undefined ? undefined : byMember[member];
    if (kind) found.effects.push({ kind, text: `${member}, ${at(node)}` });
    if (isNewExpression(node) && nameOf(node.expression) === 'Date' && (node.arguments ?? []).length === 0)
      found.effects.push({ kind: 'clock', text: `new Date(), ${at(node)}` });
    if (isCallExpression(node)) {
      const called = nameOf(node.expression) ?? '';
      const calledKind = byCall[called];
      if (calledKind) found.effects.push({ kind: calledKind, text: `${called}(), ${at(node)}` });
      if (stops.has(called)) found.narrowed.push(`${called}, ${at(node)}`);
    }
    const [suite = '', narrowing] = member?.split('.') ?? [];
    if (suites.has(suite) && (narrowing === 'only' || narrowing === 'skip'))
      found.narrowed.push(`${member}, ${at(node)}`);
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

function isAsyncFunction(node: Node): boolean {
  const canBe = isFunctionDeclaration(node) || isArrowFunction(node) || isMethodDeclaration(node);
  return canBe && (node.modifiers ?? []).some((modifier) => modifier.kind === SyntaxKind.AsyncKeyword);
}

function memberName(node: Node): string | undefined {
  if (!isPropertyAccessExpression(node)) return undefined;
  const owner = nameOf(node.expression);
  return owner === undefined ? undefined : `${owner}.${node.name.text}`;
}

function nameOf(node: Node): string | undefined {
  return isIdentifier(node) ? node.text : undefined;
}

import { join, posix, relative } from 'node:path';
import { API } from 'typescript/unstable/sync';
import type { Node, SourceFile } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isClassDeclaration,
  isExportAssignment,
  isExportDeclaration,
  isFunctionDeclaration,
  isIdentifier,
  isImportDeclaration,
  isImportTypeNode,
  isInterfaceDeclaration,
  isLiteralTypeNode,
  isNamedExports,
  isNamedImports,
  isStringLiteral,
  isTypeAliasDeclaration,
  isVariableStatement,
  SyntaxKind,
} from 'typescript/unstable/ast';
import { readEffects } from './read-effects.ts';
import type { Export, Import, Source } from './source.ts';
import { root } from './tree.ts';

/** Parses every file of these projects, by the compiler that also checks them. */
export function readSources(projects: readonly string[]): Source[] {
  const api = new API({ cwd: root });
  try {
    const opened = api.updateSnapshot({ openProjects: projects.map((project) => join(root, project)) });
    const sources = new Map<string, Source>();
    for (const { program } of opened.getProjects())
      for (const name of program.getSourceFileNames()) {
        const path = relative(root, name).replaceAll('\\', '/');
        if (path.startsWith('..') || path.includes('node_modules/') || sources.has(path)) continue;
        const file = program.getSourceFile(name);
        if (file) sources.set(path, readSource(path, file));
      }
    return [...sources.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
  } finally {
    api.close();
  }
}

function readSource(path: string, file: SourceFile): Source {
  return {
    path,
    imports: [...file.statements.flatMap((node) => statementImport(path, node)), ...inlineImports(path, file)],
    exports: file.statements.flatMap(exportsOf),
    isBarrel:
      file.statements.some((node) => isExportDeclaration(node) && node.moduleSpecifier) &&
      file.statements.every((node) => isImportDeclaration(node) || isExportDeclaration(node)),
    ...readEffects(file),
  };
}

function statementImport(path: string, node: Node): Import[] {
  if (isImportDeclaration(node) && isStringLiteral(node.moduleSpecifier)) {
    const clause = node.importClause;
    const bindings = clause?.namedBindings;
    const named = bindings && isNamedImports(bindings) ? [...bindings.elements] : [];
    const names = named.map((one) => one.propertyName?.text ?? one.name.text);
    if (clause?.name) names.push('default');
    if (bindings && !isNamedImports(bindings)) names.push('*');
    const typeOnly =
      clause?.phaseModifier === SyntaxKind.TypeKeyword ||
      (names.length > 0 && named.length === names.length && named.every((one) => one.isTypeOnly));
    return [toImport(path, node.moduleSpecifier.text, names, typeOnly)];
  }
  if (isExportDeclaration(node) && node.moduleSpecifier && isStringLiteral(node.moduleSpecifier)) {
    const clause = node.exportClause;
    const names =
      clause && isNamedExports(clause) ? clause.elements.map((one) => (one.propertyName ?? one.name).text) : ['*'];
    return [toImport(path, node.moduleSpecifier.text, names, node.isTypeOnly)];
  }
  return [];
}

/** `import('./x.ts')`, as a value or as a type. */
function inlineImports(path: string, file: SourceFile): Import[] {
  const found: Import[] = [];
  const visit = (node: Node): void => {
    if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && isStringLiteral(argument)) found.push(toImport(path, argument.text, ['*'], false));
    }
    if (isImportTypeNode(node) && isLiteralTypeNode(node.argument) && isStringLiteral(node.argument.literal))
      found.push(toImport(path, node.argument.literal.text, ['*'], true));
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

function toImport(path: string, specifier: string, names: string[], typeOnly: boolean): Import {
  return { specifier, target: resolveOurs(path, specifier), names, typeOnly };
}

/** Lightning modules name their neighbours `c/name`; all other files of ours are named by a relative path. */
function resolveOurs(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(path), specifier);
  const [, name] = /^c\/(\w+)$/.exec(specifier) ?? [];
  return name ? `crm-apps/salesforce/src/lwc/${name}/${name}.ts` : undefined;
}

function exportsOf(node: Node): Export[] {
  if (isExportAssignment(node)) return [{ name: 'default', isType: false }];
  if (isExportDeclaration(node)) {
    const clause = node.exportClause;
    if (!clause || !isNamedExports(clause)) return [];
    return clause.elements.map((one) => ({ name: one.name.text, isType: node.isTypeOnly || one.isTypeOnly }));
  }
  const isType = isInterfaceDeclaration(node) || isTypeAliasDeclaration(node);
  if (isType || isFunctionDeclaration(node) || isClassDeclaration(node)) {
    const kinds = new Set((node.modifiers ?? []).map((modifier) => modifier.kind));
    if (!kinds.has(SyntaxKind.ExportKeyword)) return [];
    return [{ name: kinds.has(SyntaxKind.DefaultKeyword) ? 'default' : (node.name?.text ?? 'default'), isType }];
  }
  if (isVariableStatement(node)) {
    if (!(node.modifiers ?? []).some((modifier) => modifier.kind === SyntaxKind.ExportKeyword)) return [];
    return node.declarationList.declarations
      .flatMap((one) => boundNames(one.name))
      .map((name) => ({ name, isType: false }));
  }
  return [];
}

/** The names of a declaration, destructured or not. */
function boundNames(node: Node): string[] {
  if (isIdentifier(node)) return [node.text];
  const names: string[] = [];
  node.forEachChild((child) => void names.push(...boundNames('name' in child ? (child.name as Node) : child)));
  return names;
}

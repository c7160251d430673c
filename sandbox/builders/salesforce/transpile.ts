import { transformSync } from 'esbuild';

/** One TypeScript file as JavaScript, as the project's `tsc` writes it: types off, decorators and class fields kept. */
export function transpile(source: string, fileName = 'module.ts'): string {
  return transformSync(source, {
    loader: 'ts',
    sourcefile: fileName,
    target: 'esnext',
    tsconfigRaw: {
      compilerOptions: { experimentalDecorators: false, useDefineForClassFields: true, verbatimModuleSyntax: true },
    },
  }).code;
}

// The few shapes used of this package's own toolchain, so that the repository type-checks before it is installed.
declare module 'rollup' {
  export interface Plugin {
    name: string;
    resolveId?(id: string, importer: string | undefined): string | undefined;
    load?(id: string): string | undefined;
    transform?(code: string, id: string): { code: string; map: null } | undefined;
  }
  export interface Warning {
    code?: string;
    message: string;
  }
  export interface Bundle {
    generate(output: { format: 'es'; inlineDynamicImports: boolean }): Promise<{ output: [{ code: string }] }>;
    close(): Promise<void>;
  }
  export function rollup(options: {
    input: string;
    plugins: Plugin[];
    onwarn(warning: Warning): void;
  }): Promise<Bundle>;
}

declare module '@lwc/rollup-plugin' {
  import type { Plugin } from 'rollup';
  export default function lwc(options: {
    rootDir: string;
    modules: ({ dir: string } | { npm: string })[];
    exclude?: string[];
  }): Plugin;
}

declare module 'esbuild' {
  interface TransformOptions {
    minify?: boolean;
    loader?: 'ts';
    sourcefile?: string;
    target?: string;
    tsconfigRaw?: { compilerOptions: Record<string, boolean> };
  }
  export function transform(code: string, options: TransformOptions): Promise<{ code: string }>;
  export function transformSync(code: string, options: TransformOptions): { code: string };
}

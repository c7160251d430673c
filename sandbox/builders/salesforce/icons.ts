import { join } from 'node:path';
import type { Plugin } from 'rollup';

const mark = '\0icons:';
const templates = /^lightning\/iconSvgTemplates(Action|Custom|Doctype|Standard|Utility)(Rtl)?$/;

/**
 * Replaces the base components' complete icon libraries (some 1,500 templates) by the icons that the sources name.
 * `names` are `<set>:<icon>`, as `icon-name` has them; `modules` is the folder of installed packages by the same path as
 * for all other modules, or the bundle gets a second engine.
 */
export function icons(names: ReadonlySet<string>, modules: string): Plugin {
  return {
    name: 'icons',
    resolveId(id) {
      return templates.test(id) ? mark + id : undefined;
    },
    load(id) {
      if (!id.startsWith(mark)) return undefined;
      const library = id.slice(mark.length);
      const set = templates.exec(library)?.[1]?.toLowerCase() ?? '';
      const used = [...names].filter((name) => name.startsWith(`${set}:`)).map((name) => name.slice(set.length + 1));
      const folder = join(modules, 'lightning-base-components', 'src', library, 'buildTemplates', set);
      const imports = used.map((icon) => `import ${set}_${icon} from '${folder}/${icon}.html';`);
      return `${imports.join('\n')}\nexport default { ${used.map((icon) => `${set}_${icon}`).join(', ')} };`;
    },
  };
}

/** The icons that a source names. */
export function iconNames(source: string): string[] {
  return source.match(/\b(?:action|custom|doctype|standard|utility):[a-z0-9_]+/g) ?? [];
}

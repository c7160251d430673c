import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Frame, Page } from 'playwright-core';

/** Holds a page and the pages within it to axe's rules of WCAG 2.2 AA. Each violation is told with its first elements. */
export async function assertAccessible(page: Page): Promise<void> {
  const found: string[] = [];
  for (const frame of page.frames()) found.push(...(await violationsIn(frame)));
  assert.deepEqual(found, []);
}

/** Frames of other origins cannot be reached from within the page: each is examined by itself. */
async function violationsIn(frame: Frame): Promise<string[]> {
  await frame.evaluate(axe.source);
  const { violations } = await frame.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      iframes: false,
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    }),
  );
  return violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 3).map(({ html }) => html.slice(0, 160));
    return `${frame.url()}: ${id}, ${help} (${nodes.length}): ${where.join(' | ')}`;
  });
}

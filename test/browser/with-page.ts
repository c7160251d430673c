import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser } from './chromium.ts';

/** Out of the repository's sight. */
const shots = join(import.meta.dirname, '..', '..', '.data-test', 'screenshots');

/**
 * Gives a fresh page, as a new visitor with an English browser. When `use` has ended, no script of the page may have failed
 * and nothing may have been refused by the page's own policy. A failure leaves a picture.
 */
export async function withPage(name: string, use: (page: Page) => Promise<void>): Promise<void> {
  const browser = await openBrowser();
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1600, height: 1000 } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
  page.on('console', (message) => {
    // A call that a server refused is that test's matter; a script or a style that was refused is always a fault.
    if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text()))
      faults.push(message.text());
  });
  try {
    await use(page);
    assert.deepEqual(faults, []);
  } catch (error) {
    await picture(page, `failed-${name}`).catch(() => undefined);
    if (faults.length > 0) process.stderr.write(`The page's own faults:\n  ${faults.join('\n  ')}\n`);
    throw error;
  } finally {
    await context.close();
  }
}

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

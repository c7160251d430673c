import assert from 'node:assert/strict';
import { portals } from '../../sandbox/seed/credentials.ts';
import { assertAccessible } from './accessible.ts';
import { startPages, type Pages } from './sandbox.ts';
import { withPage } from './with-page.ts';

const [portalA] = portals;

describe('the examination by axe', () => {
  it('finds a fault, in a page and in a page within it', () =>
    withPage('axe', async (page) => {
      const fine = '<html lang="en"><title>x</title><main><h1>y</h1></main></html>';
      const fault = fine.replace('<h1>', '<button></button><h1>');
      await page.setContent(fault);
      await assert.rejects(assertAccessible(page), /button-name/);
      await page.setContent(fine.replace('</main>', '<iframe title="z"></iframe></main>'));
      await page.frames()[1]?.setContent(fine);
      await assertAccessible(page);
      await page.frames()[1]?.setContent(fault);
      await assert.rejects(assertAccessible(page), /button-name/);
    }));
});

describe('pages of the sandbox, without a hub', () => {
  let pages: Pages;
  before(async () => {
    pages = await startPages();
  });
  after(() => pages.stop());

  it('HubSpot: from the list to a deal; a click on a stage moves it; the card says how far its build is', () =>
    withPage('hubspot', async (page) => {
      await page.goto(`${pages.hubspot}/contacts/${portalA.portalId}/objects/0-3/views/all/list`);
      await page.getByRole('heading', { name: /^Deals \(\d+\)$/ }).waitFor();
      await assertAccessible(page);
      const row = page.getByRole('row').filter({ hasText: 'Appointment Scheduled' }).first();
      const name = (await row.getByRole('link').textContent()) ?? '';
      await row.getByRole('link').click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await page.getByText('Not built here.').waitFor();
      await page.getByRole('button', { name: 'Move to Qualified To Buy' }).click();
      await page.locator('li[aria-current=step]', { hasText: 'Qualified To Buy' }).waitFor();
      await page.reload();
      await page.locator('li[aria-current=step]', { hasText: 'Qualified To Buy' }).waitFor();
      await assertAccessible(page);
    }));

  it('Salesforce: from the list to an opportunity; its path moves it; the component says how far its build is', () =>
    withPage('salesforce', async (page) => {
      await page.goto(`${pages.salesforce}/lightning/o/Opportunity/list`);
      await page.getByRole('heading', { name: /Opportunities/ }).waitFor();
      await assertAccessible(page);
      const row = page.getByRole('row').filter({ hasText: 'Prospecting' }).first();
      const name = (await row.getByRole('link').first().textContent()) ?? '';
      await row.getByRole('link').first().click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await page.getByText('Not built here.').waitFor();
      await page.getByRole('button', { name: 'Qualification', exact: true }).click();
      await page.getByRole('button', { name: 'Mark as Current Stage' }).click();
      await page.locator('li[aria-current=step]', { hasText: 'Qualification' }).waitFor();
      await page.reload();
      await page.locator('li[aria-current=step]', { hasText: 'Qualification' }).waitFor();
      await assertAccessible(page);
    }));

  it('the desk shows the same deal twice and says that the hub does not run', () =>
    withPage('desk-without-hub', async (page) => {
      await page.goto(pages.desk);
      await page.getByText('Hub: not running').waitFor();
      const names = await Promise.all(
        ['#hubspot', '#salesforce'].map((pane) => page.frameLocator(`${pane} iframe`).locator('h1').textContent()),
      );
      assert.ok(names[0]);
      assert.equal(names[0], names[1]);
      await assertAccessible(page);
    }));

  it('the desk keeps the choice of tenant in its address', () =>
    withPage('desk-tenant', async (page) => {
      await page.goto(pages.desk);
      await page.getByLabel('Tenant').selectOption('b');
      await page.waitForURL(/tenant=b&.*hubspot=\d+/);
      const frame = page.locator('#hubspot iframe');
      const portalB = portals[1].portalId;
      await page.waitForFunction(
        ([selector, id]) => document.querySelector(selector!)?.getAttribute('src')?.includes(`/contacts/${id}/`),
        ['#hubspot iframe', String(portalB)],
      );
      assert.match((await frame.getAttribute('src')) ?? '', new RegExp(`/contacts/${portalB}/`));
    }));

  it('the desk speaks German when that is chosen, and says when its address names no tenant', () =>
    withPage('desk-german', async (page) => {
      await page.goto(`${pages.desk}/?tenant=zzz&lang=en`);
      await page.getByText('There is no tenant "zzz".').waitFor();
      await page.getByLabel('Language').selectOption('de');
      await page.getByText('Es gibt keinen Mandanten „zzz“.').waitFor();
      await page.getByText('Hub: läuft nicht').waitFor();
      await page.getByLabel('Mandant').selectOption('b');
      await page.getByText('Es gibt keinen Mandanten').waitFor({ state: 'hidden' });
      // The other tenant's pages take the place of these.
      await page.locator(`#hubspot iframe[src*="/contacts/${portals[1].portalId}/"]`).waitFor();
      await page.frameLocator('#hubspot iframe').locator('[data-property=dealname]').waitFor();
      await page.frameLocator('#salesforce iframe').getByRole('heading').first().waitFor();
      await assertAccessible(page);
    }));

  it('a narrow desk shows one side, and a switch for the other', () =>
    withPage('desk-narrow', async (page) => {
      await page.setViewportSize({ width: 780, height: 900 });
      await page.goto(pages.desk);
      await page.locator('#hubspot iframe').waitFor();
      assert.equal(await page.locator('#salesforce').isVisible(), false);
      await page.getByRole('button', { name: 'Salesforce' }).click();
      await page.locator('#salesforce iframe').waitFor();
      assert.equal(await page.locator('#hubspot').isVisible(), false);
      await assertAccessible(page);
    }));

  it('what only Rapport writes is read, not edited', () =>
    withPage('read-only', async (page) => {
      await page.goto(pages.desk);
      const hubspot = page.frameLocator('#hubspot iframe');
      await hubspot.locator('[data-property=dealname] button').waitFor();
      const ours = hubspot.locator('[data-property^=rapport_]');
      assert.equal(await ours.locator('button').count(), 0);
    }));

  it('a bare address says what answers there and leads to its pages', async () => {
    for (const [address, heading] of [
      [pages.hubspot, 'Stand-in of HubSpot'],
      [pages.salesforce, 'Stand-in of Salesforce'],
    ] as const)
      await withPage('signpost', async (page) => {
        await page.goto(address);
        await page.getByRole('heading', { name: heading }).waitFor();
        await page.getByRole('link').first().click();
        await page.getByRole('heading', { level: 1 }).waitFor();
      });
  });
});

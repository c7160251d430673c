import assert from 'node:assert/strict';
import type { FrameLocator, Page } from 'playwright-core';
import { assertAccessible } from './accessible.ts';
import { startProduct, type Product } from './product.ts';
import { picture, withPage } from './with-page.ts';

/** The promise to people: what they change on one side, the other side shows within this time. */
const follows_ms = 10_000;
const research_ms = 60_000;
/** A deal that the hub does not know yet is asked for again after half a minute. */
const known_ms = 45_000;

describe('the desk over the running product', () => {
  let product: Product;
  before(async function () {
    this.timeout(400_000);
    product = await startProduct();
    await product.built();
  });
  after(async () => {
    assert.equal(await product.stop(), 0, 'Ctrl-C stops everything in order');
  });

  it('shows one deal in both CRMs, carries a stage both ways, and brings the brief back to both', async function () {
    this.timeout(180_000);
    await withPage('desk', async (page) => {
      const { hubspot, salesforce } = await openDesk(page, product.desk);

      await hubspot.getByRole('button', { name: 'Move to Presentation Scheduled' }).click();
      await current(salesforce, 'Needs Analysis').waitFor({ timeout: follows_ms });

      await salesforce.getByRole('button', { name: 'Negotiation/Review', exact: true }).click();
      await salesforce.getByRole('button', { name: 'Mark as Current Stage' }).click();
      await current(hubspot, 'Contract Sent').waitFor({ timeout: follows_ms });

      await hubspot.getByRole('button', { name: 'Start research' }).click();
      await hubspot.getByRole('progressbar', { name: 'Research' }).waitFor({ timeout: follows_ms });
      await Promise.all(
        [hubspot, salesforce].map((side) =>
          side.getByText('What they do', { exact: true }).waitFor({ timeout: research_ms }),
        ),
      );
      for (const side of [hubspot, salesforce]) await side.getByText(/Written by Sandbox model/).waitFor();

      await picture(page, 'desk');
      await assertAccessible(page);
    });
  });

  it('carries an amount and a close date both ways, and what each side shows is the same', async function () {
    this.timeout(180_000);
    await withPage('desk-fields', async (page) => {
      const { hubspot, salesforce } = await openDesk(page, product.desk);
      const inHubspot = (name: string, text: RegExp): Promise<void> =>
        hubspot.locator(`[data-property=${name}] dd`).filter({ hasText: text }).waitFor({ timeout: follows_ms });
      const inSalesforce = (label: string, text: RegExp): Promise<void> =>
        salesforce
          .locator('section.details .field')
          .filter({ has: page.locator('dt').getByText(label, { exact: true }), hasText: text })
          .waitFor({ timeout: follows_ms });

      await editInHubspot(hubspot, 'amount', '43210');
      await inSalesforce('Amount', /43,210/);
      await editInSalesforce(salesforce, 'Amount', '54321');
      await inHubspot('amount', /54,321/);

      await editInSalesforce(salesforce, 'CloseDate', '2031-03-15');
      await inHubspot('closedate', /(?=.*2031)(?=.*15)/);
      await editInHubspot(hubspot, 'closedate', '2032-04-16');
      await inSalesforce('Close Date', /(?=.*2032)(?=.*16)/);
      // What came back is what was entered last, on both sides.
      await inHubspot('closedate', /(?=.*2032)(?=.*16)/);
      await inHubspot('amount', /54,321/);
      await inSalesforce('Amount', /54,321/);
    });
  });
});

async function editInHubspot(side: FrameLocator, property: string, value: string): Promise<void> {
  const row = side.locator(`[data-property=${property}]`);
  await row.getByRole('button', { name: /^Edit / }).click();
  await row.locator('input').fill(value);
  await row.getByRole('button', { name: 'Save' }).click();
  await row.getByRole('button', { name: /^Edit / }).waitFor();
}

async function editInSalesforce(side: FrameLocator, field: string, value: string): Promise<void> {
  const details = side.locator('section.details');
  await details.locator(`[data-key=${field}]`).click();
  await details.locator(`[name=${field}]`).fill(value);
  await details.getByRole('button', { name: 'Save' }).click();
  await details.locator(`[data-key=${field}]`).waitFor();
}

/** Opens the desk and waits until both pages show the same deal, with our card and our component in them. */
async function openDesk(page: Page, address: string): Promise<{ hubspot: FrameLocator; salesforce: FrameLocator }> {
  await page.goto(address);
  await page.getByText('Hub: ready').waitFor();
  const hubspot = page.frameLocator('#hubspot iframe');
  const salesforce = page.frameLocator('#salesforce iframe');
  const names = await Promise.all([hubspot, salesforce].map((side) => side.locator('h1').textContent()));
  assert.ok(names[0]);
  assert.equal(names[0], names[1]);
  await hubspot.getByRole('heading', { name: 'In Salesforce' }).waitFor({ timeout: known_ms });
  await salesforce.getByRole('heading', { name: 'In HubSpot' }).waitFor({ timeout: known_ms });
  for (const side of [hubspot, salesforce]) await side.getByRole('button', { name: 'Start research' }).waitFor();
  return { hubspot, salesforce };
}

function current(side: FrameLocator, stage: string) {
  return side.locator('li[aria-current=step]', { hasText: stage });
}

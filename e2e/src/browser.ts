import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { type Platform, requiredVariable, WORKSPACE } from './platform';

export const SCREENSHOTS = join(WORKSPACE, 'e2e/screenshots');

/** Headless Chromium of the system, quiet about hosts that cannot be reached. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: requiredVariable('TEST_CHROMIUM'),
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

/** Ends what hangs; on a machine that is busy with other tests, a page takes its time (ms). */
const LONGEST_WAIT_MS = 120_000;

/** A page of its own person, at the size of a laptop. */
export async function openPage(browser: Browser, viewport = { width: 1440, height: 900 }): Promise<Page> {
  const page = await (await browser.newContext({ viewport })).newPage();
  page.setDefaultTimeout(LONGEST_WAIT_MS);
  return page;
}

/** Signs in as the first admin and waits for the desk. */
export async function signIn(page: Page, platform: Platform, password: string): Promise<void> {
  await page.goto(platform.url('dashboard', '/'));
  await fillSignIn(page, password);
  await seen(page.getByRole('region', { name: 'Accounts' }).getByText('paper', { exact: true }).first());
}

/** Fills and sends the page to sign in. */
export async function fillSignIn(page: Page, password: string): Promise<void> {
  await page.getByLabel(/user/i).fill('admin');
  await page.getByLabel(/password/i).fill(password);
  await page.getByRole('button', { name: /sign in/i }).click();
}

/** Waits until something can be seen; otherwise the error says what the page shows instead. */
export async function seen(wanted: Locator): Promise<void> {
  try {
    await wanted.waitFor();
  } catch (cause) {
    const page = wanted.page();
    const shown = await page.locator('body').innerText().catch(String);
    throw new Error(`not to be seen: ${wanted.toString()}, at ${page.url()}:\n${shown}`, { cause });
  }
}

export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
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

/** Signs in as the first admin and waits for the dashboard. */
export async function signIn(page: Page, platform: Platform, password: string): Promise<void> {
  await page.goto(platform.url('dashboard', '/'));
  await page.getByLabel(/user/i).fill('admin');
  await page.getByLabel(/password/i).fill(password);
  await page.getByRole('button', { name: /sign in/i }).click();
}

export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

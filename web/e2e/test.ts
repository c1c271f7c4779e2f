import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';

/**
 * A page that fails its test when something is written to the console as an error, when the
 * policy of the page refuses something, or when anything is asked of another server.
 */
export const test = base.extend<{ page: Page }>({
  page: async ({ page, baseURL }, use) => {
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      const local =
        url.protocol === 'data:' || url.protocol === 'blob:' || url.origin === new URL(baseURL!).origin;
      if (!local) faults.push(`request to ${url.origin}`);
    });
    await use(page);
    expect(faults).toEqual([]);
  },
});

export { expect };

/** Who signs in, from the environment: `E2E_CUSTOMER="mail@address password"`. */
export function login(who: 'CUSTOMER' | 'PARTNER' | 'STAFF'): { email: string; password: string } {
  const [email, ...rest] = (process.env[`E2E_${who}`] ?? '').split(' ');
  if (!email || rest.length === 0)
    throw new Error(`set E2E_${who} to "mail@address password" of the demo data`);
  return { email, password: rest.join(' ') };
}

/** Fills in the form to sign in, wherever it stands. */
export async function signIn(page: Page, who: Parameters<typeof login>[0]): Promise<void> {
  const { email, password } = login(who);
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.locator('form button.primary').click();
}

/** The names of the operations that the page asks for, as they go out. */
export function operations(page: Page): string[] {
  const names: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname !== '/graphql' || request.method() !== 'POST') return;
    names.push((request.postDataJSON() as { operationName: string }).operationName);
  });
  return names;
}

/** Fails on anything that axe finds, in the whole page or in the part that is named. */
export async function accessible(page: Page, part?: string): Promise<void> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  let axe = new AxeBuilder({ page }).withTags(tags);
  if (part) axe = axe.include(part);
  const { violations } = await axe.analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
}

/** Every way in which a page is looked at: language, theme and width. */
export const looks = (['nl', 'en'] as const).flatMap((lang) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    [390, 1360].map((width) => ({ lang, theme, width, name: `${lang} ${theme} ${width}` })),
  ),
);

/** Makes the browser look at pages in one of these ways from now on. */
export async function look(page: Page, { lang, theme, width }: (typeof looks)[number]): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.addInitScript(
    ([lang, theme]) => {
      localStorage.setItem('lang', lang!);
      localStorage.setItem('theme', theme!);
    },
    [lang, theme],
  );
}

/** Fails when the page scrolls sideways. */
export async function fits(page: Page): Promise<void> {
  const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(inner).toBeLessThanOrEqual(outer!);
}

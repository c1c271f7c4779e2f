import { accessible, expect, fits, login, look, looks, operations, signIn, test } from './test';

test('a customer signs in, sees the overview from one request, and signs out', async ({ page }) => {
  const asked = operations(page);
  await page.goto('/');
  await signIn(page, 'CUSTOMER');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Welkom');
  await expect(page.getByRole('region', { name: 'Abonnementen' })).toBeVisible();
  expect(asked).toEqual(['Shell', 'Login', 'Overview']);

  await page.reload();
  await expect(page.getByRole('region', { name: 'Abonnementen' })).toBeVisible();
  expect(asked.slice(3)).toEqual(['Overview']);

  await page.getByRole('button', { name: /Account en instellingen/ }).click();
  await page.getByRole('button', { name: 'Uitloggen' }).click();
  await expect(page.locator('input[name=password]')).toBeVisible();
  await page.goto('/');
  await expect(page.locator('input[name=password]')).toBeVisible();
});

for (const as of looks) {
  test(`the overview is in order: ${as.name}`, async ({ page }) => {
    await look(page, as);
    await page.goto('/');
    await signIn(page, 'CUSTOMER');
    await page.locator('#subscriptions').waitFor();
    await page.locator('.account').click();
    await accessible(page);
    await fits(page);
    if (process.env['E2E_SHOTS']) {
      await page.keyboard.press('Escape');
      await page.screenshot({ path: `e2e/shots/overview ${as.name}.png`, fullPage: true });
    }
  });
}

test('staff are told where to go', async ({ page }) => {
  await page.goto('/');
  await signIn(page, 'STAFF');
  await expect(page.getByRole('link', { name: 'Naar de playground' })).toBeVisible();
});

test('who forgot the password gets a mail and sets a new one', async ({ page }) => {
  const { email, password } = login('CUSTOMER');
  await page.goto('/');
  await page.getByRole('link', { name: 'Wachtwoord vergeten?' }).click();
  await page.locator('input[name=email]').fill(email);
  await page.locator('form button.primary').click();
  await expect(page.locator('.note')).toBeFocused();

  const link = await expect
    .poll(async () => findLink(page.request, email), { timeout: 20_000, message: 'no mail came' })
    .not.toBeNull()
    .then(() => findLink(page.request, email));
  await page.goto(link!);
  await page.locator('input[name=password]').fill(password);
  await page.locator('form button.primary').click();
  await expect(page.getByRole('heading', { name: 'Uw wachtwoord is ingesteld' })).toBeFocused();
  await page.getByRole('link', { name: 'Inloggen' }).click();
  await signIn(page, 'CUSTOMER');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Welkom');
});

type Fetch = { get: (url: string) => Promise<{ text: () => Promise<string> }> };

/** The reset link in the newest mail to an address, read in the mailbox of the sandbox. */
async function findLink(request: Fetch, email: string): Promise<string | null> {
  const list = await (await request.get('/mailbox/')).text();
  for (const [path] of list.matchAll(/\/mailbox\/[0-9a-f-]{36}(?=")/g)) {
    const mail = await (await request.get(path)).text();
    const link = /https?:\/\/[^"'<\s]*\/reset#token=[\w-]+/.exec(mail)?.[0];
    if (link && mail.includes(email)) return link;
  }
  return null;
}

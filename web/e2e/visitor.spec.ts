import { accessible, expect, fits, look, looks, test } from './test';

const pages = [
  { path: '/', waitFor: 'input[name=password]' },
  { path: '/reset', waitFor: 'input[name=email]' },
  { path: '/reset#token=kl_nothing', waitFor: 'input[name=password]' },
  { path: '/activate#token=kl_nothing', waitFor: 'input[name=password]' },
  { path: '/activate', waitFor: 'h1' },
];

for (const { path, waitFor } of pages) {
  for (const as of looks) {
    test(`${path} is in order: ${as.name}`, async ({ page }) => {
      await look(page, as);
      await page.goto(path);
      await page.locator(waitFor).first().waitFor();
      await accessible(page);
      await fits(page);
    });
  }
}

test('errors of a form can be found and reached by keyboard alone', async ({ page }) => {
  await page.goto('/');
  await page.locator('input[name=email]').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.errors')).toBeFocused();
  await accessible(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('input[name=email]')).toBeFocused();
});

test('a wrong password is refused in the language of the page, and nothing is lost', async ({ page }) => {
  await page.goto('/');
  await page.locator('input[name=email]').fill('nobody@example.org');
  await page.locator('input[name=password]').fill('not the password');
  await page.keyboard.press('Enter');
  await expect(page.locator('.errors li')).toContainText('klopt niet');
  await expect(page.locator('input[name=email]')).toHaveValue('nobody@example.org');
  await page.locator('button[lang=en]').click();
  await page.locator('form button.primary').click();
  await expect(page.locator('.errors li')).not.toContainText('klopt niet');
});

test('a link that does not work says so, and changes nothing by being opened', async ({ page }) => {
  await page.goto('/reset?token=kl_nothing');
  await page.locator('input[name=password]').fill('four words in a row');
  await expect(page).toHaveURL(/\/reset#token=kl_nothing$/);
  await page.locator('form button.primary').click();
  await expect(page.locator('.errors')).toBeFocused();
});

test('addresses that do not exist are not swallowed', async ({ request }) => {
  const get = (path: string, accept: string) => request.get(path, { headers: { Accept: accept } });
  expect((await get('/nowhere', 'text/html')).status()).toBe(404);
  expect((await get('/assets/missing.js', '*/*')).status()).toBe(404);
  const graphql = await get('/graphql', 'text/html,*/*');
  expect(graphql.headers()['content-type']).not.toContain('text/html');
});

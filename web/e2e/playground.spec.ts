import type { Page } from '@playwright/test';
import { accessible, expect, look, looks, signIn, test } from './test';

async function open(page: Page, who?: Parameters<typeof signIn>[1]): Promise<void> {
  await page.goto('/playground');
  if (who) {
    await page.locator('.session-bar .primary').click();
    await signIn(page, who);
    await expect(page.locator('.session-bar .who')).toBeVisible();
  }
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
}

const run = (page: Page) => page.locator('.graphiql-execute-button').click();
const answer = (page: Page) => page.locator('.result-window .view-lines');

for (const who of ['CUSTOMER', 'PARTNER', 'STAFF'] as const) {
  test(`every example for ${who} that only reads gives data and no errors`, async ({ page }) => {
    await open(page, who);
    const examples = page.locator('.examples li button:not(:has(small))');
    await expect(examples.first()).toBeVisible();
    for (const example of await examples.all()) {
      await example.click();
      const [response] = await Promise.all([page.waitForResponse('**/graphql'), run(page)]);
      const body = (await response.json()) as { data?: unknown; errors?: unknown };
      expect(body.errors, await example.innerText()).toBeUndefined();
      expect(body.data).toBeTruthy();
      await expect(answer(page)).toContainText('"data"');
    }
  });
}

test('a live feed stays open over WebSocket', async ({ page }) => {
  const sent: string[] = [];
  const received: string[] = [];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => sent.push(String(payload)));
    socket.on('framereceived', ({ payload }) => received.push(String(payload)));
  });
  await open(page, 'CUSTOMER');
  await page.getByRole('button', { name: /Nieuwe notificaties/ }).click();
  await run(page);
  await expect.poll(() => sent.some((frame) => frame.includes('"subscribe"'))).toBe(true);
  await page.waitForTimeout(1000);
  expect(received.join()).toContain('connection_ack');
  expect(received.join()).not.toMatch(/"errors"|"complete"/);
});

test('the editor knows the schema, and its workers come from this server', async ({ page, baseURL }) => {
  await open(page, 'STAFF');
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await expect(page.locator('.graphiql-doc-explorer')).toContainText('Account');
  await page.locator('.graphiql-query-editor .view-line').first().click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('{ viewer { accou', { delay: 30 });
  await expect(page.locator('.suggest-widget')).toContainText('account');
  const workers = page.workers().map((worker) => worker.url());
  expect(workers.length).toBeGreaterThan(0);
  for (const url of workers) expect(url).toContain(`${baseURL}/assets/`);
});

test('signing out clears the answer', async ({ page }) => {
  await open(page, 'CUSTOMER');
  await run(page);
  await expect(answer(page)).toContainText('CUSTOMER');
  await page.getByRole('button', { name: 'Uitloggen' }).click();
  await expect(page.locator('.session-bar .primary')).toBeVisible();
  await expect(answer(page)).not.toContainText('CUSTOMER');
});

for (const as of looks.filter(({ width }) => width > 1000)) {
  test(`what is ours in the playground is in order: ${as.name}`, async ({ page }) => {
    await look(page, as);
    await open(page);
    await accessible(page, '.session-bar');
    await accessible(page, '.examples');
    await page.locator('.session-bar .primary').click();
    await accessible(page, '.sign-in');
    if (process.env['E2E_SHOTS']) await page.screenshot({ path: `e2e/shots/playground ${as.name}.png` });
  });
}

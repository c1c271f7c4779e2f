import { screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { account, brand, customer, staff } from '../test/data';
import { open } from '../test/panel';
import { serve, serverDown } from '../test/server';

const card = (name: string) => screen.findByRole('region', { name });

describe('the overview', () => {
  test('asks one operation for all of the page', async () => {
    const requests = serve({ brand, viewer: customer });
    open('/', { before: true });
    await card('Open invoices');
    expect(await screen.findByText('Noorderhost')).toBeTruthy();
    expect(requests.map((r) => r.operationName)).toEqual(['Overview']);
  });

  test('lists every open invoice with what is to be done', async () => {
    serve({ brand, viewer: customer });
    open('/', { before: true });
    const [late, open_] = within(await card('Open invoices')).getAllByRole('listitem');
    expect(late?.textContent).toBe('2026-10386to be paid by 15 September 2026Overdue€1,287.98');
    expect(open_?.textContent).toBe('2026-10393to be paid by 1 December 2026Open€42.35');
  });

  test('says what is to be paid and what comes next', async () => {
    serve({ brand, viewer: customer });
    open('/', { before: true });
    const billing = await card('Billing');
    expect(within(billing).getByText('€1,330.33')).toBeTruthy();
    expect(within(billing).getByText('1 March 2027')).toBeTruthy();
    expect(within(billing).getByText('€196.02')).toBeTruthy();
  });

  test('says of a subscription until when its term runs, or when it ends', async () => {
    serve({ brand, viewer: customer });
    open('/', { before: true });
    const [running, ending] = within(await card('Subscriptions')).getAllByRole('listitem');
    expect(running?.textContent).toBe('noordzeebakkers.nlHosting Plus · runs until 18 April 2027Active');
    expect(ending?.textContent).toBe('debakkersgilde.nlDomain name · ends on 20 December 2026Ends');
    expect(screen.getByText('and 1 more')).toBeTruthy();
  });

  test('measures storage against its limit, and traffic without one', async () => {
    serve({ brand, viewer: customer });
    open('/', { before: true });
    const usage = await card('Usage');
    const meter = within(usage).getByRole('meter', { name: 'Storage' });
    expect(meter.getAttribute('aria-valuenow')).toBe('83');
    expect(within(usage).queryByRole('meter', { name: 'Traffic this month' })).toBeNull();
    expect(usage.textContent).toContain('72.3 GB');
  });

  test('has no billing for who may not see it', async () => {
    const technical = { ...account, invoices: null, nextInvoice: null, summary: { openAmount: null } };
    serve({ brand, viewer: { ...customer, account: technical } });
    open('/', { before: true });
    await card('Subscriptions');
    expect(screen.queryByRole('region', { name: 'Billing' })).toBeNull();
    expect(screen.queryByRole('region', { name: 'Open invoices' })).toBeNull();
  });

  test('is kind to who has nothing', async () => {
    const empty = {
      ...account,
      invoices: { nodes: [] },
      nextInvoice: null,
      subscriptions: { totalCount: 0, nodes: [] },
      hostingPackages: { nodes: [] },
    };
    serve({ brand, viewer: { ...customer, account: empty } });
    open('/', { before: true });
    expect((await card('Open invoices')).textContent).toContain('Everything is paid.');
    expect((await card('Billing')).textContent).toContain('None is planned.');
    expect((await card('Subscriptions')).textContent).toContain('Nothing runs at the moment.');
    expect(screen.queryByRole('region', { name: 'Usage' })).toBeNull();
  });

  test('sends staff, who act in no account, to the playground', async () => {
    serve({ brand, viewer: staff });
    open('/', { before: true });
    const link = await screen.findByRole('link', { name: 'To the playground' });
    expect(link.getAttribute('href')).toBe('/playground');
  });

  test('says that nothing has changed when the server does not answer, and tries again', async () => {
    serverDown();
    const { user } = open('/', { before: true });
    expect(await screen.findByText(/Nothing has been lost or changed/)).toBeTruthy();
    serve({ brand, viewer: customer });
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await card('Open invoices')).toBeTruthy();
  });
});

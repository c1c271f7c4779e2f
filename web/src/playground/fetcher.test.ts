import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeFetcher, reasonHeader } from './fetcher';
import { setReason } from './reason';

type Sent = { url: string; init: RequestInit & { headers: Headers } };
let sent: Sent[] = [];

beforeEach(() => {
  sent = [];
  vi.stubGlobal('fetch', async (url: string, init: Sent['init']) => {
    sent.push({ url, init });
    return new Response('{"data":{}}');
  });
});
afterEach(() => setReason(''));

describe('a query of the playground', () => {
  test('goes with the session cookie, in the language of the page', async () => {
    document.documentElement.lang = 'nl';
    await makeFetcher()({ query: '{ brand { name } }' });
    expect(sent[0]?.url).toBe('/graphql');
    expect(sent[0]?.init.credentials).toBe('same-origin');
    expect(sent[0]?.init.headers.get('Accept-Language')).toBe('nl');
    expect(sent[0]?.init.headers.get('Accept')).toContain('application/graphql-response+json');
  });

  test('takes headers of the editor, such as a bearer token', async () => {
    await makeFetcher()({ query: '{ brand { name } }' }, { headers: { Authorization: 'Bearer kl_1' } });
    expect(sent[0]?.init.headers.get('Authorization')).toBe('Bearer kl_1');
  });

  test('carries the reason of staff, whatever letters are in it', async () => {
    setReason('  Belde: crème brûlée ');
    await makeFetcher()({ query: '{ brand { name } }' });
    const header = sent[0]?.init.headers.get(reasonHeader) ?? '';
    expect(decodeURIComponent(header)).toBe('Belde: crème brûlée');
    expect(header).toMatch(/^[\x21-\x7e]+$/);
  });

  test('carries no reason when none was given', async () => {
    await makeFetcher()({ query: '{ brand { name } }' });
    expect(sent[0]?.init.headers.has(reasonHeader)).toBe(false);
  });

  test('is sent as it is when it cannot be read, so that the server tells what is wrong', async () => {
    await makeFetcher()({ query: '{ brand {' });
    expect(JSON.parse(String(sent[0]?.init.body))).toEqual({ query: '{ brand {' });
  });
});

test('a live feed opens a WebSocket, whatever the editor knew of the document', async () => {
  const opened: string[] = [];
  vi.stubGlobal(
    'WebSocket',
    class {
      static OPEN = 1;
      constructor(url: string) {
        opened.push(url);
      }
    },
  );
  const query = 'subscription New { notificationAdded { id } }';
  const events = (await makeFetcher()({ query, operationName: 'New' })) as AsyncIterable<unknown>;
  void events[Symbol.asyncIterator]().next();
  await vi.waitFor(() => expect(opened).toHaveLength(1));
  expect(opened[0]).toMatch(/^ws:\/\/.*\/graphql$/);
  expect(sent).toEqual([]);
});

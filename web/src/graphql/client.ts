import { cacheExchange } from '@urql/exchange-graphcache';
import { Client, type ClientOptions, fetchExchange } from 'urql';
import types from './cache-types.json';

/** Where the API is: on the server that served the page, so that the session cookie goes along. */
export const endpoint = '/graphql';

/** What every request says: the language of texts and errors. */
export const requestOptions = () => ({
  credentials: 'same-origin' as const,
  headers: { 'Accept-Language': document.documentElement.lang },
});

/**
 * A client with an empty cache. One lives for as long as one person is signed in: signing
 * in or out begins with a new one, so that nothing of the other is left.
 */
export function makeClient(options?: Partial<ClientOptions>): Client {
  return new Client({
    url: endpoint,
    preferGetMethod: false,
    fetchOptions: requestOptions,
    exchanges: [
      cacheExchange({
        possibleTypes: types.implementations,
        keys: Object.fromEntries(types.embedded.map((type) => [type, () => null])),
      }),
      fetchExchange,
    ],
    ...options,
  });
}

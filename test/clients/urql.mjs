// urql: a query must come as JSON although urql names text/event-stream as well; subscriptions come over fetch.
import { Client, fetchExchange } from '@urql/core';
import { check, events, query, subscription, within } from './operations.mjs';
import { headers, url } from './target.mjs';

let contentType;
const client = new Client({
  url,
  exchanges: [fetchExchange],
  fetchSubscriptions: true,
  preferGetMethod: false,
  fetchOptions: { headers },
  fetch: async (input, init) => {
    const response = await fetch(input, init);
    contentType = response.headers.get('content-type');
    return response;
  },
});

const answer = await within(10, 'query', client.query(query, {}).toPromise());
check('urql query', answer.data && !answer.error, answer);
check('urql query as JSON', contentType?.startsWith('application/graphql-response+json'), contentType);
const got = await within(10, 'query by GET', client.query(query, {}, { preferGetMethod: 'force' }).toPromise());
check('urql query by GET', got.data && !got.error, got);
const refused = await within(10, 'refusal', client.query('{ noSuchField }', {}).toPromise());
check('urql refusal', refused.error?.graphQLErrors.length, refused);
if (subscription) {
  const seen = await within(30, 'subscription', new Promise((resolve) => {
    const results = [];
    const { unsubscribe } = client.subscription(subscription, {}).subscribe((result) => {
      results.push(result);
      if (results.length === events) {
        resolve(results);
        queueMicrotask(() => unsubscribe());
      }
    });
  }));
  check('urql subscription', seen.every((e) => e.data && !e.error), seen);
}

// graphql-ws: a query, and the events of a subscription, over a WebSocket.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { check, events, query, subscription, within } from './operations.mjs';
import { connectionParams, socketURL } from './target.mjs';

const client = createClient({ url: socketURL, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });

async function collect(document, most) {
  const results = [];
  for await (const result of client.iterate({ query: document })) {
    results.push(result);
    if (results.length === most) break;
  }
  return results;
}

const [answer] = await within(10, 'query', collect(query, 1));
check('graphql-ws query', answer?.data && !answer.errors, answer);
if (subscription) {
  const seen = await within(30, 'subscription', collect(subscription, events));
  check('graphql-ws subscription', seen.length === events && seen.every((e) => e.data && !e.errors), seen);
}
await client.dispose();

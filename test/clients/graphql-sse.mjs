// graphql-sse, distinct connections mode: a query, the events of a subscription, and a refusal as an event.
import { createClient } from 'graphql-sse';
import { check, events, query, subscription, within } from './operations.mjs';
import { headers, url } from './target.mjs';

const client = createClient({ url, headers, retryAttempts: 0 });

async function collect(document, most) {
  const results = [];
  for await (const result of client.iterate({ query: document })) {
    results.push(result);
    if (results.length === most) break;
  }
  return results;
}

const answers = await within(10, 'query', collect(query, 9));
check('graphql-sse query', answers.length === 1 && answers[0].data && !answers[0].errors, answers);
const refusals = await within(10, 'refusal', collect('{ noSuchField }', 9));
check('graphql-sse refusal', refusals.length === 1 && refusals[0].errors?.length && !('data' in refusals[0]), refusals);
if (subscription) {
  const seen = await within(30, 'subscription', collect(subscription, events));
  check('graphql-sse subscription', seen.length === events && seen.every((e) => e.data && !e.errors), seen);
}
client.dispose();

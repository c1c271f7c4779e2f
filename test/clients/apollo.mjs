// Apollo Client: a query over HTTP, one by its hash (automatic persisted queries), and a multipart subscription.
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { check, events, query, sha256, subscription, within } from './operations.mjs';
import { headers, url } from './target.mjs';

const make = (link) => new ApolloClient({ link, cache: new InMemoryCache(), queryDeduplication: false });
const http = new HttpLink({ uri: url, headers });
const client = make(http);

const answer = await within(10, 'query', client.query({ query: gql(query), fetchPolicy: 'no-cache' }));
check('Apollo query', answer.data && !answer.error, answer);

const persisted = make(new PersistedQueryLink({ sha256 }).concat(http));
for (const round of ['first', 'second']) {
  const again = await within(10, `persisted query, ${round}`, persisted.query({ query: gql(query), fetchPolicy: 'no-cache' }));
  check(`Apollo persisted query, ${round} time`, again.data && !again.error, again);
}
const refused = await within(10, 'refusal', client.query({ query: gql('{ noSuchField }'), errorPolicy: 'all', fetchPolicy: 'no-cache' }));
check('Apollo refusal', refused.error, refused);

if (subscription) {
  const seen = await within(30, 'subscription', new Promise((resolve, reject) => {
    const results = [];
    const feed = client.subscribe({ query: gql(subscription), fetchPolicy: 'no-cache' }).subscribe({
      next: (result) => {
        results.push(result);
        if (results.length === events) {
          resolve(results);
          setTimeout(() => feed.unsubscribe());
        }
      },
      error: reject,
    });
  }));
  check('Apollo multipart subscription', seen.every((e) => e.data && !e.error), seen);
}
client.stop();
persisted.stop();

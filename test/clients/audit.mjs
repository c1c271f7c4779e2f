// Runs the audits of the GraphQL over HTTP specification against a server: node audit.mjs URL (or the variable URL).
// Prints the counts and every audit that is not ok. Succeeds only when all 61 are.
import { auditServer } from 'graphql-http';
import { headers, url } from './target.mjs';

const expected = 61;
const address = process.argv[2] ?? url;
const results = await auditServer({
  url: address,
  fetchFn: (input, init) => fetch(input, { ...init, headers: { ...headers, ...init?.headers } }),
});

const counts = {};
for (const result of results) {
  counts[result.status] = (counts[result.status] ?? 0) + 1;
  if (result.status !== 'ok') {
    console.log(`${result.status} ${result.id} ${result.name}: ${result.reason}`);
  }
}
console.log(`${counts.ok ?? 0} of ${results.length} audits ok`, counts);
process.exit(results.length === expected && counts.ok === expected ? 0 : 1);

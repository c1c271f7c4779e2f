// Runs the audit and every client, one after another. Fails when one does.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

let failed = false;
for (const script of ['audit', 'graphql-ws', 'graphql-sse', 'urql', 'apollo']) {
  const path = fileURLToPath(new URL(`${script}.mjs`, import.meta.url));
  const run = spawnSync(process.execPath, [path], { stdio: 'inherit', timeout: 120_000 });
  if (run.status !== 0) {
    console.error(`FAILED ${script}`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);

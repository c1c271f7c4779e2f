// The operations that every client sends: those of the file named by OPERATIONS, operations.json unless told.
//   query         any query
//   subscription  one that gives its events without more ado, or null to leave subscriptions out
//   events        how many events to wait for
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';

const file = process.env.OPERATIONS ?? new URL('operations.json', import.meta.url);
export const { query, subscription, events } = JSON.parse(readFileSync(file, 'utf8'));

export const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** check ends the program when a client did not see what it should. */
export function check(what, ok, seen) {
  if (!ok) {
    console.error(`FAILED ${what}`, JSON.stringify(seen));
    process.exit(1);
  }
  console.log(`ok ${what}`);
}

/** within fails a promise that takes longer than it may. */
export function within(seconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

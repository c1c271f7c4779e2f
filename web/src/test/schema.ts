import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';

/** The contract of the server. Vitest runs in the folder of the panel. */
export const schema = buildSchema(readFileSync('../schema.graphql', 'utf8'));

import { graphql } from 'graphql';
import { vi } from 'vitest';
import { schema } from './schema';

type Root = Record<string, unknown>;
type Request = { operationName: string; variables: Record<string, unknown> };

/**
 * Answers what the panel asks with root, by the real schema: an operation that does not fit
 * it fails the test. It returns the requests as they come in.
 */
export function serve(root: Root): Request[] {
  const requests: Request[] = [];
  vi.stubGlobal('fetch', async (_url: string, init: { body: string }) => {
    const { query, operationName, variables } = JSON.parse(init.body) as Request & { query: string };
    requests.push({ operationName, variables });
    const result = await graphql({
      schema,
      source: query,
      rootValue: root,
      variableValues: variables,
      operationName,
    });
    if (result.errors) throw new Error(`${operationName}: ${result.errors.map((e) => e.message).join('; ')}`);
    return new Response(JSON.stringify(result), {
      headers: { 'Content-Type': 'application/graphql-response+json' },
    });
  });
  return requests;
}

/** Nobody answers. */
export function serverDown(): void {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
}

/** An error of a mutation's payload. */
export const userError = (type: string, message: string, field?: string) => ({
  __typename: type,
  code: type,
  message,
  path: field ? ['input', field] : null,
});

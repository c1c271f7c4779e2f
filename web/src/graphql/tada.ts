import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './env';

/** Types a document by schema.graphql; `npm run generate` writes what it needs to know. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { Date: string; DateTime: string; Decimal: string; Long: number; URL: string };
}>();

export { readFragment } from 'gql.tada';
export type { FragmentOf, ResultOf, VariablesOf } from 'gql.tada';

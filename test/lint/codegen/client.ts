// A program as somebody else would write it: tsc proves that the types that come out of the
// contract fit, with all that is null, every error of a mutation, and an input of one choice.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { graphql, useFragment } from './__generated__';

declare function run<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data>;

const Row = graphql(`
  fragment Row on Invoice {
    id
    number
    status
    openAmount {
      amount
      currency
    }
  }
`);

const OpenInvoices = graphql(`
  query OpenInvoices($first: Int, $filter: InvoiceFilter) {
    viewer {
      id
      kind
      account {
        id
        nextInvoice {
          on
          price {
            includingVat {
              amount
            }
          }
        }
        invoices(first: $first, filter: $filter) {
          totalCount
          nodes {
            ...Row
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
        hostingPackages(first: 10) {
          nodes {
            id
            usage {
              diskBytes
              measuredAt
            }
          }
        }
      }
    }
  }
`);

const MarkRead = graphql(`
  mutation MarkRead($input: NotificationsMarkReadInput!) {
    notificationsMarkRead(input: $input) {
      markedCount
      errors {
        __typename
        ... on NotFoundError {
          message
          path
        }
        ... on UserError {
          code
        }
      }
    }
  }
`);

const AnyObject = graphql(`
  query AnyObject($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on Domain {
        name
        expiresOn
      }
    }
  }
`);

export async function openInvoices(): Promise<string[]> {
  const { viewer } = await run(OpenInvoices, { first: 50, filter: { status: ['OPEN', 'OVERDUE'] } });
  const due: string | undefined = viewer?.account?.nextInvoice?.on;
  const bytes: number[] = (viewer?.account?.hostingPackages?.nodes ?? []).map((p) => p.usage?.diskBytes ?? 0);
  const rows = useFragment(Row, viewer?.account?.invoices?.nodes ?? []);
  return rows.map((row) => `${row.number}: ${row.openAmount.amount} ${row.openAmount.currency} ${due} ${bytes}`);
}

export async function markRead(ids: string[]): Promise<number> {
  // @ts-expect-error the input takes one of the two, never both
  await run(MarkRead, { input: { ids, accountId: 'acc_1' } });
  const { notificationsMarkRead } = await run(MarkRead, { input: { ids } });
  for (const error of notificationsMarkRead?.errors ?? []) {
    if (error.__typename === 'NotFoundError') throw new Error(`${error.path?.join('.')}: ${error.message}`);
    throw new Error(error.code);
  }
  return notificationsMarkRead?.markedCount ?? 0;
}

export async function expiry(id: string): Promise<string | null> {
  const { nodes } = await run(AnyObject, { ids: [id] });
  const [node] = nodes;
  return node?.__typename === 'Domain' ? node.expiresOn : null;
}

// What Relay asks of a schema: pages that refetch through node(id), connections, and
// mutations and subscriptions whose answers update the store by id.
declare function graphql(source: TemplateStringsArray): unknown;

export const query = graphql`
  query InvoicesQuery($count: Int!, $cursor: String) {
    viewer {
      id
      account {
        ...Invoices_account @arguments(count: $count, cursor: $cursor)
      }
    }
  }
`;

export const page = graphql`
  fragment Invoices_account on Account
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
    search: { type: "String" }
    filter: { type: "InvoiceFilter" }
  )
  @refetchable(queryName: "InvoicesPageQuery") {
    invoices(first: $count, after: $cursor, search: $search, filter: $filter)
      @connection(key: "Invoices_invoices", filters: ["search", "filter"]) {
      totalCount
      edges {
        node {
          ...Invoices_row
        }
      }
    }
  }
`;

export const row = graphql`
  fragment Invoices_row on Invoice {
    number
    status
    total {
      includingVat {
        amount
        currency
      }
    }
    account {
      name
    }
  }
`;

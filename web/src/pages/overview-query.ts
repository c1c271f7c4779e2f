import { ShellFields } from '../graphql/shell';
import { graphql } from '../graphql/tada';

/** The whole overview in one request: a customer's account, or nothing for staff. */
export const OverviewQuery = graphql(
  `
    query Overview {
      ...ShellFields
      brand {
        id
        phone
      }
      viewer {
        id
        kind
        name
        account {
          id
          name
          summary {
            openAmount {
              amount
              currency
            }
          }
          nextInvoice {
            on
            price {
              includingVat {
                amount
                currency
              }
            }
          }
          invoices(
            first: 50
            filter: { kind: [INVOICE], status: [OPEN, OVERDUE, PARTIALLY_PAID, DISPUTED, IN_ARRANGEMENT] }
            orderBy: { field: DUE_ON, direction: ASC }
          ) {
            nodes {
              id
              number
              dueOn
              status
              openAmount {
                amount
                currency
              }
            }
          }
          subscriptions(first: 50) {
            totalCount
            nodes {
              id
              label
              status
              renewsOn
              endsOn
              product {
                id
                name
              }
            }
          }
          hostingPackages(first: 10) {
            nodes {
              id
              name
              limits {
                diskBytes
                trafficBytes
              }
              usage {
                diskBytes
                trafficBytes
              }
            }
          }
        }
      }
    }
  `,
  [ShellFields],
);

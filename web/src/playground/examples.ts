import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** For whom an example is. */
export type AudienceName = 'customer' | 'partner' | 'staff' | 'program';

/** An operation to try out, ready to run: nothing in it has to be filled in first. */
export type Example = {
  audience: AudienceName;
  title: MessageDescriptor;
  /** What it is good for, in one sentence. */
  about: MessageDescriptor;
  query: string;
  /** Its variables, given the moment at which it is opened. */
  variables?: (now: Date) => Record<string, unknown>;
};

/** The audiences in the order in which they are shown. */
export const audiences: { name: AudienceName; label: MessageDescriptor }[] = [
  { name: 'customer', label: msg`Customer` },
  { name: 'partner', label: msg`Partner` },
  { name: 'staff', label: msg`Support` },
  { name: 'program', label: msg`Programs` },
];

/** Whose examples suit a viewer of some kind; a visitor sees those of a customer. */
export function audienceOf(kind: 'CUSTOMER' | 'PARTNER' | 'STAFF' | 'MACHINE' | undefined): AudienceName {
  const names = { CUSTOMER: 'customer', PARTNER: 'partner', STAFF: 'staff', MACHINE: 'program' } as const;
  return kind ? names[kind] : 'customer';
}

/** Whether running it reads once, changes something, or goes on listening. */
export function operationKind({ query }: Example): 'query' | 'mutation' | 'subscription' {
  const kind = /^(query|mutation|subscription)\b/m.exec(query)?.[1];
  return (kind ?? 'query') as 'query' | 'mutation' | 'subscription';
}

// Dates go in as the day in UTC, which is near enough for an example.
const inDays = (now: Date, days: number) =>
  new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);

export const examples: Example[] = [
  {
    audience: 'customer',
    title: msg`The whole overview at once`,
    about: msg`What needs attention, what is to be paid, what runs and what it uses, in one request.`,
    query: `query Overview {
  viewer {
    name
    account {
      number
      name
      summary {
        openInvoiceCount
        openAmount { amount currency }
        overdueAmount { amount currency }
        unreadNotificationCount
      }
      nextInvoice {
        on
        price { includingVat { amount currency } }
      }
      notifications(first: 5, filter: { unread: true }) {
        nodes { id kind text createdAt }
      }
      subscriptions(first: 10) {
        totalCount
        nodes {
          id
          label
          status
          renewsOn
          product { name }
          nextInvoice { on price { includingVat { amount currency } } }
        }
      }
      hostingPackages(first: 5) {
        nodes {
          id
          name
          limits { diskBytes trafficBytes }
          usage { diskBytes diskPercent trafficBytes trafficPercent measuredAt }
        }
      }
    }
  }
}
`,
  },
  {
    audience: 'customer',
    title: msg`Invoices of a year`,
    about: msg`A page of invoices with a filter, an order and a search; ask for the next page with endCursor.`,
    query: `query InvoicesOfAYear($year: Int!, $search: String, $after: String) {
  viewer {
    account {
      invoices(
        first: 10
        after: $after
        filter: { year: $year }
        orderBy: { field: ISSUED_ON, direction: DESC }
        search: $search
      ) {
        totalCount
        nodes {
          id
          number
          kind
          issuedOn
          dueOn
          status
          total { includingVat { amount currency } }
          openAmount { amount currency }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
`,
    variables: (now) => ({ year: now.getUTCFullYear(), search: null, after: null }),
  },
  {
    audience: 'customer',
    title: msg`The last invoice in full`,
    about: msg`Lines with their periods, VAT per rate, and how it was paid.`,
    query: `query LastInvoice {
  viewer {
    account {
      invoices(first: 1) {
        nodes {
          number
          issuedOn
          dueOn
          status
          lines {
            description
            quantity
            period { startsOn endsOn }
            net { amount currency }
            vatRate
          }
          vatTotals { rate net { amount } vat { amount } }
          total { excludingVat { amount } vat { amount } includingVat { amount currency } }
          payments { allocatedAt amount { amount currency } payment { method } }
        }
      }
    }
  }
}
`,
  },
  {
    audience: 'customer',
    title: msg`Domain names and when they renew`,
    about: msg`With the subscription that pays for each, and whether it renews by itself.`,
    query: `query Domains {
  viewer {
    account {
      domains(first: 20, orderBy: { field: EXPIRES_ON, direction: ASC }) {
        totalCount
        nodes {
          id
          name
          status
          autoRenew
          expiresOn
          nameServers
          subscription { id renewsOn price { amount currency } }
        }
      }
    }
  }
}
`,
  },
  {
    audience: 'customer',
    title: msg`Storage and traffic of 13 months`,
    about: msg`The history behind the charts, for each hosting package.`,
    query: `query UsageHistory {
  viewer {
    account {
      hostingPackages(first: 5) {
        nodes {
          name
          limits { diskBytes trafficBytes }
          usageHistory(months: 13) { month diskBytes trafficBytes }
        }
      }
    }
  }
}
`,
  },
  {
    audience: 'customer',
    title: msg`New notifications as they come`,
    about: msg`Stays open over WebSocket and shows each new notification within a second.`,
    query: `subscription NewNotifications {
  notificationAdded {
    id
    kind
    text
    createdAt
  }
}
`,
  },
  {
    audience: 'customer',
    title: msg`Where I am signed in`,
    about: msg`Login sessions, attempts to sign in, and the accounts one can act in.`,
    query: `query Security {
  viewer {
    permissions
    user { email twoFactorEnabled lastLoginAt }
    memberships { accountName role }
    sessions { id current createdAt lastSeenAt ipAddress userAgent }
    loginAttempts(first: 10) { nodes { at outcome ipAddress } }
  }
}
`,
  },
  {
    audience: 'partner',
    title: msg`My customers`,
    about: msg`A page of customers with what is open, what runs and what it uses.`,
    query: `query MyCustomers($search: String, $after: String) {
  viewer {
    account {
      name
      customers(first: 20, after: $after, search: $search, orderBy: { field: NAME, direction: ASC }) {
        totalCount
        nodes {
          id
          number
          name
          status
          summary {
            activeSubscriptionCount
            openAmount { amount currency }
            overdueAmount { amount currency }
            diskBytes
            trafficBytes
          }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
`,
    variables: () => ({ search: null, after: null }),
  },
  {
    audience: 'partner',
    title: msg`Renewals in the next 60 days`,
    about: msg`Over all customers together, the nearest first.`,
    query: `query ComingRenewals($before: Date!) {
  subscriptions(
    first: 50
    filter: { renewsBefore: $before, status: [ACTIVE] }
    orderBy: { field: RENEWS_ON, direction: ASC }
  ) {
    totalCount
    nodes {
      id
      label
      renewsOn
      lastCancelOn
      product { name }
      price { amount currency }
      account { id name }
    }
  }
}
`,
    variables: (now) => ({ before: inDays(now, 60) }),
  },
  {
    audience: 'partner',
    title: msg`Customers who are late with paying`,
    about: msg`With their overdue invoices, in one request.`,
    query: `query LatePayers {
  accounts(first: 20, filter: { hasOverdueInvoice: true }) {
    totalCount
    nodes {
      id
      number
      name
      phone
      summary { overdueAmount { amount currency } }
      invoices(first: 5, filter: { status: [OVERDUE] }) {
        nodes { number dueOn openAmount { amount currency } }
      }
    }
  }
}
`,
  },
  {
    audience: 'partner',
    title: msg`Hosting that is nearly full`,
    about: msg`Packages that use 80 percent of their storage or more.`,
    query: `query NearlyFull {
  hostingPackages(first: 50, filter: { minimumDiskPercent: 80 }) {
    totalCount
    nodes {
      id
      name
      account { id name }
      limits { diskBytes }
      usage { diskBytes diskPercent measuredAt stale }
    }
  }
}
`,
  },
  {
    audience: 'partner',
    title: msg`Make an API token`,
    about: msg`For a program of your own. The token is in the answer this once; at most a year.`,
    query: `mutation MakeToken($input: ApiTokenCreateInput!) {
  apiTokenCreate(input: $input) {
    token
    apiToken { id name hint scopes expiresAt }
    errors { ... on UserError { code message path } }
  }
}
`,
    variables: (now) => ({
      input: {
        name: 'Reports',
        scopes: ['ACCOUNT_READ', 'SERVICE_READ'],
        expiresAt: inDays(now, 90) + 'T00:00:00Z',
      },
    }),
  },
  {
    audience: 'staff',
    title: msg`Search all customers`,
    about: msg`By number, name, mail address, telephone number, postal code, town or domain name.`,
    query: `query FindCustomer($search: String!) {
  accounts(first: 20, search: $search) {
    totalCount
    nodes {
      id
      number
      name
      kind
      status
      email
      phone
      address { line1 postcode city country }
      partner { id name }
      summary { openInvoiceCount openAmount { amount currency } openTicketCount }
    }
  }
}
`,
    variables: () => ({ search: 'bakker' }),
  },
  {
    audience: 'staff',
    title: msg`Everything about one customer`,
    about: msg`What one needs on the telephone: people, invoices, services and tickets.`,
    query: `query OneCustomer($search: String!) {
  accounts(first: 1, search: $search) {
    nodes {
      id
      number
      name
      customerSince
      members { role user { name email lastLoginAt } }
      contacts { kind name email phone }
      nextInvoice { on price { includingVat { amount currency } } }
      invoices(first: 5) {
        nodes { number issuedOn status openAmount { amount currency } }
      }
      subscriptions(first: 20) {
        nodes { label status renewsOn lastCancelOn product { name } cancellation { status effectiveOn } }
      }
      domains(first: 20) { nodes { name status expiresOn autoRenew } }
      hostingPackages(first: 10) { nodes { name node status usage { diskPercent measuredAt } } }
      tickets(first: 5) { nodes { number subject status lastMessageAt } }
      changeRequests(first: 5) { nodes { status submittedAt fields { field oldValue newValue } } }
    }
  }
}
`,
    variables: () => ({ search: 'bakker' }),
  },
  {
    audience: 'staff',
    title: msg`An invoice by its number`,
    about: msg`Part of a number will do. Shows whose it is, and what happened to it.`,
    query: `query FindInvoice($search: String!) {
  invoices(first: 10, search: $search) {
    nodes {
      id
      number
      kind
      status
      issuedOn
      dueOn
      disputed
      inArrangement
      account { id number name }
      total { includingVat { amount currency } }
      openAmount { amount currency }
      creditNotes { number total { includingVat { amount } } }
      payments { allocatedAt amount { amount } payment { method reference } }
    }
  }
}
`,
    variables: (now) => ({ search: String(now.getUTCFullYear()) }),
  },
  {
    audience: 'staff',
    title: msg`What waits for us`,
    about: msg`Tickets, change requests and cancellations that somebody has to look at.`,
    query: `query WorkQueue {
  tickets(first: 20, filter: { status: [OPEN, WAITING_FOR_STAFF] }) {
    totalCount
    nodes { number subject category status lastMessageAt account { id name } }
  }
  changeRequests(first: 20, filter: { status: [OPEN, IN_REVIEW] }) {
    totalCount
    nodes { id submittedAt reason fields { field oldValue newValue } account { id name } }
  }
  cancellations(first: 20, filter: { status: [OPEN, IN_PROGRESS, AWAITING_DOMAIN_DECISION] }) {
    totalCount
    nodes { id receivedAt effectiveOn mode status subscription { label } account { id name } }
  }
}
`,
  },
  {
    audience: 'staff',
    title: msg`A conversation`,
    about: msg`The tickets about some words, with their last messages.`,
    query: `query Conversation($search: String!) {
  tickets(first: 3, search: $search) {
    nodes {
      number
      subject
      status
      account { name }
      messages(last: 10) {
        nodes { sentAt author authorName channel body }
      }
    }
  }
}
`,
    variables: () => ({ search: 'mail' }),
  },
  {
    audience: 'program',
    title: msg`Who am I, and what may I ask`,
    about: msg`Also with a token: put Authorization and Bearer with the token into the headers editor.`,
    query: `query WhoAmI {
  viewer {
    id
    kind
    name
    permissions
    account { id name }
  }
  rateLimit { cost limit remaining resetAt }
}
`,
  },
  {
    audience: 'program',
    title: msg`The catalog`,
    about: msg`Everything that can be ordered with its prices; also without signing in.`,
    query: `query Catalog {
  brand { name phone email }
  products(first: 50, filter: { orderable: true }) {
    nodes {
      code
      name
      kind
      prices { termMonths net { amount currency } }
      limits { diskBytes trafficBytes mailboxes sites }
    }
  }
}
`,
  },
  {
    audience: 'program',
    title: msg`Record usage`,
    about: msg`For servers with a machine token: up to 1,000 samples at once, and repeats change nothing.`,
    query: `mutation RecordUsage($input: UsageRecordInput!) {
  usageRecord(input: $input) {
    recordedCount
    errors { ... on UserError { code message path } }
  }
}
`,
    variables: (now) => ({
      input: {
        samples: [
          {
            packageId: 'the id of a hosting package',
            measuredAt: now.toISOString(),
            diskBytes: 41600000000,
            trafficBytes: 72300000000,
          },
        ],
      },
    }),
  },
  {
    audience: 'program',
    title: msg`Sign in without a browser`,
    about: msg`The token in the answer works as a bearer token until it expires or is revoked.`,
    query: `mutation SignIn($input: LoginInput!) {
  login(input: $input) {
    sessionToken
    viewer { kind name }
    errors { ... on UserError { code message path } }
  }
}
`,
    variables: () => ({ input: { email: '', password: '' } }),
  },
];

/** What an empty playground begins with: it answers to everyone, visitors included. */
export const firstQuery = `query WhoAmI {
  viewer {
    kind
    name
    account { number name }
  }
  brand { name }
}
`;

import { graphql } from './tada';

/** What the frame of the panel shows. Every screen's operation spreads it. */
export const ShellFields = graphql(`
  fragment ShellFields on Query {
    brand {
      id
      name
      phone
    }
    viewer {
      id
      kind
      name
      account {
        id
        name
      }
    }
  }
`);

/** Reads the same from the cache. */
export const ShellQuery = graphql(
  `
    query Shell {
      ...ShellFields
    }
  `,
  [ShellFields],
);

import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { type DocumentNode, parse } from 'graphql';
import { endpoint, requestOptions } from '../graphql/client';
import { currentReason } from './reason';

/**
 * The header in which staff say why they change something of a customer, percent-encoded
 * because a header is no place for other letters.
 */
export const reasonHeader = 'X-Reason';

/**
 * Sends operations like the panel does: over HTTP with the session cookie, and live feeds
 * over WebSocket. What stands in the headers editor is added, so that an API token can be
 * tried out as a bearer token.
 */
export function makeFetcher(): Fetcher {
  const socket = new URL(endpoint, location.href);
  socket.protocol = socket.protocol.replace('http', 'ws');
  const fetcher = createGraphiQLFetcher({
    url: endpoint,
    subscriptionUrl: socket.href,
    enableIncrementalDelivery: false,
    fetch: (input, init) => {
      const { credentials, headers } = requestOptions();
      const sent = new Headers({ ...headers, ...(init?.headers as Record<string, string>) });
      const reason = currentReason();
      if (reason) sent.set(reasonHeader, encodeURIComponent(reason));
      return fetch(input, { ...init, credentials, headers: sent });
    },
  });
  // GraphiQL reads a document shortly after it changed. What runs is what is sent, so that
  // an example that is run at once goes the way it should.
  return (params, options) => fetcher(params, { ...options, ...readDocument(params.query) });
}

function readDocument(query: string): { documentAST?: DocumentNode } {
  try {
    return { documentAST: parse(query) };
  } catch {
    return {}; // the server tells what is wrong with it
  }
}

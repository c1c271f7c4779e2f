// Which server to talk to, and as whom: the variables URL and TOKEN.
export const url = process.env.URL ?? 'http://127.0.0.1:8099/graphql';
export const socketURL = url.replace(/^http/, 'ws');
export const token = process.env.TOKEN ?? '';
export const headers = token ? { authorization: `Bearer ${token}` } : {};

/** connectionParams sign in on a WebSocket, where a browser cannot set headers. */
export const connectionParams = token ? { authorization: `Bearer ${token}` } : {};

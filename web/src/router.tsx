import {
  createRootRouteWithContext,
  createRoute,
  createRouter as createTanStackRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router';
import type { Client } from 'urql';
import { OverviewQuery } from './pages/overview-query';
import { wasSignedIn } from './session/hint';
import { Shell } from './ui/shell';
import { Failed, NotFound } from './ui/states';

type Context = { client: Client };

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFound });

/** Screens of somebody who is signed in. */
const signedIn = createRoute({ getParentRoute: () => root, id: 'signed-in', component: Shell });

// A loader begins to ask while the screen's code is still on its way; the screen itself
// reads the same operation from the cache, or joins the request. For a visitor it asks
// nothing, because there is nothing to see yet.
const overview = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  loader: ({ context }) => {
    if (!wasSignedIn()) return;
    void context.client.query(OverviewQuery, {}, { requestPolicy: 'cache-and-network' }).toPromise();
  },
  component: lazyRouteComponent(() => import('./pages/overview')),
});

const activate = createRoute({
  getParentRoute: () => root,
  path: '/activate',
  component: lazyRouteComponent(() => import('./pages/activate')),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => import('./pages/reset')),
});

const routeTree = root.addChildren([signedIn.addChildren([overview]), activate, reset]);

/** The addresses of its routes are those of routes.json, which the server knows. */
export function createRouter(client: Client, history?: RouterHistory) {
  return createTanStackRouter({
    routeTree,
    context: { client },
    ...(history ? { history } : {}),
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: ({ reset }) => <Failed onRetry={reset} />,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createRouter>;
  }
}

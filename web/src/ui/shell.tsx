import { Trans } from '@lingui/react/macro';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import { readFragment } from '../graphql/tada';
import { ShellFields, ShellQuery } from '../graphql/shell';
import { noteSignedIn, wasSignedIn } from '../session/hint';
import { SignIn } from '../session/sign-in';
import { AccountMenu } from './account-menu';
import { BrandName } from './brand';
import { Door } from './door';
import { Failed, Skeleton } from './states';

/**
 * The frame around every screen of somebody who is signed in; a visitor sees the form to
 * sign in at the same address instead, and then the screen. It asks for nothing itself:
 * each screen's operation spreads ShellFields, and this reads them from the cache. Only
 * where nobody was signed in before does it ask who is there.
 */
export function Shell() {
  const expected = wasSignedIn();
  const requestPolicy = expected ? 'cache-only' : 'cache-first';
  const [{ data, error }, again] = useQuery({ query: ShellQuery, requestPolicy });
  const shell = readFragment(ShellFields, data);
  const signedIn = shell ? shell.viewer !== null : undefined;
  useEffect(() => {
    if (signedIn !== undefined) noteSignedIn(signedIn);
  }, [signedIn]);
  if (signedIn === false) return <SignInDoor brand={shell?.brand?.name} />;
  if (!shell && !expected) {
    return (
      <Door brand={undefined}>
        <section className="card">
          {error ? (
            <Failed onRetry={() => again({ requestPolicy: 'network-only' })} />
          ) : (
            <Skeleton rows={5} />
          )}
        </section>
      </Door>
    );
  }
  return (
    <div className="app">
      <a href="#main" className="skip">
        <Trans>Skip to the content</Trans>
      </a>
      <header className="top">
        <Link to="/" className="brand">
          <BrandName name={shell?.brand?.name} />
        </Link>
        <div className="top-end">
          {shell?.viewer && <AccountMenu name={shell.viewer.name} account={shell.viewer.account?.name} />}
        </div>
      </header>
      <Main />
    </div>
  );
}

/** The screen; a new one gets the focus, so that screen readers and Tab begin there. */
function Main() {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) main.current?.querySelector('h1')?.focus({ preventScroll: true });
    first.current = false;
  }, [pathname]);
  return (
    <main id="main" ref={main} tabIndex={-1}>
      <Outlet />
    </main>
  );
}

function SignInDoor({ brand }: { brand: string | undefined }) {
  return (
    <Door brand={brand}>
      <title>{brand}</title>
      <section className="card">
        <h1 tabIndex={-1}>
          <Trans>Sign in</Trans>
        </h1>
        <p className="lead">
          <Trans>For your invoices, subscriptions, domain names and hosting.</Trans>
        </p>
        <SignIn
          forgotten={
            <Link to="/reset" className="link">
              <Trans>Forgot your password?</Trans>
            </Link>
          }
        />
      </section>
    </Door>
  );
}

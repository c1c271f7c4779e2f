import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { CloudOff, SearchX } from 'lucide-react';

/** The shape of what is being loaded, so that nothing jumps when it arrives. */
export function Skeleton({ rows = 4, title = false }: { rows?: number; title?: boolean }) {
  return (
    <div className={title ? 'skeleton title' : 'skeleton'} aria-hidden="true">
      {Array.from({ length: rows }, (_, i) => (
        <span key={i} />
      ))}
    </div>
  );
}

/** Something could not be read. It says that nothing has changed, and where help is. */
export function Failed({ phone, onRetry }: { phone?: string | undefined; onRetry: () => void }) {
  return (
    <div className="state" role="alert">
      <CloudOff aria-hidden="true" />
      <h2>
        <Trans>This information is not available right now</Trans>
      </h2>
      <p>
        {phone ? (
          <Trans>
            Nothing has been lost or changed. Try again, or call us on {phone} if it keeps happening.
          </Trans>
        ) : (
          <Trans>Nothing has been lost or changed. Try again, or call us if it keeps happening.</Trans>
        )}
      </p>
      <button type="button" className="btn primary" onClick={onRetry}>
        <Trans>Try again</Trans>
      </button>
    </div>
  );
}

export function NotFound() {
  return (
    <div className="state">
      <SearchX aria-hidden="true" />
      <h1 tabIndex={-1}>
        <Trans>We cannot find this page</Trans>
      </h1>
      <p>
        <Trans>The address may be wrong, or the page has moved.</Trans>
      </p>
      <Link to="/" className="btn primary">
        <Trans>To the overview</Trans>
      </Link>
    </div>
  );
}

import { Trans } from '@lingui/react/macro';
import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { useSession } from './session';

/** Ends the session. When the server could not be told it says so, and nothing has changed. */
export function SignOut({ className }: { className: string }) {
  const { signOut } = useSession();
  const [failures, setFailures] = useState(0);
  return (
    <>
      <button
        type="button"
        className={className}
        onClick={() => signOut().catch(() => setFailures((count) => count + 1))}
      >
        <LogOut aria-hidden="true" />
        {failures ? <Trans>Not signed out. Try again</Trans> : <Trans>Sign out</Trans>}
      </button>
      <span className="visually-hidden" role="status" key={failures}>
        {failures > 0 && <Trans>You are not signed out: the server did not answer.</Trans>}
      </span>
    </>
  );
}

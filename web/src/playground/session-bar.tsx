import { Trans, useLingui } from '@lingui/react/macro';
import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ResultOf } from '../graphql/tada';
import type { ShellFields } from '../graphql/shell';
import { SignIn } from '../session/sign-in';
import { SignOut } from '../session/sign-out';
import { LanguageSwap, ThemeSwap } from '../ui/appearance';
import { BrandName } from '../ui/brand';
import { setReason, useReason } from './reason';

type Viewer = ResultOf<typeof ShellFields>['viewer'];

/** Who asks, above the editor. known is false until the server said so. */
export function SessionBar(props: { brand: string | undefined; viewer: Viewer | undefined; known: boolean }) {
  const { viewer } = props;
  return (
    <header className="top session-bar">
      <a href="/" className="brand">
        <BrandName name={props.brand} />
      </a>
      <h1>
        <Trans>API playground</Trans>
      </h1>
      <div className="top-end">
        {viewer?.kind === 'STAFF' && <Reason />}
        {viewer && <SignedIn viewer={viewer} />}
        {!viewer && props.known && <SignInDialog />}
        <LanguageSwap />
        <ThemeSwap />
      </div>
    </header>
  );
}

function SignedIn({ viewer }: { viewer: NonNullable<Viewer> }) {
  return (
    <>
      <span className="who">
        <b>{viewer.account?.name ?? viewer.name}</b>
        <small>
          <Kind kind={viewer.kind} />
        </small>
      </span>
      <SignOut className="btn" />
    </>
  );
}

function Kind({ kind }: { kind: NonNullable<Viewer>['kind'] }) {
  switch (kind) {
    case 'CUSTOMER':
      return <Trans>customer</Trans>;
    case 'PARTNER':
      return <Trans>partner</Trans>;
    case 'STAFF':
      return <Trans>staff</Trans>;
    case 'MACHINE':
      return <Trans>machine</Trans>;
  }
}

/** Why a member of staff changes something of a customer: it goes with every request. */
function Reason() {
  const { t } = useLingui();
  const reason = useReason();
  return (
    <input
      className="reason"
      aria-label={t`Reason for changes for a customer`}
      placeholder={t`Reason for changes for a customer`}
      defaultValue={reason}
      maxLength={200}
      onChange={(event) => setReason(event.currentTarget.value)}
    />
  );
}

function SignInDialog() {
  const { t } = useLingui();
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (open) dialog.current?.showModal();
  }, [open]);
  return (
    <>
      <button type="button" className="btn primary" onClick={() => setOpen(true)}>
        <Trans>Sign in</Trans>
      </button>
      {open && (
        <dialog ref={dialog} className="sign-in" aria-labelledby="sign-in" onClose={() => setOpen(false)}>
          <div className="dialog-head">
            <h2 id="sign-in">
              <Trans>Sign in</Trans>
            </h2>
            <button
              type="button"
              className="icon-btn"
              aria-label={t`Close`}
              onClick={() => dialog.current?.close()}
            >
              <X aria-hidden="true" />
            </button>
          </div>
          <SignIn />
        </dialog>
      )}
    </>
  );
}

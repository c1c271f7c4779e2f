import { Trans } from '@lingui/react/macro';
import { SquareTerminal } from 'lucide-react';
import { useId } from 'react';
import { SignOut } from '../session/sign-out';
import { LanguageSwap, ThemeSwap } from './appearance';

type Face = { name: string; account: string | undefined };

/** Who is signed in and for which account; it opens settings and the way out. */
export function AccountMenu(face: Face) {
  const id = useId();
  return (
    <>
      <button type="button" className="account" popoverTarget={id}>
        <AccountFace {...face} />
      </button>
      <div className="menu" id={id} popover="auto">
        <div className="menu-row">
          <Trans>Language</Trans>
          <LanguageSwap />
        </div>
        <div className="menu-row">
          <Trans>Appearance</Trans>
          <ThemeSwap />
        </div>
        <a className="menu-item" href="/playground">
          <SquareTerminal aria-hidden="true" />
          <Trans>API playground</Trans>
        </a>
        <SignOut className="menu-item" />
      </div>
    </>
  );
}

function AccountFace({ name, account }: Face) {
  return (
    <>
      <span className="avatar" aria-hidden="true">
        {initials(name)}
      </span>
      <span className="account-text">
        <span className="visually-hidden">
          <Trans>Account and settings</Trans>:{' '}
        </span>
        <b className="only-wide">{account ?? name}</b>
        {account && account !== name && <small className="only-wide">{name}</small>}
      </span>
    </>
  );
}

/** The first letters of the first and the last name. */
function initials(name: string): string {
  const words = name.split(' ').filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : '']
    .map((word) => word?.[0] ?? '')
    .join('')
    .toUpperCase();
}

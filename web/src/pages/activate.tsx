import { Trans, useLingui } from '@lingui/react/macro';
import { useLinkToken } from '../session/token';
import { BrandDoor } from '../ui/brand-door';
import { BrokenLink, SetPassword } from './set-password';

/** Behind the activation mail: the first password of a new user. */
export default function Activate() {
  const { t } = useLingui();
  const token = useLinkToken();
  return (
    <BrandDoor title={t`Activate your account`}>
      <section className="card">
        <h1 tabIndex={-1}>
          <Trans>Activate your account</Trans>
        </h1>
        {token ? (
          <>
            <p className="lead">
              <Trans>Choose the password with which you will sign in.</Trans>
            </p>
            <SetPassword token={token} />
          </>
        ) : (
          <BrokenLink />
        )}
      </section>
    </BrandDoor>
  );
}

import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { MailCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { formErrors } from '../graphql/errors';
import { graphql } from '../graphql/tada';
import { useLinkToken } from '../session/token';
import { BrandDoor } from '../ui/brand-door';
import { ErrorSummary, Field, type FormError, useSubmit } from '../ui/form';
import { SetPassword } from './set-password';

const PasswordResetRequest = graphql(`
  mutation PasswordResetRequest($input: PasswordResetRequestInput!) {
    passwordResetRequest(input: $input) {
      errors {
        __typename
        ... on UserError {
          message
          path
        }
      }
    }
  }
`);

/** Asks for the mail with a reset link; behind that link it sets the new password. */
export default function Reset() {
  const { t } = useLingui();
  const token = useLinkToken();
  return (
    <BrandDoor title={t`New password`}>
      <section className="card">
        <h1 tabIndex={-1}>{token ? <Trans>Choose a new password</Trans> : <Trans>Forgot your password?</Trans>}</h1>
        {token ? (
          <>
            <p className="lead">
              <Trans>The old password no longer works afterwards.</Trans>
            </p>
            <SetPassword token={token} />
          </>
        ) : (
          <RequestLink />
        )}
      </section>
    </BrandDoor>
  );
}

function RequestLink() {
  const { t } = useLingui();
  const [, request] = useMutation(PasswordResetRequest);
  const [errors, setErrors] = useState<FormError[]>([]);
  const [sentTo, setSentTo] = useState('');
  const { busy, onSubmit } = useSubmit(async (data) => {
    const email = String(data.get('email')).trim();
    if (!email) return setErrors([{ field: 'email', message: t`Enter your email address` }]);
    const { data: answer } = await request({ input: { email } });
    const failures = answer?.passwordResetRequest?.errors;
    if (!failures) return setErrors([{ message: t`That did not work, and nothing has changed. Try again in a moment.` }]);
    if (failures.length) return setErrors(formErrors(failures));
    setSentTo(email);
  });
  if (sentTo) return <Sent email={sentTo} />;
  return (
    <>
      <p className="lead">
        <Trans>We mail you a link with which you can choose a new one.</Trans>
      </p>
      <form className="form" method="post" noValidate onSubmit={onSubmit}>
        <ErrorSummary errors={errors} />
        <Field name="email" type="email" label={t`Email address`} autoComplete="username" errors={errors} />
        <button className="btn primary wide" aria-disabled={busy}>
          {busy ? <Trans>Sending…</Trans> : <Trans>Mail me the link</Trans>}
        </button>
        <Link to="/">
          <Trans>Back to signing in</Trans>
        </Link>
      </form>
    </>
  );
}

// The answer is the same for an address that nobody has: a stranger learns nothing.
function Sent({ email }: { email: string }) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => note.current?.focus(), []);
  return (
    <div className="form">
      <div className="note" tabIndex={-1} ref={note}>
        <MailCheck aria-hidden="true" />
        <p>
          <Trans>
            If somebody signs in with {email}, a mail with a link is under way. Look in the junk folder too when it does
            not arrive within a few minutes.
          </Trans>
        </p>
      </div>
      <Link to="/">
        <Trans>Back to signing in</Trans>
      </Link>
    </div>
  );
}

import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { formErrors } from '../graphql/errors';
import { graphql } from '../graphql/tada';
import { ErrorSummary, Field, type FormError, useSubmit } from '../ui/form';

const PasswordSet = graphql(`
  mutation PasswordSet($input: PasswordSetInput!) {
    passwordSet(input: $input) {
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

/** What the server asks at least; it also refuses common passwords (M-05). */
const minimumLength = 12;

/** Sets the password behind a link. Opening the page changes nothing: only the button does. */
export function SetPassword({ token }: { token: string }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [, set] = useMutation(PasswordSet);
  const [errors, setErrors] = useState<FormError[]>([]);
  const [done, setDone] = useState(false);
  const { busy, onSubmit } = useSubmit(async (data) => {
    const password = String(data.get('password'));
    if ([...password].length < minimumLength) {
      return setErrors([{ field: 'password', message: t`Use ${minimumLength} characters or more` }]);
    }
    const { data: answer } = await set({ input: { token, password } });
    const failures = answer?.passwordSet?.errors;
    if (!failures) return setErrors([{ message: t`That did not work, and nothing has changed. Try again in a moment.` }]);
    if (failures.length) return setErrors(formErrors(failures));
    await navigate({ to: '.', hash: '', replace: true });
    setDone(true);
  });
  if (done) return <Done />;
  return (
    <form className="form" method="post" noValidate onSubmit={onSubmit}>
      <ErrorSummary errors={errors} />
      <Field
        name="password"
        type="password"
        label={t`New password`}
        hint={t`${minimumLength} characters or more. A few words in a row are easy to remember.`}
        autoComplete="new-password"
        errors={errors}
      />
      <button className="btn primary wide" aria-disabled={busy}>
        {busy ? <Trans>Saving…</Trans> : <Trans>Save password</Trans>}
      </button>
    </form>
  );
}

function Done() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <h2 tabIndex={-1} ref={heading}>
        <Trans>Your password is set</Trans>
      </h2>
      <p className="lead">
        <Trans>You can sign in with it from now on. Wherever you were signed in, that has ended.</Trans>
      </p>
      <Link to="/" className="btn primary wide">
        <Trans>Sign in</Trans>
      </Link>
    </>
  );
}

/** A page about a link that does not have a token in it. */
export function BrokenLink() {
  return (
    <p className="lead">
      <Trans>This link is not complete. Open it from the mail again, or copy the whole of it.</Trans>
    </p>
  );
}

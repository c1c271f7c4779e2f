import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useEffect, useState } from 'react';
import { useMutation } from 'urql';
import { formErrors } from '../graphql/errors';
import { graphql } from '../graphql/tada';
import { ErrorSummary, Field, fieldId, type FormError, useSubmit } from '../ui/form';
import { useSession } from './session';

const Login = graphql(`
  mutation Login($input: LoginInput!) {
    login(input: $input) {
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

type Credentials = { email: string; password: string };

/**
 * Mail address and password, and then a code when the user has two-factor authentication.
 * Once signed in the session is renewed, and whatever stands around the form changes.
 * forgotten is shown below the password.
 */
export function SignIn({ forgotten }: { forgotten?: ReactNode }) {
  const { t } = useLingui();
  const { renew } = useSession();
  const [, login] = useMutation(Login);
  const [errors, setErrors] = useState<FormError[]>([]);
  const [known, setKnown] = useState<Credentials | null>(null);

  const send = async (credentials: Credentials, code?: string) => {
    const { data } = await login({ input: { ...credentials, ...(code ? { code } : {}) } });
    const failures = data?.login?.errors;
    if (!failures)
      return setErrors([{ message: t`That did not work, and nothing has changed. Try again in a moment.` }]);
    if (failures.length === 0) return renew(true);
    if (!code && failures.some((e) => e.__typename === 'SecondFactorRequiredError')) {
      setKnown(credentials);
      return setErrors([]);
    }
    setErrors(formErrors(failures));
  };

  if (!known) return <PasswordStep errors={errors} setErrors={setErrors} send={send} forgotten={forgotten} />;
  const back = () => {
    setKnown(null);
    setErrors([]);
  };
  return <CodeStep errors={errors} setErrors={setErrors} send={(code) => send(known, code)} back={back} />;
}

type StepProps = { errors: FormError[]; setErrors: (errors: FormError[]) => void };

function PasswordStep(
  props: StepProps & { send: (credentials: Credentials) => Promise<void>; forgotten: ReactNode },
) {
  const { errors, setErrors } = props;
  const { t } = useLingui();
  const { busy, onSubmit } = useSubmit(async (data) => {
    const email = String(data.get('email')).trim();
    const password = String(data.get('password'));
    const missing: FormError[] = [];
    if (!email) missing.push({ field: 'email', message: t`Enter your email address` });
    if (!password) missing.push({ field: 'password', message: t`Enter your password` });
    if (missing.length) return setErrors(missing);
    await props.send({ email, password });
  });
  return (
    <form className="form" method="post" noValidate onSubmit={onSubmit}>
      <ErrorSummary errors={errors} />
      <Field name="email" type="email" label={t`Email address`} autoComplete="username" errors={errors} />
      <div>
        <Field
          name="password"
          type="password"
          label={t`Password`}
          autoComplete="current-password"
          errors={errors}
        />
        {props.forgotten}
      </div>
      <button className="btn primary wide" aria-disabled={busy}>
        {busy ? <Trans>Signing in…</Trans> : <Trans>Sign in</Trans>}
      </button>
    </form>
  );
}

function CodeStep(props: StepProps & { send: (code: string) => Promise<void>; back: () => void }) {
  const { errors, setErrors } = props;
  const { t } = useLingui();
  const [recovery, setRecovery] = useState(false);
  // The field gets the focus, so that a code can be typed or pasted at once.
  useEffect(() => document.getElementById(fieldId('code'))?.focus(), [recovery]);
  const { busy, onSubmit } = useSubmit(async (data) => {
    const code = String(data.get('code')).replace(/\s/g, '');
    if (!code) return setErrors([{ field: 'code', message: t`Enter the code` }]);
    await props.send(code);
  });
  return (
    <form className="form" method="post" noValidate onSubmit={onSubmit}>
      <ErrorSummary errors={errors} />
      <Field
        key={String(recovery)}
        className={recovery ? undefined : 'code'}
        name="code"
        label={recovery ? t`Recovery code` : t`Code of 6 digits`}
        hint={
          recovery
            ? t`Your password is right. Enter one of the recovery codes you kept; each works once.`
            : t`Your password is right. Enter the code that your authenticator app shows now.`
        }
        inputMode={recovery ? 'text' : 'numeric'}
        autoComplete={recovery ? 'off' : 'one-time-code'}
        errors={errors}
      />
      <button className="btn primary wide" aria-disabled={busy}>
        {busy ? <Trans>Signing in…</Trans> : <Trans>Sign in</Trans>}
      </button>
      <div className="form-links">
        <button type="button" className="link" onClick={() => setRecovery(!recovery)}>
          {recovery ? <Trans>Use the app instead</Trans> : <Trans>I do not have my phone</Trans>}
        </button>
        <button type="button" className="link" onClick={props.back}>
          <Trans>Back</Trans>
        </button>
      </div>
    </form>
  );
}

import { Plural, useLingui } from '@lingui/react/macro';
import { type ComponentProps, type ReactNode, useEffect, useId, useRef, useState } from 'react';

/** What is wrong with a form: a text, and the field it is about when there is one. */
export type FormError = { field?: string | undefined; message: string };

type FieldProps = Omit<ComponentProps<'input'>, 'name' | 'id'> & {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  errors: readonly FormError[];
};

/** The id of a field's input, to which the summary of errors links. */
export const fieldId = (name: string) => `field-${name}`;

/** A labelled input with its hint and what is wrong with it. */
export function Field({ name, label, hint, errors, className, ...input }: FieldProps) {
  const error = errors.find((e) => e.field === name)?.message;
  const id = fieldId(name);
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const control = (
    <input
      {...input}
      id={id}
      name={name}
      aria-invalid={error ? true : undefined}
      aria-describedby={notes || undefined}
    />
  );
  return (
    <div className={`field ${className ?? ''}`}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error && (
        <span className="error" id={`${id}-error`}>
          {error}
        </span>
      )}
      {input.type === 'password' ? <Reveal>{control}</Reveal> : control}
    </div>
  );
}

/** A password that can be looked at while typing. */
function Reveal({ children }: { children: React.ReactElement<ComponentProps<'input'>> }) {
  const { t } = useLingui();
  const [shown, setShown] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const input = box.current?.querySelector('input');
    if (input) input.type = shown ? 'text' : 'password';
  }, [shown]);
  return (
    <div className="with-button" ref={box}>
      {children}
      <button
        type="button"
        aria-pressed={shown}
        aria-label={t`Show password`}
        onClick={() => setShown(!shown)}
      >
        {shown ? t`Hide` : t`Show`}
      </button>
    </div>
  );
}

/** All that is wrong with a form, above it: it takes the focus and links to the fields. */
export function ErrorSummary({ errors }: { errors: readonly FormError[] }) {
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (errors.length) box.current?.focus();
  }, [errors]);
  if (!errors.length) return null;
  return (
    <div className="errors" role="group" aria-labelledby={id} tabIndex={-1} ref={box}>
      <h2 id={id}>
        <Plural value={errors.length} one="Something is not right yet" other="# things are not right yet" />
      </h2>
      <ul>
        {errors.map(({ field, message }) => (
          <li key={`${field} ${message}`}>
            {field ? (
              <a href={`#${fieldId(field)}`} onClick={focusField}>
                {message}
              </a>
            ) : (
              message
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

// A link alone would put the field's name into the address and, in the router, go there.
function focusField(event: React.MouseEvent<HTMLAnchorElement>) {
  event.preventDefault();
  document.getElementById(event.currentTarget.hash.slice(1))?.focus();
}

/** Submits a form once at a time, without leaving the page. */
export function useSubmit(send: (data: FormData) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const onSubmit = async (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      await send(new FormData(event.currentTarget));
    } finally {
      setBusy(false);
    }
  };
  return { busy, onSubmit };
}

import type { FormError } from '../ui/form';

/** What a mutation's payload says when the change was not made. */
type UserError = { message: string; path: readonly string[] | null };

/** The errors of a payload as errors of a form: a path ends in the field's name. */
export function formErrors(errors: readonly unknown[]): FormError[] {
  return errors.map((error) => {
    const { message, path } = error as UserError;
    return { message, field: path?.at(-1) };
  });
}

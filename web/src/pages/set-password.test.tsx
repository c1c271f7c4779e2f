import { screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { brand } from '../test/data';
import { open } from '../test/panel';
import { serve, userError } from '../test/server';

const long = 'four words in a row';

function serveLinks(errors: unknown[] = []) {
  const root = { brand, viewer: null, passwordSet: () => ({ errors, query: root }), passwordResetRequest: () => ({ errors, query: root }) };
  return serve(root);
}

describe.each([
  ['/activate', 'Activate your account'],
  ['/reset', 'Choose a new password'],
])('a link to %s', (path, heading) => {
  test('changes nothing by being opened', async () => {
    const requests = serveLinks();
    open(`${path}#token=abc`);
    await screen.findByRole('heading', { name: heading });
    await screen.findByText('Noorderhost');
    expect(requests.map((r) => r.operationName)).toEqual(['Brand']);
  });

  test('sets the password with the token of the fragment, once asked', async () => {
    const requests = serveLinks();
    const { user, history } = open(`${path}#token=abc`);
    await user.type(await screen.findByLabelText('New password'), long);
    await user.click(screen.getByRole('button', { name: 'Save password' }));
    const done = await screen.findByRole('heading', { name: 'Your password is set' });
    expect(document.activeElement).toBe(done);
    expect(requests.at(-1)?.variables).toEqual({ input: { token: 'abc', password: long } });
    expect(history.location.href).toBe(path);
  });

  test('moves a token of the query into the fragment, which servers do not see', async () => {
    serveLinks();
    const { history } = open(`${path}?token=0012`);
    await screen.findByLabelText('New password');
    await waitFor(() => expect(history.location.href).toBe(`${path}#token=0012`));
  });

  test('refuses a short password without asking the server', async () => {
    const requests = serveLinks();
    const { user } = open(`${path}#token=abc`);
    await user.type(await screen.findByLabelText('New password'), 'short{Enter}');
    expect(screen.getAllByText('Use 12 characters or more')).toHaveLength(2);
    expect(requests.map((r) => r.operationName)).not.toContain('PasswordSet');
  });

  test('says why a link does not work any more', async () => {
    serveLinks([userError('NotFoundError', 'This link does not work any more.', 'token')]);
    const { user } = open(`${path}#token=abc`);
    await user.type(await screen.findByLabelText('New password'), long + '{Enter}');
    expect(await screen.findByText('This link does not work any more.')).toBeTruthy();
  });
});

describe('without a token', () => {
  test('an activation link asks for the whole of it', async () => {
    serveLinks();
    open('/activate');
    expect(await screen.findByText(/This link is not complete/)).toBeTruthy();
  });

  test('a reset mails the link, and tells nobody whether the address is known', async () => {
    const requests = serveLinks();
    const { user } = open('/reset');
    await user.type(await screen.findByLabelText('Email address'), 'marijke@example.nl{Enter}');
    expect(await screen.findByText(/If somebody signs in with marijke@example.nl/)).toBeTruthy();
    expect(requests.at(-1)?.variables).toEqual({ input: { email: 'marijke@example.nl' } });
  });
});

test('a link that is opened where the reset was asked for is taken up there', async () => {
  serveLinks();
  const { history } = open('/reset');
  await screen.findByRole('heading', { name: 'Forgot your password?' });
  history.push('/reset#token=abc');
  expect(await screen.findByLabelText('New password')).toBeTruthy();
});

import { screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { brand, customer } from '../test/data';
import { open } from '../test/panel';
import { serve, serverDown, userError } from '../test/server';

type Input = { email: string; password: string; code?: string };

/** A server on which login does what it is told to, and then somebody is signed in. */
function serveLogin(login: (input: Input) => unknown[]) {
  const root = {
    brand,
    viewer: null as unknown,
    login: ({ input }: { input: Input }) => {
      const errors = login(input);
      if (errors.length === 0) root.viewer = customer;
      return { errors, query: root };
    },
  };
  return serve(root);
}

async function fill(user: ReturnType<typeof open>['user'], email: string, password: string) {
  if (email) await user.type(await screen.findByLabelText('Email address'), email);
  if (password) await user.type(screen.getByLabelText('Password'), password);
  await user.click(await screen.findByRole('button', { name: 'Sign in' }));
}

describe('signing in', () => {
  test('shows the overview, and begins with an empty cache', async () => {
    const requests = serveLogin(() => []);
    const { user } = open('/');
    await fill(user, ' marijke@example.nl ', 'correct horse');
    expect(await screen.findByRole('heading', { name: 'Hello Marijke de Vries' })).toBeTruthy();
    expect(requests.map((r) => r.operationName)).toEqual(['Shell', 'Login', 'Overview']);
    expect(requests[1]?.variables).toEqual({
      input: { email: 'marijke@example.nl', password: 'correct horse' },
    });
  });

  test('asks nothing while a field is empty, and says which', async () => {
    const requests = serveLogin(() => []);
    const { user } = open('/');
    await fill(user, '', '');
    const summary = screen.getByRole('group', { name: '2 things are not right yet' });
    expect(document.activeElement).toBe(summary);
    expect(screen.getByLabelText('Email address').getAttribute('aria-invalid')).toBe('true');
    await user.click(within(summary).getByRole('link', { name: 'Enter your password' }));
    expect(document.activeElement).toBe(screen.getByLabelText('Password'));
    expect(requests.map((r) => r.operationName)).toEqual(['Shell']);
  });

  test('shows what the server says beside the field, and keeps what was typed', async () => {
    serveLogin(() => [userError('LoginFailedError', 'These do not belong together.', 'password')]);
    const { user } = open('/');
    await fill(user, 'marijke@example.nl', 'wrong');
    expect(await screen.findAllByText('These do not belong together.')).toHaveLength(2);
    expect(screen.getByLabelText<HTMLInputElement>('Email address').value).toBe('marijke@example.nl');
  });

  test('asks for a code when the user has two-factor authentication', async () => {
    const requests = serveLogin(({ code }) =>
      code ? [] : [userError('SecondFactorRequiredError', 'A code is needed.')],
    );
    const { user } = open('/');
    await fill(user, 'marijke@example.nl', 'correct horse');
    const code = await screen.findByLabelText('Code of 6 digits');
    expect(document.activeElement).toBe(code);
    await user.type(code, '123 456{Enter}');
    await screen.findByRole('heading', { name: 'Hello Marijke de Vries' });
    const last = requests.findLast((r) => r.operationName === 'Login');
    expect(last?.variables['input']).toEqual({
      email: 'marijke@example.nl',
      password: 'correct horse',
      code: '123456',
    });
  });

  test('takes a recovery code too, and a wrong code stays at the code', async () => {
    serveLogin(({ code }) =>
      code
        ? [userError('LoginFailedError', 'This code does not work.', 'code')]
        : [userError('SecondFactorRequiredError', 'A code is needed.')],
    );
    const { user } = open('/');
    await fill(user, 'marijke@example.nl', 'correct horse');
    await user.click(await screen.findByRole('button', { name: 'I do not have my phone' }));
    await user.type(screen.getByLabelText('Recovery code'), 'abcd-efgh{Enter}');
    expect(await screen.findAllByText('This code does not work.')).toHaveLength(2);
  });

  test('says that nothing has changed when the server does not answer', async () => {
    serveLogin(() => []);
    const { user } = open('/');
    await screen.findByLabelText('Email address');
    serverDown();
    await fill(user, 'marijke@example.nl', 'correct horse');
    expect(await screen.findByText(/nothing has changed/)).toBeTruthy();
  });
});

describe('signing out', () => {
  test('shows the form again, and nothing of the account is left', async () => {
    const root = { brand, viewer: customer as unknown, logout: () => ({ query: root }) };
    serve(root);
    const { user } = open('/', { before: true });
    await screen.findByText('2026-10386');
    root.viewer = null;
    await user.click(screen.getByText('Sign out'));
    expect(await screen.findByLabelText('Password')).toBeTruthy();
    expect(screen.queryByText('2026-10386')).toBeNull();
  });

  test('says so when the server did not hear it, and leaves everything as it was', async () => {
    serve({ brand, viewer: customer });
    const { user } = open('/', { before: true });
    await screen.findByText('2026-10386');
    serverDown();
    await user.click(screen.getByText('Sign out'));
    expect(await screen.findByText('Not signed out. Try again')).toBeTruthy();
    expect(screen.getByText('2026-10386')).toBeTruthy();
  });

  test('a session that is over shows the form instead of the screen', async () => {
    serve({ brand, viewer: null });
    open('/', { before: true });
    expect(await screen.findByLabelText('Password')).toBeTruthy();
    expect(localStorage.getItem('signed-in')).toBeNull();
  });
});

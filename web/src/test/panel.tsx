import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from '../app';

/** Opens the panel at an address, as somebody who was signed in before unless told not. */
export function open(address: string, { before = false } = {}) {
  if (before) localStorage.setItem('signed-in', '1');
  const history = createMemoryHistory({ initialEntries: [address] });
  render(<App history={history} />);
  return { user: userEvent.setup(), history };
}

import { createMemoryHistory } from '@tanstack/react-router';
import { expect, test } from 'vitest';
import known from '../routes.json';
import { makeClient } from './graphql/client';
import { createRouter } from './router';

test('the server knows every address of the panel, and no other', () => {
  const router = createRouter(makeClient(), createMemoryHistory());
  expect(Object.keys(router.routesByPath).sort()).toEqual(known.toSorted());
});

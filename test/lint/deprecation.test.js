import { test } from 'node:test';
import graphql from '@graphql-eslint/eslint-plugin';
import { RuleTester } from 'eslint';
import deprecation from './deprecation.js';

RuleTester.describe = (_name, run) => run();
RuleTester.it = (name, run) => test(name, run);
const tester = new RuleTester({ languageOptions: { parser: graphql.parser } });
const field = (reason) => `type Query { "Old." old: Int @deprecated(reason: "${reason}") }`;

tester.run('a deprecation', deprecation, {
  valid: [
    { name: 'with both', code: field('Use `new`. Removed after 2027-12-31.') },
    { name: 'with a path', code: field('Use `Account.name`. Removed after 2027-12-31.') },
    { name: 'none at all', code: 'type Query { new: Int }' },
  ],
  invalid: [
    { name: 'without a date', code: field('Use `new`.'), errors: [{ messageId: 'date' }] },
    { name: 'with a day that does not exist', code: field('Use `new`, until 2027-13-31.'), errors: [{ messageId: 'date' }] },
    { name: 'without a replacement', code: field('Removed after 2027-12-31.'), errors: [{ messageId: 'replacement' }] },
    {
      name: 'without a reason',
      code: 'type Query { old: Int @deprecated }',
      errors: [{ messageId: 'replacement' }, { messageId: 'date' }],
    },
  ],
});

import {
  coerceInputValue,
  GraphQLNonNull,
  isInputType,
  NoDeprecatedCustomRule,
  parse,
  typeFromAST,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { audiences, type Example, examples, firstQuery, operationKind } from './examples';
import { schema } from '../test/schema';

const first = { query: firstQuery } as Example;
const named = [...examples, first].map(
  (example) => [/\w+ (\w+)/.exec(example.query)?.[1] ?? '', example] as const,
);

describe.each(named)('%s', (_name, { query, variables }) => {
  const document = parse(query);
  const [operation] = document.definitions;
  if (operation?.kind !== 'OperationDefinition') throw new Error('an example is one operation');
  const given = variables?.(new Date('2027-04-18T10:00:00Z')) ?? {};
  const declared = operation.variableDefinitions ?? [];

  test('is valid against the schema', () => {
    expect(validate(schema, document).map((error) => error.message)).toEqual([]);
  });

  test('uses nothing that is deprecated', () => {
    expect(validate(schema, document, [NoDeprecatedCustomRule]).map((error) => error.message)).toEqual([]);
  });

  test('gives every variable that it declares, with a value that fits', () => {
    expect(Object.keys(given).sort()).toEqual(declared.map((d) => d.variable.name.value).sort());
    for (const { variable, type } of declared) {
      const inputType = typeFromAST(schema, type as never);
      if (!isInputType(inputType)) throw new Error(`${variable.name.value} is of no input type`);
      if (given[variable.name.value] === null) expect(inputType).not.toBeInstanceOf(GraphQLNonNull);
      const faults: string[] = [];
      coerceInputValue(given[variable.name.value], inputType, (path, _value, error) =>
        faults.push(`${path.join('.')}: ${error.message}`),
      );
      expect(faults).toEqual([]);
    }
  });
});

test('no two examples have one name or title', () => {
  expect(new Set(examples.map((e) => e.query)).size).toBe(examples.length);
  expect(new Set(examples.map((e) => e.title.id)).size).toBe(examples.length);
});

test.each(audiences)('there is something for $name, and the first of it only reads', ({ name }) => {
  const [first] = examples.filter((example) => example.audience === name);
  expect(first && operationKind(first)).toBe('query');
});

// The whole contract against every rule that @graphql-eslint has for schemas, and against
// the rules of Relay. Where a rule is off or narrowed, the reason stands beside it.
import graphql from '@graphql-eslint/eslint-plugin';
import deprecation from './deprecation.js';

const every = graphql.configs['flat/schema-all'].rules;
const relay = graphql.configs['flat/schema-relay'].rules;

// Types without an id of their own: values, which are equal when their fields are, and
// lines that only exist in the object that holds them. A new type stands here or has an id.
const values = [
  'AccountSummary',
  'Address',
  'BillingPreferences',
  'ChangeRequestFieldValue',
  'InvoicePayment',
  'Money',
  'NextInvoice',
  'PageInfo',
  'Period',
  'Price',
  'ProductPrice',
  'RateLimit',
  'ServiceLimits',
  'Usage',
  'UsageMonth',
  'VatTotal',
];

const exceptions = {
  // We do have writes and live feeds.
  '@graphql-eslint/no-root-type': 'off',
  // It wants an argument of the directive that no server has. Ours wants the date in the reason.
  '@graphql-eslint/require-deprecation-date': 'off',
  'ours/deprecation': 'error',
  // Short lists that cannot grow past 50 are lists, and `nodes` beside `edges` saves a level.
  '@graphql-eslint/relay-edge-types': ['error', { withEdgeSuffix: true, listTypeCanWrapOnlyEdgeType: false }],
  // What belongs to a request and not to the data has no identity.
  '@graphql-eslint/strict-id-in-types': [
    'error',
    { exceptions: { types: values, suffixes: ['Connection', 'Edge', 'Payload', 'Error'] } },
  ],
  // Stricter than the rule is by itself: everything has a description.
  '@graphql-eslint/require-description': [
    'error',
    {
      types: true,
      rootField: true,
      DirectiveDefinition: true,
      EnumValueDefinition: true,
      FieldDefinition: true,
      InputValueDefinition: true,
    },
  ],
};

export default [
  {
    files: ['**/*.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: 'schema.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql, ours: { rules: { deprecation } } },
    rules: { ...every, ...relay, ...exceptions },
  },
];

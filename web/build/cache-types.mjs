// Writes what the cache of the browser has to know of the schema: which types implement an
// interface, and which have no id, so that they belong to the object that holds them.
import { readFileSync, writeFileSync } from 'node:fs';
import { buildSchema, isInterfaceType, isObjectType } from 'graphql';

const [source = '../schema.graphql'] = process.argv.slice(2);
const schema = buildSchema(readFileSync(source, 'utf8'));
const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];

const implementations = Object.fromEntries(
  types.filter(isInterfaceType).map((type) => [
    type.name,
    schema
      .getPossibleTypes(type)
      .map(({ name }) => name)
      .sort(),
  ]),
);
const embedded = types
  .filter((type) => isObjectType(type) && !roots.includes(type) && !type.getFields().id)
  .map(({ name }) => name)
  .sort();

writeFileSync('src/graphql/cache-types.json', JSON.stringify({ implementations, embedded }, null, 2) + '\n');

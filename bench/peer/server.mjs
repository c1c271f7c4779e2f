// PostGraphile 5 over the views in schema peer, with one pool of connections per process. Who asks comes from the bearer
// token, which is looked up in memory; the transaction enters the same role, with the same settings, as the server does.
import './node20.mjs';
import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const { DATABASE_URL, LISTEN, PEOPLE, POOL, PROCESSES = '1' } = process.env;
const [host, port] = LISTEN.split(':');

if (cluster.isPrimary && Number(PROCESSES) > 1) {
  for (let i = 0; i < Number(PROCESSES); i++) cluster.fork();
  process.on('SIGTERM', () => process.exit());
} else {
  const people = new Map(JSON.parse(readFileSync(PEOPLE)).map((p) => ['Bearer ' + p.token, p]));
  const preset = {
    extends: [PostGraphileAmberPreset],
    disablePlugins: ['PgRBACPlugin', 'NodePlugin', 'PgNodeIdAttributesPlugin', 'PgTableNodePlugin'], // the role that looks around may see nothing
    pgServices: [
      makePgService({
        connectionString: DATABASE_URL,
        schemas: ['peer'],
        poolConfig: { max: Number(POOL) },
        pgSettings: (request) => settings(people.get(request.node?.req.headers.authorization ?? request.headers?.authorization)),
      }),
    ],
    grafast: {
      explain: false,
      context: (request) => ({ pgSettings: settings(people.get(request.node?.req.headers.authorization)) }),
    },
    grafserv: { watch: false, graphqlPath: '/graphql', graphiql: false },
  };
  const server = createServer();
  server.on('error', (error) => { throw error; });
  await postgraphile(preset).createServ(grafserv).addTo(server);
  server.listen(Number(port), host);
}

function settings(person) {
  if (!person) throw new Error('nobody');
  return {
    role: person.role, 'app.kind': person.kind, 'app.account': person.account, 'app.user': person.user,
    'app.can': person.can, 'app.now': new Date().toISOString(),
  };
}

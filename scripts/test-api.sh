#!/usr/bin/env bash
# Starts the real server on a database of its own with the demo provider, and lets the clients of others loose on it:
# the 61 audits of GraphQL over HTTP, graphql-ws, graphql-sse, urql, Apollo, and the journeys in Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

data=$(mktemp -d /tmp/klantenpaneel-api.XXXXXX)
chmod 755 "$data"
server= ticker=
psql_() { psql -qAtX -h "$data/postgres/socket" -U panel_owner -d panel "$@"; }
cleanup() {
  if [ -n "$ticker" ]; then kill "$ticker" 2>/dev/null || true; fi
  if [ -n "$server" ]; then kill -TERM "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$data"
}
trap cleanup EXIT

go build -o bin/klantenpaneel .
port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
export DATA_DIR=$data LISTEN=127.0.0.1:$port LOG_LEVEL=warn RATE_LIMIT=0
env -u DATABASE_URL bin/klantenpaneel serve >"$data/out" 2>"$data/log" &
server=$!
for _ in $(seq 1 180); do
  env -u DATABASE_URL bin/klantenpaneel health 2>/dev/null && break
  kill -0 "$server" 2>/dev/null || { cat "$data/log" >&2; exit 1; }
  sleep 1
done
env -u DATABASE_URL bin/klantenpaneel health || { cat "$data/log" >&2; exit 1; }

# Something happens every half second, so that the feeds have something to tell.
account=$(psql_ -c "select id from account where id = (select account_id from api_token where kind = 'CUSTOMER' order by created_at limit 1)")
while sleep 0.5; do
  psql_ -c "insert into notification (id, account_id, kind, data, created_at) values (gen_random_uuid(), '$account', 'TICKET_REPLY', '{\"number\": \"1\", \"name\": \"test\"}', now())" >/dev/null || exit 0
done &
ticker=$!

URL=http://127.0.0.1:$port/graphql TOKEN=$(awk '/^kp_/ && /customer/ {print $1; exit}' "$data/out") node test/clients/all.mjs
(cd web && KLANTENPANEEL_URL=http://localhost:$port E2E_CUSTOMER='klant@demo.example demo-Welkom-2026' E2E_PARTNER='partner@demo.example demo-Welkom-2026' \
  E2E_STAFF='support@demo.example demo-Welkom-2026' npm run -s e2e)

#!/usr/bin/env bash
# Looks for the programs that it is given the names of, installs what is missing where it can, and says clearly what it cannot.
#   scripts/need.sh go postgres node chromium
# node and postgres are optional for `make run` in one case each: without node the pages are a stub, and with
# DATABASE_URL no PostgreSQL is needed here.
set -euo pipefail

have() { command -v "$1" >/dev/null 2>&1; }
fail() { printf '\n%s\n' "$*" >&2; exit 1; }

apt_updated=
apt_install() { # package...
  have apt-get || return 1
  local sudo=
  if [ "$(id -u)" != 0 ]; then have sudo && sudo -n true 2>/dev/null || return 1; sudo='sudo -n'; fi
  if [ -z "$apt_updated" ]; then $sudo apt-get update -qq >/dev/null || return 1; apt_updated=yes; fi
  echo "installing $* …" >&2
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

need_go() {
  have go || fail "Go is missing. Install Go $(awk '/^go /{print $2}' go.mod) or newer (go.dev/dl) and put it on the PATH."
}

postgres_found() { have postgres || ls /usr/lib/postgresql/*/bin/postgres /opt/homebrew/opt/postgresql*/bin/postgres /usr/local/opt/postgresql*/bin/postgres >/dev/null 2>&1; }
need_postgres() {
  [ -n "${DATABASE_URL:-}" ] && return
  postgres_found || apt_install postgresql postgresql-contrib || brew install postgresql@16 2>/dev/null ||
    fail "PostgreSQL 15 or newer is missing, and could not be installed here. Install it (Debian: apt-get install postgresql; macOS: brew install postgresql@16), or set DATABASE_URL."
}

node_found() { have node && have npm && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; }
need_node() {
  node_found || { apt_install nodejs npm && node_found; } || brew install node 2>/dev/null ||
    fail "Node.js 20 or newer with npm is missing, and could not be installed here. Install it (nodejs.org)."
}

need_chromium() {
  have chromium || have google-chrome || apt_install chromium || fail "Chromium is missing, and could not be installed here (Debian: apt-get install chromium)."
}

for program in "$@"; do "need_$program"; done

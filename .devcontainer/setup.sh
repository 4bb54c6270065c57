#!/usr/bin/env bash
# Prepares a machine that has nothing: afterwards `deno task dev` and `deno task test` work. Run again, it changes nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
DENO_VERSION=2.9.6

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

if ! command -v npm >/dev/null; then
  as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nodejs npm ca-certificates curl git
fi
if ! deno --version 2>/dev/null | grep -q "^deno $DENO_VERSION "; then
  if [ -w "$(npm prefix --global)/lib" ]; then
    npm install --global --no-fund --no-audit "deno@$DENO_VERSION"
  else
    as_root npm install --global --no-fund --no-audit "deno@$DENO_VERSION"
  fi
fi
# PostgreSQL refuses to run as root; the embedded one then runs as postgres or nobody, one of which has to exist.
if [ "$(id -u)" -eq 0 ] && ! grep -qE '^(postgres|nobody):' /etc/passwd; then
  useradd --system --no-create-home postgres
fi
deno install --frozen
# Pulsar, when its adapter comes, is tested against a real broker from Maven Central: that needs `default-jre-headless`
# and `maven`, which nothing needs before.
deno task doctor

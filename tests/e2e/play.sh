#!/bin/sh
# Plays the pages in a real Chromium: in front of BASE_URL, else of a case started for the occasion.
# `play.sh picture` takes the picture of the READMEs instead, `play.sh mockups` lays each page beside its mock-up in var/maquettes. Without Node, npm or Chromium nothing can be played: code 77.
set -eu
cd "$(dirname "$0")/../.."

not_played() {
    echo "not played: $1; $2" >&2
    exit 77
}

command -v node >/dev/null || not_played node 'apt-get install nodejs'
command -v npm >/dev/null || not_played npm 'apt-get install npm'
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || not_played chromium 'apt-get install chromium'
[ -d tests/e2e/node_modules ] || npm ci --silent --no-audit --no-fund --prefix tests/e2e ||
    not_played 'the packages of tests/e2e' 'npm ci --prefix tests/e2e'

exec .ci/with-case npm run "${1:-test}" --silent --prefix tests/e2e

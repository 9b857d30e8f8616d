#!/bin/sh
# Attaque une API qui tourne avec des requêtes tirées de son document OpenAPI, sans jeton puis avec.
# Usage : schemathesis.sh ADRESSE [JETON]     Variables : SCHEMATHESIS_EXAMPLES (30 par opération), SCHEMATHESIS_SEED (1)
set -eu

address=${1:?adresse de l’API attendue, telle que http://127.0.0.1:8082}
token=${2:-}
examples=${SCHEMATHESIS_EXAMPLES:-30}
seed=${SCHEMATHESIS_SEED:-1}

attack() {
    schemathesis run "$address/openapi.json" --url "$address" --seed "$seed" --max-examples "$examples" \
        --checks all --workers 1 --request-timeout 10 "$@"
}

attack
if [ -n "$token" ]; then
    attack --header "Authorization: Bearer $token"
fi

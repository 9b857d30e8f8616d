#!/bin/sh
# Les deux premières stations, avec curl.
# usage : API=http://127.0.0.1:8081 CLIENT_ID=demo CLIENT_SECRET=… sh exemple.sh
set -eu

token=$(curl --silent --fail "$API/oauth/token" --data grant_type=client_credentials \
  --user "$CLIENT_ID:$CLIENT_SECRET" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl --silent --fail --header "Authorization: Bearer $token" "$API/v1/stations?limit=2&fields=station_id,name"

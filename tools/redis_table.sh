#!/usr/bin/env bash
# Writes src/privilege/data/redis.txt: Redis' commands and their ACL categories, as redis-server itself tells them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
redis-server --port 0 --unixsocket "$folder/s" --save '' --daemonize yes --pidfile "$folder/pid" --dir "$folder" >/dev/null
for _ in {1..50}; do redis-cli -s "$folder/s" ping >/dev/null 2>&1 && break; sleep 0.1; done
{
    echo '# Redis commands and their ACL categories. Written by tools/redis_table.sh from redis-server (BSD-3-Clause).'
    redis-cli -s "$folder/s" --json COMMAND | python3 -c '
import json, sys
for command in sorted(json.load(sys.stdin)):
    print(command[0], *sorted(name.lstrip("@") for name in command[6]))'
} >"$1"
kill "$(cat "$folder/pid")"

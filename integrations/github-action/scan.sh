#!/usr/bin/env bash
# The step of action.yml: scans, hands on the report's path, and ends as the scan did. Anything unforeseen is red.
set -euo pipefail
stanch=${STANCH:-$(dirname "${BASH_SOURCE[0]}")/../../build/release/stanch}
arguments=(--sarif "$STANCH_SARIF")
[[ -z ${STANCH_RANGE:-} ]] || arguments+=(--range "$STANCH_RANGE")

code=0
"$stanch" ci "${arguments[@]}" || code=$?
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
[[ ! -f $STANCH_SARIF ]] || echo "sarif=$STANCH_SARIF" >>"$GITHUB_OUTPUT"
exit "$code"

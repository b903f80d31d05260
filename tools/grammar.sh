#!/usr/bin/env bash
# grammar.sh FOLDER: the C sources of tree-sitter's Python grammar, from pinned packages (tools/grammar.txt).
# ./dev build calls it once; pip checks the digests.
set -euo pipefail
readonly folder=$1 list=${BASH_SOURCE[0]%.sh}.txt
readonly done=$folder/.complete
cmp -s "$list" "$done" && exit 0

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
python3 -m venv "$temporary/venv"
"$temporary/venv/bin/pip" download -q --disable-pip-version-check --require-hashes --no-deps --no-binary :all: \
    -d "$temporary" -r "$list"
mkdir -p "$folder/tree_sitter"
tar -xzf "$temporary"/tree_sitter_python-*.tar.gz -C "$folder" --strip-components=2 --wildcards \
    '*/src/parser.c' '*/src/scanner.c'
tar -xzf "$temporary"/tree_sitter_python-*.tar.gz -C "$folder" --strip-components=1 --wildcards '*/LICENSE'
tar -xzf "$temporary"/tree-sitter-0*.tar.gz -C "$folder/tree_sitter" --strip-components=5 --wildcards \
    '*/lib/src/alloc.h' '*/lib/src/array.h' '*/lib/src/parser.h' '*/lib/src/ts_assert.h'
cp "$list" "$done"

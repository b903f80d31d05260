#!/usr/bin/env python3
"""clang-tidy over the project's own sources, in parallel, and only over those whose text (or whose headers' text) has
changed since they were last found clean. What was found clean is remembered by its content in the user's cache, so that
a fresh clone of the same text costs nothing.

    tools/tidy.py [FILE…]
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
BUILD = TOP / "build" / "tidy"
PROGRAM = TOP / "build" / "lint" / "bin" / "clang-tidy"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def closure(file, seen):
    """the project's own files that this one reads"""
    if file in seen or not file.exists():
        return
    seen.add(file)
    for name in INCLUDE.findall(file.read_text(errors="replace")):
        for root in (TOP / "src", TOP / "tests", TOP / "fuzz", TOP / "tools", file.parent):
            closure(root / name, seen)


def key(entry):
    files = set()
    closure(pathlib.Path(entry["file"]), files)
    command = entry["command"].replace(str(TOP), "")
    digest = hashlib.sha256((TOP / ".clang-tidy").read_bytes() + (TOP / "tools/lint-requirements.txt").read_bytes()
                            + command.encode())
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def check(entry):
    done = subprocess.run([str(PROGRAM), "--quiet", "-p", str(BUILD), entry["file"]], capture_output=True, text=True)
    return done.returncode, done.stdout


def main():
    entries = {e["file"]: e for e in json.loads((BUILD / "compile_commands.json").read_text())}
    wanted = {str(pathlib.Path(a).resolve()) for a in sys.argv[1:]} or {
        f for f in entries if not f.startswith(str(BUILD)) and "/third_party/" not in f}
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    clean = cache / "stanch-tidy"
    clean.mkdir(parents=True, exist_ok=True)
    todo = []
    for file in sorted(wanted & entries.keys()):
        stamp = clean / key(entries[file])
        if not stamp.exists():
            todo.append((file, stamp))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (file, stamp), (code, text) in zip(todo, pool.map(lambda t: check(entries[t[0]]), todo)):
            if code == 0:
                stamp.touch()
            else:
                failed += 1
                print(text, flush=True)
    print(f"clang-tidy: {len(todo)} files looked at, {failed} with complaints", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

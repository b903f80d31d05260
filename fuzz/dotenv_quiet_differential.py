#!/usr/bin/env python3
"""No diagnostic of a verb that reads .env files shows four characters of a value.

    ./dev fuzz dotenv-quiet-differential [SECONDS]
    fuzz/dotenv_quiet_differential.py SECONDS [--count N] [--seed N]

The files are those of dotenv_differential.py, their words random. Each goes through lint (all targets), parse (one
dialect in turn), check, set, get and run; at least 20,000 files, and more as long as SECONDS last. A piece counts where
some program reads it in a value, or where a line is an error: what a program drops was meant as something, too.
"""
import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import dotenv_differential as differential

LETTERS = {"python": "p", "node": "n", "compose": "c", "docker": "d", "uv": "u", "posix": "s"}
AT_ONCE = 100  # files for one lint


class Quiet:
    def __init__(self, seed):
        self.random, self.made, self.ours = random.Random(seed), differential.Made(seed), differential.Ours()
        self.words = ["".join(self.random.choices("bcdfghjkmnpqrtvwxz2345679", k=9)) for _ in range(40)]
        differential.WORDS[:] = self.words
        self.stanch = os.environ.get("STANCH") or str(differential.BUILD / "release/stanch")
        self.folder = tempfile.TemporaryDirectory()
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": self.folder.name, **{k: os.environ[k] for k in
                            ("ASAN_OPTIONS", "UBSAN_OPTIONS") if k in os.environ}}
        self.count = 0

    def pieces(self, data):
        """the four-character pieces of the words that are part of a value somewhere, and of no name that all read"""
        secret, names = "", None
        for letter in LETTERS.values():
            entries = self.ours.parse(letter, data)[0]
            keys = {entry["key"] for entry in entries if entry["key"]}
            names = keys if names is None else names & keys
            for entry in entries:
                secret += "\0" + (entry["original"] if entry["error"] else entry["value"] or "")
        named = "\0".join(names)
        pieces = {word[i:i + 4] for word in self.words for i in range(len(word) - 3)}
        return {piece for piece in pieces if piece in secret and piece not in named}

    def say(self, *words):
        done = subprocess.run([self.stanch, "env", *words] if words[0] != "run" else [self.stanch, *words],
                              cwd=self.folder.name, env=self.environment, capture_output=True, stdin=subprocess.DEVNULL)
        assert done.returncode in (0, 1, 2, 3), (words, done.returncode, done.stderr)
        # What `get` prints is the value that it was asked for.
        return done.stderr if words[0] == "get" else done.stdout + done.stderr

    def batch(self):
        """(call, pieces shown, file) of each diagnostic that shows something"""
        inputs = [self.made.file() for _ in range(AT_ONCE)]
        paths, shown = [], []
        for i, data in enumerate(inputs):
            paths.append(pathlib.Path(self.folder.name, f"input{i}"))
            paths[-1].write_bytes(data)
        pieces = [self.pieces(data) for data in inputs]
        lint = self.say("lint", *map(str, paths)).decode("utf-8", "replace").splitlines()
        for path, data, piece in zip(paths, inputs, pieces):
            own = "\n".join(line[len(str(path)):] for line in lint if line.startswith(f"{path}:"))
            shown += self.found(["lint", str(path)], piece, data, own)
        for i, (path, data) in enumerate(zip(paths, inputs)):
            dialect = list(LETTERS)[(self.count + i) % len(LETTERS)]
            for call in (["parse", "-d", dialect, str(path)], ["check", "--file", str(path)],
                         ["get", "-d", dialect, "--file", str(path), "A"],
                         ["run", "-d", dialect, "--file", str(path), "--", "true"], ["set", "--file", str(path), "NEW", "1"]):
                shown += self.shown(call, pieces[i], data)
        self.count += AT_ONCE
        return shown

    def shown(self, call, pieces, data):
        return self.found(call, pieces, data, self.say(*call).decode("utf-8", "replace"))

    @staticmethod
    def found(call, pieces, data, said):
        found = [piece for piece in pieces if piece in said]
        return [(call, found, data, said)] if found else []


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("seconds", type=float, nargs="?", default=60)
    arguments.add_argument("--count", type=int, default=20000)
    arguments.add_argument("--seed", type=int, default=int(time.time()))
    given = arguments.parse_args()
    quiet, start, shown = Quiet(given.seed), time.monotonic(), []
    while quiet.count < given.count or time.monotonic() - start < given.seconds:
        for one in quiet.batch():
            shown.append(one)
            print(*one, sep="\n  ", flush=True)
        if len(shown) > 20:
            break
    print(f"{quiet.count} files, {len(shown)} diagnostics that show a piece of a value (seed {given.seed})")
    return 1 if shown else 0


if __name__ == "__main__":
    sys.exit(main())

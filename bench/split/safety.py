#!/usr/bin/env python3
"""Splits real commits at random and holds stanch to its promises: the last tree, the parts in between, undo.

  bench/split/safety.py --stanch build/release/stanch --n 500 [--seed 1] REPOSITORY…

Each repository is cloned (objects shared), N of its commits are picked at random, and each is split as a commit and as
a staged change, by turns, with a random plan (tests/support/random_plan.py). Prints a row of a table a repository.
"""
import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

EDITOR = pathlib.Path(__file__).resolve().parent.parent.parent / "tests/support/random_plan.py"


class Clone:
    def __init__(self, repository, folder):
        self.path = pathlib.Path(folder) / "clone"
        self.env = {**{k: v for k, v in os.environ.items() if not k.startswith("GIT_")}, "GIT_CONFIG_NOSYSTEM": "1",
                    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_EDITOR": f"{sys.executable} {EDITOR}",
                    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "C",
                    "GIT_COMMITTER_EMAIL": "c@example.com"}
        subprocess.run(["git", "clone", "-q", "--shared", "--no-checkout", repository, self.path], check=True)
        self.git("checkout", "-q", "--orphan", "split-here")

    def git(self, *words, check=True):
        done = subprocess.run(["git", *words], cwd=self.path, env=self.env, capture_output=True, check=check)
        return done.stdout.decode("utf-8", "replace").strip()

    def changes(self, commit):
        """False for an empty commit: there is nothing to split"""
        return self.git("rev-parse", f"{commit}^{{tree}}") != self.git("rev-parse", f"{commit}^^{{tree}}")

    def state(self):
        return (self.git("for-each-ref"), self.git("rev-parse", "HEAD"), (self.path / ".git/index").read_bytes())

    def stanch(self, program, seed, *words):
        return subprocess.run([program, "split", *words], cwd=self.path, capture_output=True, check=False,
                              env={**self.env, "STANCH_SEED": str(seed)}, stdin=subprocess.DEVNULL)


def one(clone, program, commit, seed):
    """'' where all held, else what did not; 'secret' where a part was refused for a secret of the history's own"""
    staged = seed % 2 == 0
    head = clone.git("rev-parse", f"{commit}^") if staged else commit
    clone.git("update-ref", "refs/heads/split-here", head)
    clone.git("read-tree", commit)
    tree, begin = clone.git("rev-parse", f"{commit}^{{tree}}"), clone.state()
    words = ["--staged"] if staged else ["--commit", "HEAD"]
    done = clone.stanch(program, seed, *words, "--edit", "--no-verify")
    text = done.stderr.decode("utf-8", "replace")
    if done.returncode == 1 and "bring in a secret" in text:
        return "secret" if clone.state() == begin else "changed something, then refused"
    if done.returncode:
        return f"exit {done.returncode}: {text.strip()[:200]}"
    if clone.git("rev-parse", "HEAD^{tree}") != tree:
        return "the last tree differs"
    parts = clone.git("rev-list", "--reverse", f"{commit}^..HEAD").split()
    at = tree
    clone.git("read-tree", f"{commit}^")
    for part in parts:  # each part's own patch applies to what came before
        patch = subprocess.run(["git", "diff-tree", "-p", "--binary", "--full-index", f"{part}^", part], cwd=clone.path,
                               env=clone.env, capture_output=True, check=True).stdout
        applied = subprocess.run(["git", "apply", "--cached", "--unidiff-zero", "--whitespace=nowarn", "-"], input=patch,
                                 cwd=clone.path, env=clone.env, capture_output=True, check=False)
        if applied.returncode:
            return f"part {part[:9]} does not apply: {applied.stderr.decode()[:200]}"
    if clone.git("write-tree") != at:
        return "the parts' patches don't sum up"
    (clone.path / ".git/index").write_bytes(begin[2])
    undone = clone.stanch(program, seed, "--undo")
    if undone.returncode:
        return f"undo: {undone.stderr.decode()[:200]}"
    return "" if clone.state() == begin else "undo left a difference"


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--stanch", default="build/release/stanch")
    ap.add_argument("--n", type=int, default=500)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("repositories", nargs="+")
    a = ap.parse_args()
    program, bad = str(pathlib.Path(a.stanch).resolve()), 0
    print("| repository | commits | held | refused for a secret | failed | seconds |\n|---|---|---|---|---|---|", flush=True)
    for repository in a.repositories:
        with tempfile.TemporaryDirectory() as folder:
            clone, begun = Clone(repository, folder), time.time()
            commits = [line.split()[0] for line in clone.git("rev-list", "--no-merges", "--parents", "origin/HEAD").split("\n")
                       if len(line.split()) == 2]
            random.Random(a.seed).shuffle(commits)
            commits = [commit for commit in commits[:a.n + a.n // 10] if clone.changes(commit)]
            held, secret, failed = 0, 0, []
            for seed, commit in enumerate(commits[:a.n]):
                why = one(clone, program, commit, seed)
                held, secret = held + (not why), secret + (why == "secret")
                if why and why != "secret":
                    failed.append((commit, why))
            name = pathlib.Path(repository.rstrip("/").removesuffix("/repo")).name.replace("+", "/")
            print(f"| {name} | {min(a.n, len(commits))} | {held} | {secret} | {len(failed)} | {time.time() - begun:.0f} |", flush=True)
            for commit, why in failed:
                print(f"  {commit}: {why}", file=sys.stderr)
            bad += len(failed)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

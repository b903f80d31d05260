#!/usr/bin/env python3
"""Runs `stanch split --plan` on tangles and scores what it says: the whole program, not the model alone.

  tools/untangle/judge.py --stanch build/release/stanch [--n 100] [--parts] TANGLES.json…

TANGLES are what `untangle.py compose` wrote. Each is laid into a clone as a staged change. Prints a row a file: hunks in
place under the best matching (acc), adjusted Rand index, the share left whole, and the seconds a plan took. With --parts
each split is made too, and of every new commit is said whether its Python files parse and its imports from files of the
change resolve, where they did at both ends.
"""
import argparse
import ast
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import score

ENVIRONMENT = {**{k: v for k, v in os.environ.items() if not k.startswith("GIT_")}, "GIT_CONFIG_NOSYSTEM": "1",
               "GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
               "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.com"}


class Clone:
    def __init__(self, repository, folder):
        self.path = pathlib.Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", "--shared", "--no-checkout", repository, self.path], check=True)
        self.git("checkout", "-q", "--orphan", "split-here")

    def git(self, *words, check=True):
        done = subprocess.run(["git", *words], cwd=self.path, env=ENVIRONMENT, capture_output=True, check=check)
        return done.stdout.decode("utf-8", "replace")

    def lay(self, tangle):
        self.git("update-ref", "refs/heads/split-here", tangle["base"])
        self.git("read-tree", tangle["head"])

    def stanch(self, program, *words):
        done = subprocess.run([program, "split", "--staged", *words], cwd=self.path, env=ENVIRONMENT,
                              capture_output=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise RuntimeError(done.stderr.decode("utf-8", "replace").strip())
        return done.stdout


def partition(plan):
    return {f"{h['path']}@-{h['old_start']},{h['old_lines']}+{h['new_start']},{h['new_lines']}": number
            for number, part in enumerate(plan["parts"]) for h in part["hunks"]}


class State:
    """The Python files of a change as one commit has them."""

    def __init__(self, clone, commit, paths):
        self.trees = {}
        for path in paths:
            text = clone.git("show", f"{commit}:{path}", check=False)
            if text or clone.git("ls-tree", commit, "--", path):
                self.trees[path] = self.parse(text)

    @staticmethod
    def parse(text):
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError):
            return None

    def names(self, path):
        out = set()
        for node in ast.walk(self.trees[path]):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                out.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                out.add(node.id)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                out |= {(a.asname or a.name).split(".")[0] for a in node.names}
        return out

    def unresolved(self):
        """(file, module, name) of imports from files of the change that find nothing there"""
        out = set()
        for path, tree in self.trees.items():
            for node in ast.walk(tree) if tree else ():
                if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                    tail = node.module.replace(".", "/") + ".py"
                    for other in self.trees:
                        if (other == tail or other.endswith("/" + tail)) and self.trees[other]:
                            names = self.names(other)
                            if "*" in names or "__getattr__" in names:
                                continue
                            out |= {(path, node.module, a.name) for a in node.names
                                    if a.name != "*" and a.name not in names}
        return out


def unsound_parts(clone, tangle, tip):
    paths = sorted({h["file"] for h in tangle["hunks"] if h["file"].endswith(".py")})
    commits = clone.git("rev-list", "--reverse", f"{tangle['base']}..{tip}").split()
    ends = [State(clone, c, paths) for c in (tangle["base"], commits[-1])]
    bad = 0
    for commit in commits[:-1]:
        state = State(clone, commit, paths)
        broken = [p for p, tree in state.trees.items() if tree is None and all(e.trees.get(p, 1) is not None for e in ends)]
        lost = state.unresolved() - ends[0].unresolved() - ends[1].unresolved()
        if broken or lost:
            bad += 1
            print(f"  {tangle['id']} {commit[:9]}: {broken or sorted(lost)}", file=sys.stderr)
    return len(commits), bad


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--stanch", default="build/release/stanch")
    ap.add_argument("--n", type=int, default=10**9)
    ap.add_argument("--parts", action="store_true")
    ap.add_argument("tangles", nargs="+", type=pathlib.Path)
    a = ap.parse_args()
    program = str(pathlib.Path(a.stanch).resolve())
    print("| tangles | n | acc | ARI | whole | seconds |" + (" parts | unsound |" if a.parts else ""))
    for path in a.tangles:
        doc = json.loads(path.read_text())
        scores, seconds, parts, bad = [], [], 0, 0
        with tempfile.TemporaryDirectory() as folder:
            clone = Clone(doc["repo"], folder)
            for tangle in doc["tangles"][:a.n]:
                clone.lay(tangle)
                begun = time.time()
                plan = json.loads(clone.stanch(program, "--plan", "--format", "json"))
                seconds.append(time.time() - begun)
                scores.append(score.one(tangle, partition(plan), False))
                if a.parts and len(plan["parts"]) > 1:
                    clone.stanch(program, "--apply", "--yes", "--no-verify")
                    made, unsound = unsound_parts(clone, tangle, "HEAD")
                    parts, bad = parts + made, bad + unsound
        mean = lambda key: statistics.mean(s[key] for s in scores)
        print("| %s | %d | %.3f | %.3f | %.3f | %.2f |" % (
            path.stem, len(scores), mean("acc"), mean("ari"), statistics.mean(s["groups"] == 1 for s in scores),
            statistics.median(seconds)) + (f" {parts} | {bad} |" if a.parts else ""), flush=True)


if __name__ == "__main__":
    main()

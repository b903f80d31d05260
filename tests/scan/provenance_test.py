"""Where secrets came from, against walks of git itself over made histories full of merges.

A commit brings a secret in at a path where its tree has it there and no parent's tree has. Of several such commits
stanch names the oldest: parents before children, then by date, then by id; reachable before unreachable ones.
STANCH_PROVENANCE says how many histories are made (default 6).
"""
import heapq
import json
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

from support.scans import token

STANCH = os.environ["STANCH"]
ROUNDS = int(os.environ.get("STANCH_PROVENANCE", "6"))
CLEAN = dict(os.environ, GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL="/dev/null")


def git(folder, *words, data=None):
    done = subprocess.run(["git", "-C", str(folder), *words], env=CLEAN, input=data, capture_output=True, check=True)
    return done.stdout.decode()


def make(folder, seed):
    """Commits with up to three parents, whose trees are any mixture of theirs and of something new."""
    dice = random.Random(seed)
    keys = [token(seed * 1000 + i) for i in range(5)]
    paths = ["a", "b/c", "b/d/e", "f/g", "f/h"]
    stream, trees = [], []
    for number in range(dice.randrange(15, 45)):
        parents = dice.sample(range(number), min(number, dice.choice((0, 1, 1, 1, 1, 2, 2, 3)) if number else 0))
        tree = {}
        for parent in parents:
            for path, content in trees[parent].items():
                if path not in tree or dice.random() < 0.5:
                    tree[path] = content
        for path in dice.sample(paths, dice.randrange(0, 3)):
            some = dice.sample(keys, dice.choice((0, 0, 1, 1, 2)))
            tree[path] = "".join(f"k = '{key}'\n" for key in some) + f"# {dice.randrange(3)}\n"
            if dice.random() < 0.2:
                tree.pop(path)
        trees.append(tree)
        date = 1700000000 + dice.randrange(40) * 100
        stream.append(f"commit refs/made/{number}\nmark :{number + 1}\ncommitter A <a@b> {date} +0000\ndata 1\nx\n")
        if parents:
            stream.append(f"from :{parents[0] + 1}\n")
            stream.extend(f"merge :{parent + 1}\n" for parent in parents[1:])
        stream.append("deleteall\n")
        for path, content in tree.items():
            stream.append(f"M 100644 inline {path}\ndata {len(content)}\n{content}\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "fast-import", "--quiet", "--force", data="".join(stream).encode())
    # Only some stay named; HEAD is any of them.
    names = git(folder, "for-each-ref", "--format=%(refname)", "refs/made").split()
    for name in dice.sample(names, len(names) * 2 // 3):
        git(folder, "update-ref", "-d", name)
    git(folder, "update-ref", "refs/heads/main", git(folder, "rev-parse", dice.choice(
        git(folder, "for-each-ref", "--format=%(refname)").split())).strip())
    if dice.random() < 0.7:
        git(folder, "repack", "-adkfq", *(["--depth=50"] if dice.random() < 0.5 else []))
    return keys


def commits_of(folder):
    """All commits of the store: (parents, seconds)."""
    found = {}
    for line in git(folder, "cat-file", "--batch-all-objects", "--batch-check").splitlines():
        oid, kind, _ = line.split()
        if kind == "commit":
            words = git(folder, "log", "-1", "--format=%P|%ct", oid).strip().split("|")
            found[oid] = (words[0].split(), int(words[1]))
    return found


def ordered(commits):
    waiting = {oid: len(set(parents)) for oid, (parents, _) in commits.items()}
    ready = [(when, oid) for oid, (parents, when) in commits.items() if not parents]
    heapq.heapify(ready)
    while ready:
        _, oid = heapq.heappop(ready)
        yield oid
        for child, (parents, when) in commits.items():
            if oid in parents:
                waiting[child] -= 1
                if waiting[child] == 0:
                    heapq.heappush(ready, (when, child))


def held(folder, commit, keys, contents):
    """(key, path) of a commit's tree."""
    found = set()
    for line in git(folder, "ls-tree", "-r", commit).splitlines():
        meta, path = line.split("\t")
        blob = meta.split()[2]
        if blob not in contents:
            contents[blob] = git(folder, "cat-file", "blob", blob)
        found.update((key, path) for key in keys if key in contents[blob])
    return found


def expected(folder, keys):
    commits = commits_of(folder)
    contents = {}
    has = {oid: held(folder, oid, keys, contents) for oid in commits}
    reachable = set(git(folder, "rev-list", "--all").split())
    head = has[git(folder, "rev-parse", "HEAD").strip()]
    origins = {}
    for oid in ordered(commits):
        before = set().union(*(has[parent] for parent in commits[oid][0]))
        for event in has[oid] - before:
            if event not in origins or (oid in reachable and origins[event] not in reachable):
                origins[event] = oid
    return {(key, path, oid, (key, path) in head) for (key, path), oid in origins.items()}


class Provenance(unittest.TestCase):
    def test_made_histories(self):
        origins = 0
        for seed in range(ROUNDS):
            with self.subTest(seed=seed), tempfile.TemporaryDirectory(prefix="stanch-origins-") as folder:
                keys = make(folder, seed)
                done = subprocess.run([STANCH, "scan", "--history", "--no-cache", "--reveal", "--format", "jsonl",
                                       str(pathlib.Path(folder))], capture_output=True, env=CLEAN)
                found = [json.loads(line) for line in done.stdout.splitlines()]
                said = {(one["secret"], one["path"], one["commit"], one["in_head"])
                        for one in found if "secret" in one and one["commit"]}
                self.assertEqual(said, expected(folder, keys), done.stderr.decode())
                origins += len(said)
        self.assertGreater(origins, ROUNDS)


if __name__ == "__main__":
    unittest.main()

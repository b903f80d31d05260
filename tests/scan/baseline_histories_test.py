"""Baselines through histories as teams make them: moves, renames, edits, squashes, rebases, merges of two baselines.

Of every leak that was put into the baseline, none comes back; of those that were not, none is lost; and no baseline
ever conflicts. STANCH_BASELINES says how many histories are made (default 3).
"""
import json
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

from support.scans import token

STANCH = os.environ["STANCH"]
ROUNDS = int(os.environ.get("STANCH_BASELINES", "3"))
BASELINE = ".stanch-baseline"


class Team:
    def __init__(self, folder, seed):
        self.path = pathlib.Path(folder)
        self.dice = random.Random(seed)
        self.seed, self.made = seed, 0
        self.environment = dict(
            os.environ, GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL="/dev/null", GIT_AUTHOR_NAME="A",
            GIT_AUTHOR_EMAIL="a@b", GIT_COMMITTER_NAME="A", GIT_COMMITTER_EMAIL="a@b", GIT_EDITOR="true",
            XDG_CACHE_HOME=str(self.path / ".git/cache"))
        self.git("init", "-q", "-b", "main")
        (self.path / ".git/info/attributes").write_text(f"{BASELINE} merge=stanch\n")
        self.git("config", "merge.stanch.driver", f"'{STANCH}' baseline merge %O %A %B")
        self.keys = set()
        self.write("src/a.py", self.filler())
        self.commit()

    def git(self, *words, check=True):
        done = subprocess.run(["git", *words], cwd=self.path, env=self.environment, capture_output=True, text=True)
        if check and done.returncode:
            raise AssertionError(f"git {words}: {done.stdout}{done.stderr}")
        return done

    def stanch(self, *words):
        return subprocess.run([STANCH, "scan", "--format", "jsonl", "--reveal", *words], cwd=self.path,
                              env=self.environment, capture_output=True, text=True)

    def filler(self):
        return "".join(f"line {self.dice.randrange(10 ** 9)}\n" for _ in range(self.dice.randrange(2, 9)))

    def write(self, name, text):
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", f"change {self.dice.randrange(10 ** 9)}")

    def files(self):
        return [name for name in self.git("ls-files", "src").stdout.split("\n") if name]

    def leak(self):
        """A new file with a key that nobody has seen."""
        self.made += 1
        key = token(f"{self.seed}-{self.made}")
        self.keys.add(key)
        name = f"src/{self.dice.choice('xyz')}/leak{self.made}.py"
        self.write(name, self.filler() + f"key = '{key}'\n" + self.filler())
        self.commit()

    def accept(self):
        """What is found now is looked at and kept: all keys that the files hold."""
        done = self.stanch("--write-baseline", BASELINE, ".")
        if done.returncode not in (0, 1):
            raise AssertionError(done.stderr)
        self.commit()
        text = "".join((self.path / name).read_text() for name in self.files())
        return {key for key in self.keys if key in text}

    def move(self):
        name = self.dice.choice(self.files())
        into = f"src/moved{self.dice.randrange(10 ** 6)}/{pathlib.Path(name).name}"
        (self.path / into).parent.mkdir(parents=True, exist_ok=True)
        self.git("mv", name, into)
        self.commit()

    def edit(self):
        """Lines before and behind; the leak's own line stays."""
        name = self.dice.choice(self.files())
        self.write(name, self.filler() + (self.path / name).read_text() + self.filler())
        self.commit()

    def work(self, accepted):
        """One person's branch; `accepted` receives the keys that its baseline has."""
        for _ in range(self.dice.randrange(2, 6)):
            what = self.dice.choice(("leak", "leak", "move", "edit", "accept"))
            if what == "leak":
                self.leak()
            elif what == "accept":
                accepted.update(self.accept())
            elif what == "move":
                self.move()
            else:
                self.edit()
        if self.dice.random() < 0.7:
            accepted.update(self.accept())


class Histories(unittest.TestCase):
    def settle(self, team, merged):
        """A merge or rebase may stop at the team's own files; at the baseline it must not."""
        for _ in range(20):
            if merged.returncode == 0:
                return
            unmerged = team.git("diff", "--name-only", "--diff-filter=U").stdout.split()
            self.assertNotIn(BASELINE, unmerged, merged.stdout + merged.stderr)
            self.assertTrue(unmerged, merged.stdout + merged.stderr)
            for name in unmerged:
                ours = team.git("show", f":2:{name}", check=False)
                theirs = team.git("show", f":3:{name}", check=False)
                team.write(name, ours.stdout + theirs.stdout)
            team.git("add", "-A")
            rebasing = any((team.path / ".git" / part).exists() for part in ("rebase-merge", "rebase-apply"))
            merged = team.git(*(("rebase", "--continue") if rebasing else ("commit", "-qm", "settled")), check=False)
        self.fail("no end of conflicts")

    def join(self, team, how):
        if how == "merge":
            self.settle(team, team.git("merge", "-q", "--no-ff", "-m", "joined", "theirs", check=False))
        elif how == "squash":
            self.settle_squash(team)
        else:
            team.git("checkout", "-q", "theirs")
            self.settle(team, team.git("rebase", "-q", "main", check=False))
            team.git("checkout", "-q", "main")
            team.git("merge", "-q", "--ff-only", "theirs")

    def settle_squash(self, team):
        merged = team.git("merge", "-q", "--squash", "theirs", check=False)
        if merged.returncode:
            return self.settle(team, merged)
        return team.commit()

    def check(self, team, accepted, *words):
        done = team.stanch(*words)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        found = {json.loads(line)["secret"] for line in done.stdout.splitlines()}
        self.assertEqual(found & accepted, set(), "came back")
        self.assertEqual(team.keys - accepted - found, set(), "lost")

    def test_made_histories(self):
        for seed in range(ROUNDS):
            with self.subTest(seed=seed), tempfile.TemporaryDirectory(prefix="stanch-baseline-") as folder:
                team = Team(folder, seed)
                accepted = set()
                team.work(accepted)
                for _ in range(team.dice.randrange(1, 4)):
                    team.git("checkout", "-q", "-b", "theirs")
                    theirs = set(accepted)
                    team.work(theirs)
                    team.git("checkout", "-q", "main")
                    team.work(accepted)
                    accepted |= theirs
                    self.join(team, team.dice.choice(("merge", "squash", "rebase")))
                    team.git("branch", "-q", "-D", "theirs")
                    self.check(team, accepted, ".")
                    self.check(team, accepted, "--history", ".")


if __name__ == "__main__":
    unittest.main()

"""A repository that `stanch split` and its kin are tried on."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

STANCH = os.environ["STANCH"]
EDITOR = pathlib.Path(__file__).resolve().parent / "random_plan.py"
ENVIRONMENT = {**{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
               "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull,
               "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
               "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.com",
               "GIT_EDITOR": f"{sys.executable} {EDITOR}"}


class Repository:
    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="stanch-split-"))
        self.git("init", "-q", "-b", "main")
        self.git("config", "core.autocrlf", "false")

    def close(self):
        shutil.rmtree(self.path, ignore_errors=True)

    def git(self, *words, check=True, **more):
        done = subprocess.run(["git", *words], cwd=self.path, env=ENVIRONMENT, capture_output=True, check=False, **more)
        if check and done.returncode:
            raise AssertionError(f"git {words}: {done.stderr.decode()}")
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def stanch(self, *words, seed=0, code=0, **more):
        done = subprocess.run([STANCH, *words], cwd=self.path, env={**ENVIRONMENT, "STANCH_SEED": str(seed), **more},
                              capture_output=True, check=False, stdin=subprocess.DEVNULL)
        if code is not None and done.returncode != code:
            raise AssertionError(f"{words}: {done.returncode}: {done.stdout.decode()}{done.stderr.decode()}")
        return done

    def write(self, path, data, mode=None):
        target = self.path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data if isinstance(data, bytes) else data.encode())
        if mode:
            target.chmod(mode)

    def commit(self, subject):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)

    def state(self):
        files = {}
        for path in sorted(self.path.rglob("*")):
            if ".git" in path.relative_to(self.path).parts[:1] or (path.is_dir() and not path.is_symlink()):
                continue
            name = str(path.relative_to(self.path))
            files[name] = os.readlink(path) if path.is_symlink() else (path.read_bytes(), path.stat().st_mode)
        return {"refs": self.git("for-each-ref"), "head": (self.path / ".git/HEAD").read_bytes(),
                "index": (self.path / ".git/index").read_bytes(), "files": files}

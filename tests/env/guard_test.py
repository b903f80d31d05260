"""`stanch env guard` on 40 repositories with one fault each, and on 20 clean ones."""
import json
import os
import pathlib
import subprocess
import tarfile
import tempfile
import unittest
import zipfile

STANCH = os.environ["STANCH"]
SECRET = "API_KEY=" + "".join("Zk38sQpLm2Vx9wRtYb71"[::-1]) + "\n"


class Repository:
    """A Git repository with a .gitignore and a private .env, as a careful team has it, to be spoiled."""

    def __init__(self, top, ignore=".env*\n!.env.example\n", env=True):
        self.root = pathlib.Path(top, "repository")
        self.root.mkdir()
        self.home = pathlib.Path(top, "home")
        self.home.mkdir()
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "GIT_CONFIG_NOSYSTEM": "1",
                            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
                            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        self.git("init", "-q", "-b", "main")
        self.write("app.py", "print('hello')\n")
        if ignore is not None:
            self.write(".gitignore", ignore)
        self.git("add", "-A")
        self.git("commit", "-qm", "Begin")
        if env:
            self.secret(".env")

    def git(self, *words):
        subprocess.run(["git", "-C", str(self.root), *words], env=self.environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def write(self, path, text, mode=0o644):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def secret(self, path, mode=0o600):
        self.write(path, SECRET, mode)

    def commit(self, *paths):
        self.git("add", "-f", *paths)
        self.git("commit", "-qm", "More")

    def guard(self, *flags):
        done = subprocess.run([STANCH, "env", "guard", "--json", *flags, str(self.root)], env=self.environment,
                              capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout or "[]"), done.stderr


# Each takes a careful repository and puts one fault in; the rules that must be named, and no others.
def nested_negation(r):
    r.secret("service/.env")
    r.write("service/.gitignore", "!.env\n")


def later_negation(r):
    r.write(".gitignore", ".env*\n!.env\n")


def only_exact_name(r):
    r.write(".gitignore", ".env\n")
    r.secret(".env.local")


def anchored(r):
    r.write(".gitignore", "/.env*\n")
    r.secret("service/.env")


def directory_pattern(r):
    r.write(".gitignore", ".env/\n")


def commented(r):
    r.write(".gitignore", "#.env\n")


def trailing_space(r):
    r.write(".gitignore", ".env\\ \n")


def no_ignore_file(r):
    (r.root / ".gitignore").unlink()


def other_folder(r):
    r.write(".gitignore", "config/.env\n")


def escaped_star(r):
    r.write(".gitignore", "\\.env\\*\n")


def global_excludes(r):
    r.write(".gitignore", "*.log\n")
    (r.home / "ignore").write_text(".env*\n")
    r.git("config", "--global", "core.excludesFile", str(r.home / "ignore"))


def default_excludes(r):
    r.write(".gitignore", "*.log\n")
    (r.home / ".config/git").mkdir(parents=True)
    (r.home / ".config/git/ignore").write_text(".env\n")


def info_exclude(r):
    r.write(".gitignore", "*.log\n")
    (r.root / ".git/info/exclude").write_text(".env*\n")


def expected_from_example(r):
    (r.root / ".env").unlink()
    r.write(".gitignore", "*.log\n")
    r.write(".env.example", "API_KEY=\n")


def upper_case(r):
    (r.root / ".env").unlink()
    r.secret(".ENV")


def mixed_case(r):
    r.secret("service/.Env.Local")


def tracked(r):
    r.git("add", "-f", ".env")


def tracked_layer(r):
    r.secret(".env.production")
    r.git("add", "-f", ".env.production")


def tracked_in_folder(r):
    r.secret("deploy/.env")
    r.git("add", "-f", "deploy/.env")


def in_history(r):
    r.commit(".env")
    r.git("rm", "-q", "--cached", ".env")
    r.git("commit", "-qm", "Less")


def in_a_tag(r):
    r.git("checkout", "-qb", "side")
    r.commit(".env")
    r.git("tag", "v1")
    r.git("rm", "-q", "--cached", ".env")
    r.git("checkout", "-q", "main")
    r.git("branch", "-qD", "side")


def in_an_annotated_tag(r):
    r.git("checkout", "-qb", "side")
    r.secret("old/.env.staging")
    r.commit("old/.env.staging")
    r.git("tag", "-am", "one", "v1")
    r.git("checkout", "-q", "main")
    r.git("branch", "-qD", "side")


def in_a_branch(r):
    r.git("checkout", "-qb", "feature")
    r.secret("a/.env")
    r.commit("a/.env")
    r.git("checkout", "-q", "main")


def in_a_stash(r):
    r.secret("b/.env")
    r.git("add", "-f", "b/.env")
    r.git("stash", "-q")


def renamed_in_history(r):
    r.write("settings.txt", SECRET)
    r.commit("settings.txt")
    r.git("mv", "-f", "settings.txt", ".env.old")
    r.git("commit", "-qm", "Rename")
    r.git("rm", "-q", ".env.old")
    r.git("commit", "-qm", "Remove")


def world_readable(r):
    (r.root / ".env").chmod(0o644)


def group_readable(r):
    (r.root / ".env").chmod(0o640)


def executable(r):
    (r.root / ".env").chmod(0o700)


def group_writable(r):
    (r.root / ".env").chmod(0o620)


def other_owner(r):
    os.chown(r.root / ".env", 12345, -1)


def symlink(r):
    outside = r.root.parent / "shared.env"
    outside.write_text(SECRET)
    (r.root / ".env").unlink()
    (r.root / ".env").symlink_to(outside)


def wheel(r):
    (r.root / "dist").mkdir()
    with zipfile.ZipFile(r.root / "dist/app-1.0-py3-none-any.whl", "w") as file:
        file.writestr("app/__init__.py", "")
        file.writestr("app/.env", SECRET)


def sdist(r):
    (r.root / "dist").mkdir()
    with tarfile.open(r.root / "dist/app-1.0.tar.gz", "w:gz") as file:
        file.add(r.root / ".env", "app-1.0/.env")


def manifest(r):
    r.write("MANIFEST.in", "include README.md\nrecursive-include . *\n")


def package_data(r):
    r.secret("app/.env")
    r.write("pyproject.toml", '[tool.setuptools.package-data]\napp = ["*.txt", ".env*"]\n')


def docker_without_ignore(r):
    r.write("Dockerfile", "FROM scratch\nCOPY . /app\n")


def docker_negated(r):
    r.write("Dockerfile", "FROM scratch\nCOPY . /app\n")
    r.write(".dockerignore", "*\n!app.py\n!.env\n")


def docker_top_only(r):
    r.write("Dockerfile", "FROM scratch\nCOPY . /app\n")
    r.write(".dockerignore", ".env*\n")
    r.secret("service/.env")


def compose_context(r):
    r.secret("web/.env")
    r.write("compose.yaml", "services:\n  web:\n    build:\n      context: ./web\n")


def web_root(r):
    r.secret("public/.env")


def real_example(r):
    r.write(".env.example", SECRET)


# The same kinds of fault by other ways.
def wheel_elsewhere(r):
    (r.root / "wheelhouse").mkdir()
    with zipfile.ZipFile(r.root / "wheelhouse/app-1.0-py3-none-any.whl", "w") as file:
        file.writestr("app/.env.production", SECRET)


def sdist_of_another_kind(r):
    (r.root / "dist").mkdir()
    with tarfile.open(r.root / "dist/app-1.0.tar.bz2", "w:bz2") as file:
        file.add(r.root / ".env", "app-1.0/.env")


def hatch_artifacts(r):
    r.write("pyproject.toml", '[tool.hatch.build]\nartifacts = [".env"]\n')


def hatch_force_include(r):
    r.write("pyproject.toml", '[tool.hatch.build.targets.wheel.force-include]\n".env" = "app/.env"\n')


def poetry_table(r):
    r.write("pyproject.toml", '[tool.poetry]\ninclude = [{path = ".env", format = "sdist"}]\n')


def pdm_includes(r):
    r.write("pyproject.toml", '[tool.pdm.build]\nincludes = [".env"]\n')


def uv_source_include(r):
    r.write("pyproject.toml", '[tool.uv.build-backend]\nsource-include = [".env*"]\n')


def setup_py(r):
    r.write("setup.py", "from setuptools import setup\nsetup(name='a', data_files=[('etc', ['.env'])])\n")


def setup_cfg(r):
    r.secret("app/.env.production")
    r.write("setup.cfg", "[options.package_data]\napp = .env.production\n")


def ignored_with_a_hyphen_left_out(r):
    r.write(".gitignore", ".env\n.env.*\n")
    r.secret(".env-production")


def an_editors_copy(r):
    r.write(".gitignore", ".env\n")
    r.secret(".env~")


def caddy(r):
    r.write("Caddyfile", ":80\nroot * .\nfile_server\n")


def example_with_a_password_in_a_url(r):
    r.write(".env.example", "DATABASE_URL=postgres://app:" + SECRET[8:20] + "@db.example.com/app\n")


def example_with_a_hyphen(r):
    r.write(".env-example", SECRET)


MORE = {
    executable: {"mode"}, wheel_elsewhere: {"package"}, sdist_of_another_kind: {"package"}, hatch_artifacts: {"package"},
    hatch_force_include: {"package"}, poetry_table: {"package"}, pdm_includes: {"package"}, uv_source_include: {"package"},
    setup_py: {"package"}, setup_cfg: {"package"}, ignored_with_a_hyphen_left_out: {"not-ignored"},
    an_editors_copy: {"not-ignored"}, caddy: {"web-root"}, example_with_a_password_in_a_url: {"example-value"},
    example_with_a_hyphen: {"example-value"},
}

FAULTS = {
    nested_negation: {"not-ignored"}, later_negation: {"not-ignored"}, only_exact_name: {"not-ignored"},
    anchored: {"not-ignored"}, directory_pattern: {"not-ignored"}, commented: {"not-ignored"},
    trailing_space: {"not-ignored"}, no_ignore_file: {"not-ignored"}, other_folder: {"not-ignored"},
    escaped_star: {"not-ignored"}, global_excludes: {"ignored-locally"}, default_excludes: {"ignored-locally"},
    info_exclude: {"ignored-locally"}, expected_from_example: {"not-ignored"}, upper_case: {"name-case"},
    mixed_case: {"name-case"}, tracked: {"tracked"}, tracked_layer: {"tracked"}, tracked_in_folder: {"tracked"},
    in_history: {"history"}, in_a_tag: {"history"}, in_an_annotated_tag: {"history"}, in_a_branch: {"history"},
    in_a_stash: {"history"}, renamed_in_history: {"history"}, world_readable: {"mode"}, group_readable: {"mode"},
    group_writable: {"mode"}, other_owner: {"owner"}, symlink: {"symlink"}, wheel: {"package"}, sdist: {"package"},
    manifest: {"package"}, package_data: {"package"}, docker_without_ignore: {"docker-context"},
    docker_negated: {"docker-context"}, docker_top_only: {"docker-context"}, compose_context: {"docker-context"},
    web_root: {"web-root"}, real_example: {"example-value"},
}


# Repositories that look alarming and are not.
def as_it_is(r):
    pass


def no_env(r):
    (r.root / ".env").unlink()


def example(r):
    r.write(".env.example", "API_KEY=\nDEBUG=1\nHOST=localhost\n")
    r.commit(".env.example")


def placeholders(r):
    r.write(".env.sample", "API_KEY=changeme\nTOKEN=<your-token>\nURL=postgres://user:password@localhost/db\n")
    r.commit(".env.sample")


def template(r):
    r.write(".env.template", "SECRET_KEY=your-secret-key\nPORT=8000\nTZ=Europe/Berlin\n")
    r.commit(".env.template")


def nested_ignore(r):
    r.write(".gitignore", "*.log\n")
    (r.root / ".env").unlink()
    r.secret("service/.env")
    r.write("service/.gitignore", ".env\n")


def ignored_folder(r):
    r.secret("secrets/.env.production")
    r.write(".gitignore", ".env\nsecrets/\n")


def everything_but(r):
    r.write(".gitignore", "*\n!*.py\n!.gitignore\n")


def negated_example(r):
    r.write(".gitignore", ".env.*\n.env\n!.env.example\n")
    r.write(".env.example", "A=\n")
    r.commit(".env.example")


def docker_all_out(r):
    r.write("Dockerfile", "FROM scratch\nCOPY . /app\n")
    r.write(".dockerignore", "*\n!app.py\n")


def docker_deep(r):
    r.write("Dockerfile", "FROM scratch\nCOPY . /app\n")
    r.write(".dockerignore", "**/.env*\n!**/.env.example\n")
    r.secret("service/.env")


def docker_own_ignore(r):
    r.write("Dockerfile", "FROM scratch\nCOPY . /app\n")
    r.write("Dockerfile.dockerignore", ".env\n")


def docker_elsewhere(r):
    r.write("docker/Dockerfile", "FROM scratch\nCOPY . /app\n")


def clean_wheel(r):
    (r.root / "dist").mkdir()
    r.write(".gitignore", ".env*\ndist/\n")
    with zipfile.ZipFile(r.root / "dist/app-1.0-py3-none-any.whl", "w") as file:
        file.writestr("app/environment.py", "")
        file.writestr("app/.env.example", "A=\n")


def manifest_excludes(r):
    r.write("MANIFEST.in", "graft .\nglobal-exclude .env*\n")


def virtual_environment_named_env(r):
    (r.root / ".env").unlink()
    r.write(".env/pyvenv.cfg", "home = /usr/bin\n")
    r.write(".env/lib/python3.11/site-packages/thing/.env", "A=1\n")


def node_modules(r):
    r.write(".gitignore", ".env*\nnode_modules/\n")
    r.write("node_modules/thing/.env", "A=1\n")


def vite(r):
    r.write("package.json", "{}\n")
    r.write("index.html", "<html></html>\n")


def environment_words(r):
    r.write("env.py", "import os\n")
    r.write(".environment", "A=1\n")
    r.write("docs/env.md", "# .env\n")
    r.commit("env.py", ".environment", "docs/env.md")


def encrypted(r):
    r.write(".env.vault", "DOTENV_VAULT=1\n")
    r.write(".gitignore", ".env*\n!.env.vault\n")
    r.commit(".env.vault")


def podman(r):
    r.write("Containerfile", "FROM scratch\nCOPY . /app\n")
    r.write(".containerignore", ".env*\n")


def setup_that_reads_it(r):
    r.write("setup.py", "from dotenv import load_dotenv\nload_dotenv('.env')\n")


def windows_ignore_file(r):
    (r.root / ".gitignore").write_bytes(b"\xef\xbb\xbf.env*\r\n!.env.example\r\n")


CLEAN = [podman, setup_that_reads_it, windows_ignore_file, as_it_is, no_env, example, placeholders, template, nested_ignore, ignored_folder, everything_but, negated_example,
         docker_all_out, docker_deep, docker_own_ignore, docker_elsewhere, clean_wheel, manifest_excludes,
         virtual_environment_named_env, node_modules, vite, environment_words, encrypted]


class Guard(unittest.TestCase):
    def test_forty_faults_are_each_named_with_a_remedy(self):
        self.assertEqual(len(FAULTS), 40)
        for spoil, rules in (FAULTS | MORE).items():
            if spoil is other_owner and os.geteuid() != 0:
                continue  # only root can give a file away
            with self.subTest(spoil.__name__), tempfile.TemporaryDirectory() as top:
                repository = Repository(top)
                spoil(repository)
                code, faults, errors = repository.guard()
                self.assertEqual({fault["rule"] for fault in faults}, rules, faults)
                self.assertEqual((code, errors), (1, ""))
                self.assertTrue(all(fault["remedy"] for fault in faults))
                self.assertNotIn(SECRET[8:12], json.dumps(faults))

    def test_twenty_clean_repositories_raise_no_alarm(self):
        self.assertGreaterEqual(len(CLEAN), 20)
        for prepare in CLEAN:
            with self.subTest(prepare.__name__), tempfile.TemporaryDirectory() as top:
                repository = Repository(top)
                prepare(repository)
                self.assertEqual(repository.guard(), (0, [], ""))

    def test_fix_mends_what_can_be_mended_and_says_what_must_be_rotated(self):
        for spoil in (nested_negation, later_negation, only_exact_name, no_ignore_file, global_excludes, tracked, world_readable,
                      docker_without_ignore, docker_negated, compose_context, expected_from_example):
            with self.subTest(spoil.__name__), tempfile.TemporaryDirectory() as top:
                repository = Repository(top)
                spoil(repository)
                code, faults, errors = repository.guard("--fix")
                self.assertEqual((code, faults), (0, []), errors)
                self.assertIn("fixed", errors)
                if spoil is tracked:
                    self.assertIn("rotate", errors)
                    self.assertTrue((repository.root / ".env").exists())

    def test_what_was_committed_stays_a_fault(self):
        with tempfile.TemporaryDirectory() as top:
            repository = Repository(top)
            in_history(repository)
            code, faults, _ = repository.guard("--fix")
            self.assertEqual((code, [fault["rotate"] for fault in faults]), (1, [True]))

    def test_what_is_declared_as_shared_is_no_fault(self):
        with tempfile.TemporaryDirectory() as top:
            repository = Repository(top)
            repository.write("config/.env.test", "DEBUG=1\n")
            repository.commit("config/.env.test")
            self.assertEqual(repository.guard()[0], 1)
            repository.write("stanch.toml", '[env]\nshared = ["config/.env.*"]\n')
            self.assertEqual(repository.guard(), (0, [], ""))

    def test_a_folder_that_is_not_there_is_not_clean(self):
        done = subprocess.run([STANCH, "env", "guard", "/nonexistent"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("/nonexistent", done.stderr)

    def test_a_folder_without_git(self):
        with tempfile.TemporaryDirectory() as top:
            pathlib.Path(top, ".env").write_text(SECRET)
            os.chmod(pathlib.Path(top, ".env"), 0o600)
            done = subprocess.run([STANCH, "env", "guard", top], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (0, ""))


if __name__ == "__main__":
    unittest.main()

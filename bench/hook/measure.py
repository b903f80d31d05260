"""Measures the hooks; see run. Times are of a process and all its children: wall and CPU (user + system), medians, and the
least CPU, which a busy machine spoils least."""
import os
import pathlib
import random
import resource
import statistics
import string
import subprocess
import sys
import tempfile
import time

RUNS = 25


def timed(words, before=None, **options):
    walls, cpus = [], []
    for _ in range(RUNS):
        if before:
            before()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
        walls.append(time.perf_counter() - start)
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime)
    return statistics.median(walls) * 1e3, statistics.median(cpus) * 1e3, min(cpus) * 1e3


def row(name, figures):
    print(f"| {name} | {figures[0]:.1f} | {figures[1]:.1f} | {figures[2]:.1f} |")


def git(repo, *words, **options):
    return subprocess.run(["git", "-C", str(repo), *words], check=True, capture_output=True, text=True, **options).stdout


def commits(stanch, source, top):
    repo = top / "repo"
    subprocess.run(["git", "clone", "-q", source, str(repo)], check=True)
    git(repo, "config", "user.name", "A")
    git(repo, "config", "user.email", "a@example.com")
    count = iter(range(10_000))

    def change():
        with open(repo / "stanch-bench.txt", "a") as file:
            file.write(f"line {next(count)}\n")
        git(repo, "add", "stanch-bench.txt")

    commit = ["git", "-C", str(repo), "commit", "-q", "-m", "one line"]
    row("git commit", timed(commit, change))
    for names in (["pre-commit"], []):
        subprocess.run([stanch, "hook", "install", *sum((["--hook", n] for n in names), []), str(repo)], check=True,
                       stdout=subprocess.DEVNULL)
        row("… with " + (names[0] if names else "all five hooks"), timed(commit, change))
    change()
    row("stanch hook run pre-commit", timed([stanch, "hook", "run", "pre-commit"], cwd=repo))
    rng = random.Random(1)
    with open(repo / ".env", "w") as file:
        for i in range(1000):
            size = rng.choice([8, 16, 24, 32, 40, 64, 128, 512, 1024, 2048, 4096])
            file.write(f"SECRET_{i}={''.join(rng.choices(string.ascii_letters + string.digits + '-_', k=size))}\n")
    time.sleep(0.1)  # what changed just now is looked at again
    subprocess.run([stanch, "hook", "run", "pre-commit"], cwd=repo, stderr=subprocess.DEVNULL)
    row("… with 1,000 known values", timed([stanch, "hook", "run", "pre-commit"], cwd=repo))
    (repo / ".env").unlink()
    pushes(stanch, repo)


def pushes(stanch, repo):
    head = git(repo, "rev-parse", "HEAD").strip()
    listed = git(repo, "rev-list", "--first-parent", "-n", "1001", "HEAD").split()
    base = listed[-1]
    lines = f"refs/heads/x {head} refs/heads/x {base}\n"
    pack = f"printf '%s\\n^%s\\n' {head} {base} | git pack-objects --revs --stdout -q --thin --delta-base-offset"
    global RUNS
    RUNS = 5
    row(f"git pack-objects, {len(listed) - 1} first-parent commits", timed(["sh", "-c", pack], cwd=repo))
    check = f"printf '{lines}' | '{stanch}' hook run pre-push somewhere url || true"
    row("stanch hook run pre-push, the same push", timed(["sh", "-c", check], cwd=repo))
    RUNS = 25


def main():
    stanch = str(pathlib.Path(sys.argv[1]).resolve())
    for source in sys.argv[2:]:
        print(f"\n{source}\n\n| what | wall ms | CPU ms | least CPU ms |\n|---|--:|--:|--:|")
        with tempfile.TemporaryDirectory() as top:
            commits(stanch, source, pathlib.Path(top))


if __name__ == "__main__":
    main()

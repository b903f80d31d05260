#!/usr/bin/env python3
"""What `stanch run` costs: the start of a program with a .env of 30 lines beside other ways to do it, and the
throughput of --mask.

    bench/env_run.py [RUNS]

CPU milliseconds (user + system) of the whole process, less those of the bare command; wall time is shown, not judged.
uv, python-dotenv and dotenvx are measured where build/venv and build/node have them.
"""
import os
import pathlib
import random
import resource
import shutil
import string
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
STANCH = os.environ.get("STANCH") or str(SOURCE / "build/release/stanch")
VENV = SOURCE / "build/venv/bin"
NODE = SOURCE / "build/node/node_modules/.bin"


def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(command, runs):
    walls, before = [], cpu()
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        walls.append(time.perf_counter() - start)
    return (cpu() - before) / runs * 1000, min(walls) * 1000


def starts(runs):
    ways = {
        "true (the floor)": ["true"],
        "sh: . ./.env": ["sh", "-c", "set -a; . ./.env; exec true"],
        "stanch run": [STANCH, "run", "--", "true"],
        "stanch run --mask": [STANCH, "run", "--mask", "--", "true"],
        "uv run --env-file": [str(VENV / "uv"), "run", "--no-project", "--offline", "--env-file", ".env", "true"],
        "python-dotenv": [str(VENV / "python"), "-c", "import os, dotenv; dotenv.load_dotenv('.env'); os.execvp('true', ['true'])"],
        "dotenvx": [str(NODE / "dotenvx"), "run", "--", "true"],
    }
    print("| start of `true` with 30 variables | CPU ms | over the floor | wall ms (min) |\n|---|---|---|---|")
    floor = None
    for name, command in ways.items():
        if not shutil.which(command[0]):
            continue
        spent, wall = measure(command, runs if "dotenvx" not in name else max(3, runs // 20))
        floor = spent if floor is None else floor
        print(f"| {name} | {spent:.1f} | {spent - floor:.1f} | {wall:.1f} |", flush=True)


def throughput(secrets, size=1 << 30):
    """1 GiB of text with a secret in every 64 KiB, at places that fall on every offset of a read."""
    text = "".join(random.choices(string.ascii_letters + string.digits + " +/\n", k=1 << 20))
    with open("big", "w") as file:
        for i in range(size >> 20):
            at = random.randrange(1 << 20)
            file.write(text[:at] + secrets[i % len(secrets)] + text[at:])
    for name, command in (("cat", ["cat", "big"]), ("stanch run --mask", [STANCH, "run", "--mask", "--", "cat", "big"])):
        before, start = cpu(), time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            found, kept = 0, b""
            while data := process.stdout.read(1 << 20):
                found += any(secret.encode() in kept[-80:] + data for secret in secrets)
                kept = data
        wall, spent = time.perf_counter() - start, cpu() - before
        print(f"| {name} | {spent:.2f} | {size / spent / 1e6:.0f} | {wall:.2f} | {found} |", flush=True)


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    random.seed(1)
    with tempfile.TemporaryDirectory(dir=os.environ.get("STANCH_BENCH_FOLDER")) as folder:
        os.chdir(folder)
        secrets = ["".join(random.choices(string.ascii_letters + string.digits, k=24)) for _ in range(30)]
        pathlib.Path(".env").write_text("".join(f"TOKEN_{i}={value}\n" for i, value in enumerate(secrets)))
        starts(runs)
        print("\n| 1 GiB of output, 30 secrets | CPU s | MB a CPU second | wall s | chunks with a secret |\n|---|---|---|---|---|")
        throughput(secrets)


if __name__ == "__main__":
    main()

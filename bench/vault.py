#!/usr/bin/env python3
"""The vault's calls as whole processes, against the tests' server, beside Bitwarden's own client where it is installed.

    bench/vault.py [ITEMS…]        default: 200 and 10,000 items

Prints wall and CPU time (median and minimum) and the largest resident size of each call. Needs build/release/stanch and
build/venv (./dev test makes both).
"""
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "tests"), str(TOP / "tests/vault")]
os.environ.setdefault("STANCH", str(TOP / "build/release/stanch"))

from harness import STANCH, Home  # noqa: E402
from support.bitwarden_account import PBKDF2, Account  # noqa: E402
from support.bitwarden.server import Server  # noqa: E402


def measure(name, call, runs=30, before=None):
    wall, cpu = [], []
    for _ in range(runs):
        if before:
            before()
        used, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        call()
        wall.append((time.perf_counter() - start) * 1e3)
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append((now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime) * 1e3)
    print(f"| {name} | {min(wall):.1f} | {statistics.median(wall):.1f} | {min(cpu):.1f} | {statistics.median(cpu):.1f} |")


def resident(home, *words):
    code = "import os,resource,subprocess,sys\nsubprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL)\n" \
           "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", code, STANCH, *words], cwd=home.work, env=home.env, capture_output=True, text=True)
    return int(done.stdout) / 1024


def with_password(home, *words):
    reader, writer = os.pipe()
    os.write(writer, home.account.password.encode())
    os.close(writer)
    subprocess.run([STANCH, *words, "--password-fd", str(reader)], cwd=home.work, env=home.env, pass_fds=[reader],
                   stdout=subprocess.DEVNULL, check=True)
    os.close(reader)


def bench(items):
    with Server() as server:
        account = Account(server, "bench@example.com", "correct horse", PBKDF2)
        home = Home(server.url, account)
        for i in range(items):
            account.add_item(f"item {i}", item_key=i % 2 == 0, notes="n" * 50, login={
                "username": f"user {i}", "password": f"password {i}", "uris": ["https://example.com"]})
        home.login()

        def stanch(*words):
            subprocess.run([STANCH, *words], cwd=home.work, env=home.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        print(f"\n{items:,} items, cache {home.cache().stat().st_size / 1e6:.1f} MB\n")
        print("| call | wall min ms | wall median ms | CPU min ms | CPU median ms |\n|---|---|---|---|---|")
        measure("`version` (an empty run)", lambda: stanch("version"))
        measure("`vault get NAME`, warm", lambda: stanch("vault", "get", "item 7"))
        measure("`vault get NAME`, locked, PBKDF2 600,000", lambda: with_password(home, "vault", "get", "item 7"), 10,
                lambda: stanch("vault", "lock"))
        measure("`vault list`", lambda: stanch("vault", "list"), 10)
        measure("`vault sync --force`", lambda: stanch("vault", "sync", "--force"), 3)
        print(f"\nResident: get {resident(home, 'vault', 'get', 'item 7'):.1f} MiB, list {resident(home, 'vault', 'list'):.1f} MiB")
        home.close()


if __name__ == "__main__":
    for count in [int(a) for a in sys.argv[1:]] or [200, 10000]:
        bench(count)

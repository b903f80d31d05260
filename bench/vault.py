#!/usr/bin/env python3
"""The vault's calls as whole processes, against the tests' server; one value beside bw and (where it is installed) rbw.

    bench/vault.py [ITEMS…]        default: 200 and 10,000 items

Prints wall and CPU time (median and minimum) and the largest resident size of each call. Needs build/release/stanch and
build/venv (./dev test makes both).
"""
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "tests"), str(TOP / "tests/vault")]
os.environ.setdefault("STANCH", str(TOP / "build/release/stanch"))
os.environ.setdefault("STANCH_SOURCE", str(TOP))

from ground import Ground  # noqa: E402
from harness import STANCH, Home  # noqa: E402
from official import OfficialClient  # noqa: E402
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


class Rbw:
    """rbw with its agent; the password comes from a pinentry of ours"""

    def __init__(self, home, ground, person):
        pinentry = home.top / "pinentry"
        pinentry.write_text("#!/bin/sh\necho OK\nwhile read -r line; do case $line in GETPIN*) echo \"D $RBW_TEST_PASSWORD\";; esac; echo OK; done\n")
        pinentry.chmod(0o700)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(home.home), "SSL_CERT_FILE": str(ground.ca), "RBW_TEST_PASSWORD": person.password,
                    "XDG_RUNTIME_DIR": str(home.top)}
        for words in (("config", "set", "email", person.email), ("config", "set", "base_url", ground.url),
                      ("config", "set", "pinentry", str(pinentry)), ("login",), ("unlock",), ("sync",)):
            self.call(*words)

    def call(self, *words):
        return subprocess.run(["rbw", *words], env=self.env, check=True, capture_output=True)


def beside_peers(rounds=5):
    """one value: stanch, bw and (where it is installed) rbw, in turn on one server"""
    ground = Ground()
    person = ground.person(PBKDF2)
    home = Home(ground.url, person)
    home.login(None, "--ca-file", str(ground.ca))
    home.run("vault", "create", "item 7", secrets={"--value-fd": "password 7"})
    bw = OfficialClient(home.top, ground, person)
    calls = {"`stanch vault get`, warm": (lambda: subprocess.run([STANCH, "vault", "get", "item 7"], env=home.env, check=True, stdout=subprocess.DEVNULL), None),
             "`stanch vault get`, locked": (lambda: with_password(home, "vault", "get", "item 7"), lambda: home.run("vault", "lock")),
             "`bw get password`": (lambda: bw.call("get", "password", "item 7"), None)}
    if shutil.which("rbw"):
        rbw = Rbw(home, ground, person)
        calls["`rbw get`, its agent warm"] = (lambda: rbw.call("get", "item 7"), None)
        calls["`rbw get`, locked"] = (lambda: rbw.call("get", "item 7"), lambda: rbw.call("lock"))
    print("\n| call | wall min ms | wall median ms | CPU min ms | CPU median ms |\n|---|---|---|---|---|")
    for name, (call, before) in calls.items():
        measure(name, call, rounds, before)
    if shutil.which("rbw"):
        rbw.call("stop-agent")
    home.close()
    ground.close()


if __name__ == "__main__":
    for count in [int(a) for a in sys.argv[1:]] or [200, 10000]:
        bench(count)
    beside_peers()

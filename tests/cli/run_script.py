#!/usr/bin/env python3
"""Runs one .script: commands and the output they must have.

    # a comment, or the bug this guards
    $ stanch version
    stanch 0.1.0
    $ stanch scan nowhere
    stanch: nowhere: …
    [exit 2]

`$ ` runs a line of sh in a fresh folder, with stanch first in PATH, HOME inside the folder, and no Git configuration
of the machine; stderr is shown with stdout. What follows is the expected output; an exit code other than 0 stands in
brackets. `…` in an expected line matches anything (a fingerprint, a time). Secrets are assembled by the commands
themselves: `made 40` prints 40 letters and digits, the same every time (`made 40 7`: another 40).

STANCH_ACCEPT=1 rewrites the script with what was printed (read the diff before you commit it).
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

MADE = """#!/usr/bin/env python3
import random, string, sys
random.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
alphabet = sys.argv[3] if len(sys.argv) > 3 else string.ascii_letters + string.digits
print(''.join(random.choice(alphabet) for _ in range(int(sys.argv[1]))), end='')
"""


def blocks(text):
    """[(lines before the command, command, expected lines)], and the tail"""
    out, before = [], []
    for line in text.splitlines():
        if line.startswith("$ "):
            out.append((before, line[2:], []))
            before = []
        elif line.startswith("> ") and out:
            out[-1] = (out[-1][0], out[-1][1] + "\n" + line[2:], out[-1][2])
        elif line.startswith("#") or (not out) or (line == "" and not out[-1][2]):
            before.append(line)
        else:
            out[-1][2].extend(before)
            before = []
            out[-1][2].append(line)
    return out, before


def matches(expected, actual):
    return re.fullmatch(".*".join(re.escape(part) for part in expected.split("…")), actual) is not None


def main():
    script = pathlib.Path(sys.argv[1])
    parsed, tail = blocks(script.read_text())
    accept = os.environ.get("STANCH_ACCEPT") == "1"
    failed, rewritten = [], []
    with tempfile.TemporaryDirectory(prefix="stanch-script-") as top:
        tools = pathlib.Path(top, "tools")
        tools.mkdir()
        (tools / "stanch").symlink_to(os.environ["STANCH"])
        (tools / "made").write_text(MADE)
        (tools / "made").chmod(0o755)
        here = pathlib.Path(top, "here")
        here.mkdir()
        home = pathlib.Path(top, "home")
        home.mkdir()
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "XDG_", "CI", "GITHUB_"))}
        env = keep | {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(home), "LC_ALL": "C.UTF-8", "TERM": "dumb",
                      "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
                      "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com",
                      "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z"}
        for before, command, expected in parsed:
            done = subprocess.run(["sh", "-c", command], cwd=here, env=env, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100)
            lines = done.stdout.decode("utf-8", "backslashreplace").replace(top, "TOP").splitlines()
            if done.returncode:
                lines.append(f"[exit {done.returncode}]")
            same = len(lines) == len(expected) and all(map(matches, expected, lines))
            if not same:
                failed.append(f"$ {command}\n--- expected\n" + "\n".join(expected) + "\n--- printed\n" + "\n".join(lines))
            shown = command.replace("\n", "\n> ")
            rewritten += [*before, "$ " + shown, *(expected if same else lines)]
    if failed and accept:
        script.write_text("\n".join(rewritten + tail) + "\n")
        print(f"rewrote {script}")
        return 0
    print("\n\n".join(failed) or f"{len(parsed)} commands")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

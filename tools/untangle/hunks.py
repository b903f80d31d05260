"""The hunks of a difference, as Git cuts and names them."""
import os
import re
import subprocess

HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)")


def git(repo, *a):
    return subprocess.run(["git", "--git-dir=" + repo, "-c", "core.quotepath=off"] + list(a), check=True,
                          stdout=subprocess.PIPE).stdout.decode("utf-8", "replace")


def gitdir(p):
    p = os.path.abspath(p)
    return os.path.join(p, ".git") if os.path.isdir(os.path.join(p, ".git")) else p


def parse(diff):
    """-U0 diff -> [(file, a, b, c, d, ctx, removed lines, added lines)]"""
    out, old, new, cur, lines = [], None, None, None, diff.split("\n")
    i = 0
    while i < len(lines):
        l = lines[i]
        i += 1
        if l.startswith("--- "):
            old = l[4:].split("\t")[0]
        elif l.startswith("+++ "):
            new = l[4:].split("\t")[0]
        else:
            m = HUNK.match(l)
            if not m:
                continue
            a, c = int(m[1]), int(m[3])
            b = 1 if m[2] is None else int(m[2])
            d = 1 if m[4] is None else int(m[4])
            rem, add = [], []
            while len(rem) < b or len(add) < d:
                if lines[i][:1] == "-":
                    rem.append(lines[i][1:])
                elif lines[i][:1] == "+":
                    add.append(lines[i][1:])
                i += 1
            f = new if new != "/dev/null" else old
            out.append((f[2:], a, b, c, d, m[5], rem, add))
    return out


def name(h):
    return "%s@-%d,%d+%d,%d" % h[:5]


def diff(repo, x, y):
    return parse(git(repo, "diff", "-U0", "--no-renames", "--no-color", "--no-ext-diff", "--diff-algorithm=myers",
                     "--src-prefix=a/", "--dst-prefix=b/", x, y))

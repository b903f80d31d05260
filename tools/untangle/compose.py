"""Tangles from consecutive commits: which commits are taken, and which of them wrote each hunk."""
import collections
import json
import random
import re
import subprocess

from hunks import diff, git, gitdir, name

SKIP = re.compile(r"(?i)\b(and|also|various|misc|several|merge|bump|release|version|changelog|lint|linting|format|"
                  r"formatting|black|isort|flake8|ruff|pyupgrade|pre-commit|dependabot|revert|wip|fixup|backport|"
                  r"cleanup|clean up|typos?|translations?|update dependency|\w+\+\w+)\b|^\[PR #|, |; | & ")


def trace(repo, chain, base):
    """the hunks of base..chain[-1], and which commit removed and wrote each line: {(file, line): index in chain}"""
    final = diff(repo, base, chain[-1])
    n_old, steps = collections.defaultdict(int), []
    prev = base
    for c in chain:
        by = collections.defaultdict(list)
        for h in diff(repo, prev, c):
            by[h[0]].append(h)
            n_old[h[0]] = max(n_old[h[0]], h[1] + h[2], h[3] + h[4])
        steps.append(by)
        prev = c
    for h in final:
        n_old[h[0]] = max(n_old[h[0]], h[1] + h[2], h[3] + h[4])
    removed, written = {}, {}
    for f in {h[0] for h in final}:
        cur = [(-1, i) for i in range(1, n_old[f] + 400)]          # (origin commit or -1, its old line number)
        for k, by in enumerate(steps):
            out, pos = [], 0
            for h in by.get(f, []):
                a, b, d = h[1], h[2], h[4]
                s = a - 1 if b else a
                out += cur[pos:s]
                for o, ln in cur[s:s + b]:
                    if o == -1:
                        removed[f, ln] = k
                out += [(k, 0)] * d
                pos = s + b
            cur = out + cur[pos:]
        for i, (o, _) in enumerate(cur, 1):
            if o >= 0:
                written[f, i] = o
    return final, removed, written


def label(repo, chain, base):
    """hunks of base..chain[-1] with their true labels, from tracking each line through the chain"""
    final, removed, written = trace(repo, chain, base)
    res = []
    for h in final:
        v = collections.Counter()
        for ln in range(h[1], h[1] + h[2]):
            v[removed.get((h[0], ln), -1)] += 1
        for ln in range(h[3], h[3] + h[4]):
            v[written.get((h[0], ln), -1)] += 1
        v.pop(-1, None)
        if not v:
            return None
        res.append({"id": name(h), "file": h[0], "lines": h[2] + h[4], "label": v.most_common(1)[0][0],
                    "mixed": len(v) > 1})
    return res


def commits(repo):
    log = ["log", "--no-merges", "--no-renames", "--numstat", "--format=%x01%H%x02%P%x02%ae%x02%ct%x02%s", "HEAD"]
    try:
        raw = git(repo, *log)
    except subprocess.CalledProcessError:                          # a snapshot that lacks its largest blobs
        raw = git(repo, *log, "--", "*.py", "*.pyi", "*.rst", "*.md", "*.toml", "*.cfg", "*.ini", "*.yml", "*.yaml")
    out = {}
    for rec in raw.split("\x01")[1:]:
        head, _, body = rec.partition("\n")
        h, p, ae, ct, s = head.split("\x02", 4)
        files, n, ok = [], 0, True
        for l in body.strip().split("\n"):
            t = l.split("\t")
            if len(t) != 3:
                continue
            if t[0] == "-":
                ok = False
                continue
            files.append(t[2])
            n += int(t[0]) + int(t[1])
        out[h] = dict(h=h, p=p, ae=ae, ct=int(ct), s=s, files=files, n=n, ok=ok and " " not in p and p != "")
    return out


def compose(a):
    repo = gitdir(a.repo)
    cs = commits(repo)

    def good(c):
        s = re.sub(r"\s*\(#\d+\)(?=\s|\(|$)", "", c["s"])
        return (c["ok"] and 1 <= len(c["files"]) <= a.max_files and 1 <= c["n"] <= a.max_lines
                and any(f.endswith(".py") for f in c["files"]) and not SKIP.search(s) and "bot" not in c["ae"])

    ok = {h for h, c in cs.items() if good(c)}
    order = sorted(ok)
    rnd = random.Random(a.seed)
    rnd.shuffle(order)
    prnum = lambda s: (re.findall(r"\(#(\d+)\)", s) or [""])[-1]
    refs = lambda s: set(re.findall(r"#(\d+)", s))
    used, out, dropped = set(), [], collections.Counter()
    for h in order:
        if len(out) >= a.n:
            break
        k = 1 if rnd.random() < a.singles else rnd.choice([2, 2, 3])
        chain, x = [h], h
        while len(chain) < k and cs[x]["p"] in ok:
            x = cs[x]["p"]
            chain.append(x)
        if len(chain) < k or used & set(chain):
            continue
        chain.reverse()
        c = [cs[x] for x in chain]
        if a.regime == "pr" and (not all(prnum(x["s"]) for x in c) or len({prnum(x["s"]) for x in c}) < k):
            continue
        if a.regime == "author" and (len({x["ae"] for x in c}) > 1 or c[-1]["ct"] - c[0]["ct"] > 14 * 86400 or
                                     any(refs(x["s"]) & refs(y["s"]) for x in c for y in c if x is not y)):
            continue
        files = collections.Counter(f for x in c for f in set(x["files"]))
        if a.overlap and k > 1 and max(files.values()) < 2:
            continue
        try:
            hs = label(repo, chain, c[0]["p"])
        except subprocess.CalledProcessError:
            dropped["blob missing"] += 1
            continue
        if not hs or len({x["label"] for x in hs if not x["mixed"]}) < k:
            dropped["a commit vanished or only mixed hunks"] += 1
            continue
        if len(hs) < 2 or len(hs) > 60:
            dropped["hunks <2 or >60"] += 1
            continue
        used |= set(chain)
        out.append({"id": "%s-%s" % (chain[0][:10], chain[-1][:10]), "base": c[0]["p"], "head": chain[-1], "k": k,
                    "commits": chain, "subjects": [x["s"] for x in c], "hunks": hs})
    doc = {"repo": repo, "seed": a.seed, "regime": a.regime, "overlap": a.overlap, "singles": a.singles,
           "tangles": out}
    json.dump(doc, open(a.out, "w"), indent=0)
    nh = sum(len(t["hunks"]) for t in out)
    print("%s: %d tangles (k: %s), %d hunks, %.1f%% mixed, %d eligible commits, dropped %s" % (
        a.out, len(out), dict(sorted(collections.Counter(t["k"] for t in out).items())), nh,
        100 * sum(h["mixed"] for t in out for h in t["hunks"]) / max(nh, 1), len(ok), dict(dropped)))

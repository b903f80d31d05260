"""Partitions that need no model, for comparison."""
import collections
import json
import math
import os
import re

from hunks import diff, name

WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]{2,}")
STOP = set("""self cls def class return import from None True False not and for with elif else try except finally raise
assert lambda yield global pass break continue the this that str int list dict set tuple bool float object type
isinstance super len range print args kwargs name value key data test tests""".split())


def words(ls):
    for l in ls:
        for w in WORD.findall(l):
            if w not in STOP:
                yield w.lower()
                if "_" in w:
                    for p in w.lower().split("_"):
                        if len(p) > 3 and p not in STOP:
                            yield p


def stem(f):
    s = [x for x in re.split(r"[/_.\-]", os.path.splitext(f)[0].lower()) if x and
         x not in ("test", "tests", "testing", "src", "lib", "docs", "doc", "unit", "integration", "init", "")]
    return s[-1] if s else f


def cosine(x, y, idf):
    if len(x) > len(y):
        x, y = y, x
    d = sum(v * y[w] * idf[w] ** 2 for w, v in x.items() if w in y)
    return d and d / math.sqrt(sum((v * idf[w]) ** 2 for w, v in x.items()) *
                               sum((v * idf[w]) ** 2 for w, v in y.items()))


def link(hs, cut, k=None):
    """average-linkage clustering of hunks: rare shared identifiers, same scope, same file, same stem, distance"""
    n = len(hs)
    bags = [{w: 1 + math.log(c) for w, c in collections.Counter(words(h[6] + h[7])).items()} for h in hs]
    df = collections.Counter(w for b in bags for w in b)
    idf = {w: math.log(1 + n / c) for w, c in df.items()}
    sim = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i):
            p, q = hs[i], hs[j]
            s = cosine(bags[i], bags[j], idf) if bags[i] and bags[j] else 0
            if p[0] == q[0]:
                s += 0.25
                if p[5] and p[5] == q[5]:
                    s += 0.20
                s += 0.20 / (1 + abs(p[1] - q[1]) / 20)
            else:
                if stem(p[0]) == stem(q[0]):
                    s += 0.25
                if os.path.dirname(p[0]) == os.path.dirname(q[0]):
                    s += 0.05
            sim[i][j] = sim[j][i] = s
    cl = [[i] for i in range(n)]
    while len(cl) > 1:
        best, bi, bj = -1, 0, 0
        for i in range(len(cl)):
            for j in range(i):
                s = sum(sim[x][y] for x in cl[i] for y in cl[j]) / (len(cl[i]) * len(cl[j]))
                if s > best:
                    best, bi, bj = s, i, j
        if (k and len(cl) <= k) or (not k and best < cut):
            break
        cl[bj] += cl.pop(bi)
    return {name(hs[i]): c for c, g in enumerate(cl) for i in g}


def baseline(a):
    doc = json.load(open(a.tangles))
    part = {}
    for t in doc["tangles"]:
        ids = [h["id"] for h in t["hunks"]]
        if a.method == "one":
            part[t["id"]] = {i: 0 for i in ids}
        elif a.method == "hunk":
            part[t["id"]] = {i: i for i in ids}
        elif a.method == "file":
            part[t["id"]] = {h["id"]: h["file"] for h in t["hunks"]}
        elif a.method == "dir":
            part[t["id"]] = {h["id"]: os.path.dirname(h["file"]) for h in t["hunks"]}
        elif a.method == "stem":
            part[t["id"]] = {h["id"]: stem(h["file"]) for h in t["hunks"]}
        else:
            hs = diff(doc["repo"], t["base"], t["head"])
            part[t["id"]] = link(hs, a.cut, t["k"] if a.method == "link-k" else None)
    if a.out:
        json.dump(part, open(a.out, "w"), indent=0)
    return doc, part

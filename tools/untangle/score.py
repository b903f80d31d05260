"""How near a partition comes to the truth."""
import collections
import json


def matching(w):
    """largest total weight of a one-to-one matching of rows to columns (Hungarian method)"""
    n, m = len(w), len(w[0])
    if n > m:
        w, n, m = [list(r) for r in zip(*w)], m, n
    INF = float("inf")
    u, v, p, way = [0] * (n + 1), [0] * (m + 1), [0] * (m + 1), [0] * (m + 1)
    for i in range(1, n + 1):
        p[0], j0 = i, 0
        minv, used = [INF] * (m + 1), [False] * (m + 1)
        while True:
            used[j0] = True
            i0, dlt, j1 = p[j0], INF, 0
            for j in range(1, m + 1):
                if not used[j]:
                    c = -w[i0 - 1][j - 1] - u[i0] - v[j]
                    if c < minv[j]:
                        minv[j], way[j] = c, j0
                    if minv[j] < dlt:
                        dlt, j1 = minv[j], j
            for j in range(m + 1):
                if used[j]:
                    u[p[j]] += dlt
                    v[j] -= dlt
                else:
                    minv[j] -= dlt
            j0 = j1
            if p[j0] == 0:
                break
        while j0:
            j1 = way[j0]
            p[j0] = p[j1]
            j0 = j1
    return sum(w[p[j] - 1][j - 1] for j in range(1, m + 1) if p[j])


def one(t, part, mixed):
    hs = [h for h in t["hunks"] if mixed or not h["mixed"]]
    true = [h["label"] for h in hs]
    pred = [json.dumps(part[h["id"]]) if h["id"] in part else "?" + h["id"] for h in hs]
    P, T = sorted(set(pred)), sorted(set(true))
    cnt, cl = collections.Counter(zip(pred, true)), collections.Counter()
    for h, p, y in zip(hs, pred, true):
        cl[p, y] += h["lines"]
    n = len(hs)
    acc = matching([[cnt[p, y] for y in T] for p in P]) / n
    acc_l = matching([[cl[p, y] for y in T] for p in P]) / sum(cl.values())
    c2 = lambda x: x * (x - 1) / 2
    tp = sum(c2(x) for x in cnt.values())
    sp = sum(c2(x) for x in collections.Counter(pred).values())
    st = sum(c2(x) for x in collections.Counter(true).values())
    tot = c2(n)
    rand = (tot + 2 * tp - sp - st) / tot if tot else 1.0
    exp = sp * st / tot if tot else 0
    ari = (tp - exp) / ((sp + st) / 2 - exp) if tot and (sp + st) / 2 != exp else 1.0
    f1 = 2 * tp / (sp + st) if sp + st else 1.0
    return dict(acc=acc, acc_l=acc_l, rand=rand, ari=ari, f1=f1, exact=float(acc == 1 and len(P) == len(T)),
                k_ok=float(len(P) == len(T)), groups=len(P), hunks=n)


def score(doc, part, mixed=False):
    rows = [one(t, part.get(t["id"], {}), mixed) for t in doc["tangles"]]
    out = {}
    for sel, pick in (("all", lambda t: True), ("k=1", lambda t: t["k"] == 1), ("k=2", lambda t: t["k"] == 2),
                      ("k=3", lambda t: t["k"] == 3)):
        r = [x for x, t in zip(rows, doc["tangles"]) if pick(t)]
        if r:
            out[sel] = {m: sum(x[m] for x in r) / len(r) for m in r[0]}
            out[sel]["n"] = len(r)
            acc = sorted(x["acc"] for x in r)
            out[sel]["acc_median"] = acc[len(acc) // 2]
    return out


def show(s, tag=""):
    for sel, m in s.items():
        print("%-10s %-4s n=%-4d acc %.3f (median %.3f)  acc_l %.3f  rand %.3f  ari %.3f  f1 %.3f  exact %.3f  "
              "k_ok %.3f  groups %.2f  hunks %.1f" % (tag, sel, m["n"], m["acc"], m["acc_median"], m["acc_l"],
                                                      m["rand"], m["ari"], m["f1"], m["exact"], m["k_ok"],
                                                      m["groups"], m["hunks"]))

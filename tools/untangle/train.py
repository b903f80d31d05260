#!/usr/bin/env python3
"""Trains the model of `stanch split` and measures it on repositories that it has not seen.

  tools/untangle/train.py --clones DIR --work DIR [--threads N] [--no-export]

DIR of --clones has a clone of each repository of repositories.txt, as OWNER+NAME, OWNER+NAME/repo or NAME. Steps, each
kept in --work: tangles are composed (untangle.py), their features come from the product's own code
(untangle_features, libuntangle_stack.so: built here), three ensembles of trees are learned, one upon the other:

  pair       two hunks alone           -> log-odds that one commit wrote both
  stack      the pair and its others   -> the same, better
  partition  a cut of the dendrogram   -> its expected (accuracy + adjusted Rand index) / 2

A later one is trained on what the earlier said of repositories it was not trained on (four groups of repositories),
and the figures printed are those of groups left out. The weights go to src/commits/weights/*.inc.
"""
import argparse, ctypes, json, os, pathlib, subprocess, sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))
import lightgbm as lgb  # noqa: E402
import numpy as np  # noqa: E402
import score  # noqa: E402

SETS = {"any": (["--regime", "any"], 130, 1), "pr": (["--regime", "pr"], 80, 1),
        "hard": (["--regime", "any", "--overlap"], 80, 1), "one": (["--regime", "any", "--singles", "1.0"], 130, 2)}
FOLDS, MOST, PAIRS = 4, 6, 70
BASE = dict(verbose=-1, bagging_freq=1, bagging_fraction=0.6, lambda_l2=5, seed=1, deterministic=True,
            force_col_wise=True)
PAIR = dict(BASE, objective="binary", learning_rate=0.08, num_leaves=28, min_data_in_leaf=60, feature_fraction=0.3)
STACK = dict(BASE, objective="binary", learning_rate=0.08, num_leaves=16, min_data_in_leaf=100, feature_fraction=0.4)
PART = dict(BASE, objective="l2", learning_rate=0.05, num_leaves=12, min_data_in_leaf=50, feature_fraction=0.3)
ROUNDS = dict(pair=260, stack=160, partition=300)


def find_clone(clones, name):
    owner, repository = name.split("/")
    for path in (f"{owner}+{repository}/repo", f"{owner}+{repository}", repository):
        if (clones / path).is_dir():
            return clones / path
    sys.exit(f"no clone of {name} in {clones}")


def compose(a, names):
    for name in names:
        for kind, (flags, count, seed) in SETS.items():
            out = a.work / "tangles" / f"{name.split('/')[1]}.{kind}.json"
            if not out.exists():
                subprocess.run([sys.executable, HERE / "untangle.py", "compose", "--repo", find_clone(a.clones, name),
                                "--n", str(count), "--seed", str(seed), "--out", out, *flags], check=True)


def extract(a):
    program = ROOT / "build/release/tools/untangle/untangle_features"
    for tangles in sorted((a.work / "tangles").glob("*.json")):
        out = a.work / "features" / (tangles.stem + ".bin")
        if out.exists() and out.stat().st_mtime > program.stat().st_mtime:
            continue
        doc = json.loads(tangles.read_text())
        wanted = "".join(f"{t['id']} {t['base']} {t['head']}\n" for t in doc["tangles"])
        part = out.with_suffix(".part")
        subprocess.run([program, doc["repo"], part], input=wanted, text=True, check=True)
        part.rename(out)


def records(path):
    data, at = path.read_bytes(), 0

    def line():
        nonlocal at
        end = data.index(b"\n", at)
        text, at = data[at:end].decode("utf-8", "replace"), end + 1
        return text

    while at < len(data):
        name = line()
        count, width = map(int, line().split())
        hunks = [line().rsplit("\t", 4) for _ in range(count)]
        pairs = count * (count - 1) // 2
        rows = np.frombuffer(data, np.float32, pairs * width, at).reshape(pairs, width)
        at += pairs * width * 4 + 1
        yield name, hunks, rows


class Tangle:
    def __init__(self, repository, kind, true, hunks, rows):
        self.repository, self.kind, self.true, self.rows = repository, kind, true, rows
        known = {h["id"]: h for h in true["hunks"]}
        self.names = [h[0] for h in hunks]
        self.n = len(hunks)
        self.arrays = [np.array([int(h[1]) for h in hunks], np.uint32), np.array([int(h[2]) for h in hunks], np.uint32),
                       np.array([float(h[3]) for h in hunks], np.float32), np.array([int(h[4]) for h in hunks], np.uint8)]
        self.label = np.array([known[x]["label"] if x in known and not known[x]["mixed"] else -1 for x in self.names])
        i, j = np.triu_indices(self.n, 1)
        self.sure = (self.label[i] >= 0) & (self.label[j] >= 0)
        self.same = self.label[i] == self.label[j]

    def sample(self, seed):
        at = np.flatnonzero(self.sure)
        if len(at) > PAIRS:
            at = np.random.RandomState(seed).choice(at, PAIRS, replace=False)
        return at


def load(a):
    tangles = []
    for path in sorted((a.work / "features").glob("*.bin")):
        repository, kind = path.stem.split(".")
        true = {t["id"]: t for t in json.loads((a.work / "tangles" / (path.stem + ".json")).read_text())["tangles"]}
        tangles += [Tangle(repository, kind, true[name], hunks, rows) for name, hunks, rows in records(path)
                    if len(hunks) > 1]
    return tangles


class Native:
    """libuntangle_stack.so: the product's own second and third look."""

    def __init__(self):
        self.library = ctypes.CDLL(str(ROOT / "build/release/tools/untangle/libuntangle_stack.so"))

    def call(self, function, t, values, *out):
        pointer = lambda x: x.ctypes.data_as(ctypes.c_void_p)
        arrays = [np.ascontiguousarray(x) for x in (*t.arrays, t.rows, values.astype(np.float32))]
        getattr(self.library, function)(t.n, *map(pointer, arrays), *map(pointer, out))

    def stack(self, t, values):
        out = np.empty((len(t.rows), self.library.untangle_stack_width()), np.float32)
        self.call("untangle_stack", t, values, out)
        return out

    def partitions(self, t, values):
        k = min(t.n, MOST)
        out = np.empty((k, self.library.untangle_partition_width()), np.float32)
        parts = np.empty((k, t.n), np.uint32)
        self.call("untangle_partitions", t, values, out, parts)
        return out, parts


def fit_pairs(tangles, rows, settings, rounds, threads):
    at = [t.sample(i) for i, t in enumerate(tangles)]
    x = np.vstack([rows(t)[k] for t, k in zip(tangles, at)])
    y = np.concatenate([t.same[k] for t, k in zip(tangles, at)]).astype(int)
    w = np.concatenate([np.full(len(k), (0.6 if t.kind == "one" else 1.0) * t.n / max(1, len(k)))
                        for t, k in zip(tangles, at)])
    return lgb.train(dict(settings, num_threads=threads), lgb.Dataset(x, y, weight=w), rounds)


def groups_of(tangles):
    names = sorted({t.repository for t in tangles})
    np.random.RandomState(0).shuffle(names)
    return [set(names[k::FOLDS]) for k in range(FOLDS)]


def out_of_fold(tangles, fit, use):
    """fit(train) -> model; use(model, tangle) for those of repositories left out"""
    for left_out in groups_of(tangles):
        model = fit([t for t in tangles if t.repository not in left_out])
        for t in tangles:
            if t.repository in left_out:
                use(model, t)


def fit_partition(tangles, threads):
    x = np.vstack([t.cuts for t in tangles])
    y = np.concatenate([[(s["acc"] + s["ari"]) / 2 for s in t.scores] for t in tangles])
    w = np.concatenate([np.full(len(t.cuts), 1.3 if t.kind == "one" else 1.0) for t in tangles])
    return lgb.train(dict(PART, num_threads=threads), lgb.Dataset(x, y, weight=w), ROUNDS["partition"])


def learn(tangles, native, threads):
    log = lambda text: print(text, flush=True)
    out_of_fold(tangles, lambda ts: fit_pairs(ts, lambda t: t.rows, PAIR, ROUNDS["pair"], threads),
                lambda m, t: setattr(t, "first", m.predict(t.rows, raw_score=True, num_threads=threads)))
    log("pairs are learned")
    for t in tangles:
        t.stacked = native.stack(t, t.first)
    out_of_fold(tangles, lambda ts: fit_pairs(ts, lambda t: t.stacked, STACK, ROUNDS["stack"], threads),
                lambda m, t: setattr(t, "second", m.predict(t.stacked, raw_score=True, num_threads=threads)))
    log("the stack is learned")
    for t in tangles:
        t.cuts, t.parts = native.partitions(t, t.second)
        t.scores = [score.one(t.true, {n: int(g) for n, g in zip(t.names, p)}, False) for p in t.parts]
    out_of_fold(tangles, lambda ts: fit_partition(ts, threads),
                lambda m, t: setattr(t, "worth", m.predict(t.cuts, num_threads=threads)))
    log("partitions are learned")


def report(tangles, bonus):
    out = []
    for kind in ("pr", "any", "hard", "one"):
        chosen = []
        for t in tangles:
            if t.kind == kind:
                worth = t.worth.copy()
                worth[0] += bonus
                chosen.append(t.scores[int(np.argmax(worth))])
        mean = lambda key: np.mean([s[key] for s in chosen])
        if kind == "one":
            out.append("whole %.3f" % np.mean([s["groups"] == 1 for s in chosen]))
        else:
            out.append("%s acc %.3f ari %.3f" % (kind, mean("acc"), mean("ari")))
    print("bonus %.2f  %s" % (bonus, "  ".join(out)), flush=True)


def floor32(value):
    """the largest float that is not larger: x <= value means the same for every float x"""
    single = np.float32(value)
    return single if float(single) <= value else np.nextafter(single, np.float32(-np.inf))


def flatten(tree, nodes, leaves):
    if "leaf_value" in tree:
        leaves.append(tree["leaf_value"])
        return -len(leaves)
    at = len(nodes)
    nodes.append(None)
    assert tree["decision_type"] == "<="
    left = flatten(tree["left_child"], nodes, leaves)
    right = flatten(tree["right_child"], nodes, leaves)
    nodes[at] = (tree["split_feature"], floor32(tree["threshold"]), left, right)
    return at


def export(model, name):
    nodes, leaves, roots = [], [], []
    for tree in model.dump_model()["tree_info"]:
        roots.append(flatten(tree["tree_structure"], nodes, leaves))
    path = ROOT / "src/commits/weights" / (name + ".inc")
    path.parent.mkdir(exist_ok=True)
    wrap = lambda items, per: "".join(", ".join(items[k:k + per]) + ",\n" for k in range(0, len(items), per))
    path.write_text(
        f"// Written by tools/untangle/train.py: {len(roots)} trees, {len(leaves)} leaves.\n"
        f"constexpr Split {name}_splits[] = {{\n" +
        wrap(["{%d, %d, %d, %.9gF}" % (f, l, r, t) if "." in "%.9g" % t or "e" in "%.9g" % t else
              "{%d, %d, %d, %.1fF}" % (f, l, r, t) for f, t, l, r in nodes], 4) +
        f"}};\nconstexpr float {name}_leaves[] = {{\n" + wrap(["%.4gF" % v if "." in "%.4g" % v or "e" in "%.4g" % v
                                                              else "%.1fF" % v for v in leaves], 10) +
        f"}};\nconstexpr std::int32_t {name}_roots[] = {{\n" + wrap([str(r) for r in roots], 16) + "};\n")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--clones", type=pathlib.Path, required=True)
    ap.add_argument("--work", type=pathlib.Path, required=True)
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--no-export", action="store_true")
    a = ap.parse_args()
    for folder in ("tangles", "features"):
        (a.work / folder).mkdir(parents=True, exist_ok=True)
    names = [x for x in (HERE / "repositories.txt").read_text().split("\n") if x and not x.startswith("#")]
    subprocess.run(["ninja", "-C", ROOT / "build/release", "untangle_features", "untangle_stack"], check=True,
                   stdout=subprocess.DEVNULL)
    compose(a, names)
    extract(a)
    tangles, native = load(a), Native()
    print(f"{len(tangles)} changes, {sum(len(t.rows) for t in tangles)} pairs", flush=True)
    learn(tangles, native, a.threads)
    for bonus in (-0.2, -0.15, -0.12, -0.1, -0.05, 0, 0.05, 0.1, 0.13):
        report(tangles, bonus)
    if not a.no_export:
        export(fit_pairs(tangles, lambda t: t.rows, PAIR, ROUNDS["pair"], a.threads), "pair")
        export(fit_pairs(tangles, lambda t: t.stacked, STACK, ROUNDS["stack"], a.threads), "stack")
        export(fit_partition(tangles, a.threads), "partition")


if __name__ == "__main__":
    main()

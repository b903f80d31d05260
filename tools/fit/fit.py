#!/usr/bin/env python3
"""Fits the model of context (src/scan/judge/model.inc) to labelled lines.

    fit.py --features build/release/tools/fit/fit_features --labels LABELS.jsonl --root DIR [--plain DIR …]

LABELS.jsonl has one object a line: file (below --root), line, last, start, end (the value's span in
characters, -1 where unknown), label (T: a secret, anything else: none) and repo. --plain names
source trees whose values count as none, with a quarter of the weight; what the labelled lines alone
already make sure of is left out there, since nobody looked at it.

Prints the score of six-fold cross-validation by repository, and writes the weights fitted to all.
Needs numpy.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys

import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
JUDGE = os.path.join(HERE, "..", "..", "src", "scan", "judge")
RULES = os.path.join(HERE, "..", "..", "rules", "generic.toml")
STIFFNESS = 1 / 0.3  # of the ridge
LONGEST_LINE = 4000


def feature_names():
    with open(os.path.join(JUDGE, "features.inc"), encoding="utf-8") as file:
        return re.findall(r"STANCH_FEATURE\((\w+)\)", file.read())


def candidates(program, requests):
    """[(number of the request, first byte, end, features)]"""
    text = "".join(f"{path}\t{line}\n" for path, line in requests)
    done = subprocess.run([program, RULES], input=text.encode("utf-8", "replace"), stdout=subprocess.PIPE, check=True)
    rows = [row.split() for row in done.stdout.decode().splitlines()]
    return [(int(r[0]), int(r[1]), int(r[2]), [float(v) for v in r[3:]]) for r in rows]


def labelled(program, labels, root):
    """The values of labelled lines: features, truth, repository, line; and how many lines hold a secret."""
    lines = collections.defaultdict(list)
    with open(labels, encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["last"] in (-1, row["line"]):
                lines[row["file"], row["line"]].append(row)
    texts = {}
    requests = []
    for path, number in lines:
        if path not in texts:
            with open(os.path.join(root, path), encoding="utf-8", newline="") as file:
                texts[path] = file.read().split("\n")
        requests.append((path, texts[path][number - 1][:LONGEST_LINE].replace("\r", "")))
    keys = list(lines)
    found = []
    for request, begin, end, features in candidates(program, requests):
        rows = lines[keys[request]]
        raw = requests[request][1].encode("utf-8", "replace")
        first, last = (len(raw[:at].decode("utf-8", "ignore")) for at in (begin, end))
        secrets = [r for r in rows if r["label"] == "T"]
        hit = any(r["start"] < 0 or (r["start"] < last and first < max(r["end"], r["start"] + 1)) for r in secrets)
        if secrets and not hit:
            continue  # something else on a line that holds a secret: unknown
        found.append((features, hit, rows[0]["repo"], keys[request]))
    return found, sum(any(r["label"] == "T" for r in rows) for rows in lines.values())


def plain(program, directories):
    requests = []
    for directory in directories:
        for folder, _, names in os.walk(directory):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.islink(path) or os.path.getsize(path) > 2_000_000:
                    continue
                with open(path, "rb") as file:
                    data = file.read()
                if b"\0" not in data[:8000]:
                    requests += [(path, line[:LONGEST_LINE]) for line in data.decode("utf-8", "replace").splitlines()]
    return [row[3] for row in candidates(program, requests)]


def fit(x, truth, weight):
    """Ridge logistic regression by Newton's method."""
    beta = numpy.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + numpy.exp(-x @ beta))
        slope = x.T @ (weight * (truth - p)) - STIFFNESS * beta
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + STIFFNESS * numpy.eye(x.shape[1])
        step = numpy.linalg.solve(curve, slope)
        beta += step
        if numpy.abs(step).max() < 1e-6:
            break
    return beta


def fit_with_plain(x, truth, weight, others):
    beta = fit(x, truth, weight)
    if len(others) == 0:
        return beta
    others = others[1 / (1 + numpy.exp(-others @ beta)) < 0.8]
    share = numpy.full(len(others), 0.25 * weight.sum() / len(others))
    return fit(numpy.vstack([x, others]), numpy.concatenate([truth, numpy.zeros(len(others))]),
               numpy.concatenate([weight, share]))


def score(found, probability, secrets, threshold):
    best = collections.defaultdict(float)
    truth = collections.defaultdict(bool)
    for (_, hit, _, line), p in zip(found, probability):
        best[line] = max(best[line], p)
        truth[line] |= hit
    right = sum(1 for line, p in best.items() if p >= threshold and truth[line])
    wrong = sum(1 for line, p in best.items() if p >= threshold and not truth[line])
    precision, recall = right / max(1, right + wrong), right / secrets
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--features", required=True)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--plain", nargs="*", default=[])
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    options = parser.parse_args()
    names = feature_names()
    found, secrets = labelled(options.features, options.labels, options.root)
    others = numpy.array(plain(options.features, options.plain)).reshape(-1, len(names))
    x = numpy.array([row[0] for row in found])
    truth = numpy.array([float(row[1]) for row in found])
    repos = numpy.array([row[2] for row in found])
    count = collections.Counter(repos)
    # A repository with a thousand lines of one kind is not a thousand repositories.
    weight = numpy.array([1 / max(1, count[repo] / 40) ** 0.5 for repo in repos])
    order = sorted(set(repos))
    numpy.random.RandomState(0).shuffle(order)
    probability = numpy.zeros(len(found))
    for fold in range(6):
        held = numpy.isin(repos, order[fold::6])
        beta = fit_with_plain(x[~held], truth[~held], weight[~held], others)
        probability[held] = 1 / (1 + numpy.exp(-x[held] @ beta))
    print(f"{len(found)} values in {len(order)} repositories, {len(others)} plain values, {secrets} lines with a secret")
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
        print("threshold %.1f: precision %.3f recall %.3f F1 %.3f" % (threshold, *score(found, probability, secrets, threshold)))
    if options.dry_run:
        return 0
    beta = fit_with_plain(x, truth, weight, others)
    with open(os.path.join(JUDGE, "model.inc"), "w", encoding="utf-8") as file:
        file.write("// One line a feature, in the order of features.inc: what it adds to the log-odds of being a\n"
                   "// secret. Fitted, not written: docs/scan-quality.md says to what and how.\n")
        file.writelines(f"STANCH_WEIGHT({name}, {value:.3f}F)\n" for name, value in zip(names, beta))
    return 0


if __name__ == "__main__":
    sys.exit(main())

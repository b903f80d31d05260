#!/usr/bin/env python3
"""How much of what is labelled as a secret is found, and how much else: for stanch and its peers.

    score.py --labels LABELS.jsonl --root DIR --stanch build/release/stanch [--gitleaks …] [--betterleaks …] [--kingfisher …]

LABELS.jsonl has one object a line: file (below DIR), line, last, label (T: a secret; F: none; X: a placeholder or a test
value) and category. A finding that overlaps a line labelled T finds it; else one that overlaps another labelled line is a
false alarm; what overlaps none is not counted. Lines whose category names no credential (a UUID, a salt, …) are left out.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile

NO_CREDENTIAL = {"UUID", "Salt", "Nonce", "Other", "AWS S3 Bucket", "Firebase Domain", "WeChat App ID"}


def of_stanch(program, root, _):
    done = subprocess.run([program, "scan", "--all-files", "--format", "jsonl", root], stdout=subprocess.PIPE, check=False)
    for row in map(json.loads, done.stdout.decode().splitlines()):
        yield row["path"], row["line"], row["end_line"]


def of_gitleaks(program, root, report):
    subprocess.run([program, "dir", root, "--no-banner", "-l", "error", "-f", "json", "-r", report, "--exit-code", "0"],
                   check=True)
    with open(report, encoding="utf-8") as file:
        for row in json.load(file):
            yield row["File"], row["StartLine"], row["EndLine"]


def of_betterleaks(program, root, report):
    subprocess.run([program, "filesystem", root, "-s", "--no-banner", "-l", "error", "--exit-code=0", "-o", report], check=True)
    with open(report, encoding="utf-8") as file:
        for row in json.load(file)["findings"]:
            place = row["location"]
            yield place["path"], place["start_line"], place["end_line"]


def of_kingfisher(program, root, _):
    done = subprocess.run([program, "scan", root, "--no-validate", "--git-history", "none", "--format", "json",
                           "--no-update-check"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    report, _ = json.JSONDecoder().raw_decode(done.stdout.decode())
    for row in (each["finding"] for each in report["findings"]):
        more = row["snippet"].count("\n") if "PRIVATE KEY" in row["snippet"] else 0
        yield row["path"], row["line"], row["line"] + more


TOOLS = {"stanch": of_stanch, "gitleaks": of_gitleaks, "betterleaks": of_betterleaks, "kingfisher": of_kingfisher}


def groups_of(labels):
    """file -> [first line, last line, is a secret, found]"""
    rows = collections.defaultdict(list)
    with open(labels, encoding="utf-8") as file:
        for row in map(json.loads, file):
            rows[row["file"], row["line"], max(row["line"], row["last"])].append(row)
    groups = collections.defaultdict(list)
    for (file, first, last), same in rows.items():
        true = [row for row in same if row["label"] == "T"]
        if not all(set(row["category"].split(":")) <= NO_CREDENTIAL for row in true or same):
            groups[file].append([first, last, bool(true), False])
    return groups


def score(labels, root, findings):
    groups = groups_of(labels)
    for path, first, last in findings:
        hit = [g for g in groups[os.path.relpath(path, root)] if g[0] <= (last or first) and first <= g[1]]
        for group in [g for g in hit if g[2]] or hit:
            group[3] = True
    every = [group for same in groups.values() for group in same]
    right = sum(g[2] and g[3] for g in every)
    wrong = sum(not g[2] and g[3] for g in every)
    secrets = sum(g[2] for g in every)
    precision, recall = right / max(1, right + wrong), right / max(1, secrets)
    return right, wrong, secrets - right, precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--labels", required=True)
    parser.add_argument("--root", required=True)
    for tool in TOOLS:
        parser.add_argument("--" + tool, help=f"the program {tool}")
    options = vars(parser.parse_args())
    print("| tool | found | false alarms | missed | precision | recall | F1 |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for tool, run in TOOLS.items():
        if options[tool]:
            with tempfile.TemporaryDirectory() as folder:
                findings = run(options[tool], options["root"], os.path.join(folder, "report.json"))
                print(f"| {tool} | %d | %d | %d | %.3f | %.3f | %.3f |" % score(options["labels"], options["root"], findings))
    return 0


if __name__ == "__main__":
    sys.exit(main())

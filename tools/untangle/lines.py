#!/usr/bin/env python3
"""Asks whether `stanch split --lines` puts more lines where they belong than whole hunks do.

  tools/untangle/lines.py --stanch build/release/stanch [--n 100] TANGLES.json…

TANGLES are what `untangle.py compose` wrote. The truth is of lines here: which commit wrote or removed each. Prints a row
a file and way: lines in place under the best matching (acc), the same in the tangles that have a hunk of two commits,
hunks that were cut, and how many of these cuts were of a hunk that two commits wrote.
"""
import argparse
import collections
import json
import pathlib
import statistics
import tempfile

from compose import trace
from judge import Clone
from score import matching


def lines(path, hunk):
    old, new = (range(start, start + count) for start, count in (hunk[:2], hunk[2:]))
    return [("-", path, n) for n in old] + [("+", path, n) for n in new]


def accuracy(part_of, truth):
    known = [line for line in part_of if line in truth]
    count = collections.Counter((part_of[line], truth[line]) for line in known)
    parts, commits = sorted({p for p, _ in count}), sorted({c for _, c in count})
    return matching([[count[p, c] for c in commits] for p in parts]) / len(known) if known else 1.0


class Tally:
    def __init__(self):
        self.all, self.mixed, self.cut, self.right = [], [], 0, 0

    def add(self, plan, truth, whole):
        part_of, pieces = {}, collections.defaultdict(set)
        home = {line: name for name, hunk in whole.items() for line in hunk}
        for number, part in enumerate(plan["parts"]):
            for h in part["hunks"]:
                piece = lines(h["path"], (h["old_start"], h["old_lines"], h["new_start"], h["new_lines"]))
                part_of |= dict.fromkeys(piece, number)
                pieces[home.get(piece[0]) if piece else None].add(number)
        mixed = {name for name, hunk in whole.items() if len({truth[line] for line in hunk if line in truth}) > 1}
        self.all.append(accuracy(part_of, truth))
        if mixed:
            self.mixed.append(self.all[-1])
        cut = {name for name, numbers in pieces.items() if name and len(numbers) > 1}
        self.cut, self.right = self.cut + len(cut), self.right + len(cut & mixed)

    def row(self):
        mean = lambda values: "%.3f" % statistics.mean(values) if values else "-"
        return f"{len(self.all)} | {mean(self.all)} | {len(self.mixed)} | {mean(self.mixed)} | {self.cut} | {self.right} |"


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--stanch", default="build/release/stanch")
    ap.add_argument("--n", type=int, default=10**9)
    ap.add_argument("tangles", nargs="+", type=pathlib.Path)
    a = ap.parse_args()
    program = str(pathlib.Path(a.stanch).resolve())
    ways = {"hunks": [], "lines": ["--lines"]}
    print("| tangles | way | n | acc | with mixed hunks | acc | cut | rightly |\n|---|---|---|---|---|---|---|---|")
    for path in a.tangles:
        doc, tallies = json.loads(path.read_text()), {way: Tally() for way in ways}
        with tempfile.TemporaryDirectory() as folder:
            clone = Clone(doc["repo"], folder)
            for tangle in doc["tangles"][:a.n]:
                final, removed, written = trace(doc["repo"], tangle["commits"], tangle["base"])
                truth = {("-", *k): v for k, v in removed.items()} | {("+", *k): v for k, v in written.items()}
                whole = {h[:5]: lines(h[0], h[1:5]) for h in final}
                clone.lay(tangle)
                for way, flags in ways.items():
                    plan = json.loads(clone.stanch(program, "--plan", "--format", "json", *flags))
                    tallies[way].add(plan, truth, whole)
        for way, tally in tallies.items():
            print(f"| {path.stem} | {way} | {tally.row()}", flush=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""An editor for `stanch split --edit`: deals the plan's hunks into random parts in a random order. The seed comes from
STANCH_SEED, the number of parts from it too (one to as many as there are hunks)."""
import os
import random
import sys

path = sys.argv[1]
rnd = random.Random(int(os.environ["STANCH_SEED"]))
with open(path, "rb") as sheet:
    hunks = [line for line in sheet if line.startswith(b"  ")]
rnd.shuffle(hunks)
parts = [[] for _ in range(rnd.randint(1, max(1, min(len(hunks), 12))))]
for hunk in hunks:
    rnd.choice(parts).append(hunk)
with open(path, "wb") as sheet:
    for number, part in enumerate(parts):
        sheet.write(b"part Part %d\n" % number + b"".join(part))

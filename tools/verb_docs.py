#!/usr/bin/env python3
"""docs/verbs/VERB.md is what `stanch VERB --help` prints.

    tools/verb_docs.py STANCH           writes them
    tools/verb_docs.py STANCH --check   exit 1 where one differs
"""
import pathlib
import re
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "docs" / "verbs"


def printed(stanch, *words):
    return subprocess.run([stanch, *words], capture_output=True, text=True, check=True).stdout


def main():
    stanch, check = sys.argv[1], "--check" in sys.argv
    verbs = re.findall(r"^  stanch (\S+(?: [a-z]\S*)??)  +\S", printed(stanch, "--help"), re.M)
    pages = {}
    for verb in verbs:
        text = printed(stanch, *verb.split(), "--help")
        head, _, rest = text.partition("\n")
        pages[verb.replace(" ", "-") + ".md"] = f"# {head}\n\n```text\n{rest.strip()}\n```\n"
    stale = [n for n, t in pages.items() if not (FOLDER / n).exists() or (FOLDER / n).read_text() != t]
    stray = [p.name for p in FOLDER.glob("*.md") if p.name not in pages]
    if check:
        print("\n".join([f"docs/verbs/{n} is not what --help says: run tools/verb_docs.py" for n in stale] +
                        [f"docs/verbs/{n}: no such verb" for n in stray]) or f"{len(pages)} pages agree")
        return 1 if stale or stray else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / name).write_text(pages[name])
    for name in stray:
        (FOLDER / name).unlink()
    print(f"wrote {len(stale)}, removed {len(stray)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Holds the include graph to the rooms: arrows point down only, and into public headers only.

Reads the stanch_room() calls of src/*/CMakeLists.txt and every #include "room/…" below src/.
"""
import pathlib
import re
import sys

ORDER = ["core", "text", "os", "net", "git", "syntax", "catalog", "report",
         "env", "commits", "privilege", "scan", "vault", "cli"]
STRATEGIES = {"env", "commits", "privilege", "scan", "vault"}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([a-z]+)/([^"]+)"', re.M)
PRINTS = re.compile(r"std::(cout|cerr|exit)\b|\b(printf|puts|exit)\(|fprintf\(")


def rooms(source):
    found = {}
    for file in sorted(source.glob("src/*/CMakeLists.txt")):
        call = re.search(r"stanch_room\((\w+)([^)]*)\)", file.read_text())
        if not call:
            continue
        words, key, values = call[2].split(), None, {"PUBLIC": [], "USES": [], "LINKS": []}
        for word in words:
            if word in values:
                key = word
            else:
                values[key].append(word)
        found[call[1]] = {"public": values["PUBLIC"] or [call[1] + ".h"], "uses": values["USES"]}
    return found


def main():
    source = pathlib.Path(sys.argv[1])
    declared, wrong = rooms(source), []
    for room, says in declared.items():
        for used in says["uses"]:
            if ORDER.index(used) >= ORDER.index(room):
                wrong.append(f"src/{room} uses {used}, which is not below it")
            if room in STRATEGIES and used in STRATEGIES:
                wrong.append(f"src/{room} uses {used}: two strategies never meet sideways")
    for file in sorted([*source.glob("src/**/*.h"), *source.glob("src/**/*.cpp"), *source.glob("src/**/*.cc")]):
        room = file.relative_to(source / "src").parts[0]
        if room not in declared:
            wrong.append(f"{file}: src/{room} has no stanch_room() in its CMakeLists.txt")
            continue
        text = file.read_text()
        for target, header in INCLUDE.findall(text):
            if target == room:
                continue
            if target not in declared:
                wrong.append(f"{file}: includes {target}/{header}: no such room")
            elif target not in declared[room]["uses"]:
                wrong.append(f"{file}: includes {target}/{header}, but {room} does not use {target}")
            elif header not in declared[target]["public"]:
                wrong.append(f"{file}: includes {target}/{header}, which is private to {target}")
        if room != "cli" and (match := PRINTS.search(text)):
            wrong.append(f"{file}: {match[0]}: only cli speaks and exits")
    print("\n".join(wrong) or f"{len(declared)} rooms, every arrow points down")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

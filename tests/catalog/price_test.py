"""The rule compiler refuses rules that would slow every scan down, and says which."""

import os
import pathlib
import subprocess
import tempfile
import unittest

RULEC = pathlib.Path(os.environ["STANCH"]).parent / "tools" / "rulec" / "rulec"


def rule(name, regex, example="nothing", counter="nothing"):
    return (f"[[rules]]\nid = '{name}'\ndescription = 'test value'\nregex = '''{regex}'''\n"
            f"examples = ['{example}']\ncounter_examples = ['{counter}']\n")


CHEAP = rule("cheap", "sk_test_live_([A-Za-z0-9]{24})", "key = sk_test_live_{alnum:24}")


class Price(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def rulec(self, verb, rules, *words):
        file = self.folder / "some.toml"
        file.write_text(rules)
        return subprocess.run([RULEC, verb, *words, file], capture_output=True, text=True)

    def test_a_cheap_rule_is_built_and_its_price_is_written_beside_it(self):
        done = self.rulec("build", CHEAP, self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("  cheap\n", (self.folder / "prices.txt").read_text())
        self.assertTrue((self.folder / "probes.bin").exists())

    def test_a_rule_that_looks_at_every_other_word_fails_the_build(self):
        dear = rule("dear", "(?i:return|self|value|name|the)[ .=]{1,3}([a-z]{2}[A-Z][a-z0-9]{5})",
                    "value = {lower:2}A{hex:5}")
        done = self.rulec("build", CHEAP + dear, self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^some\.toml:\d+:\d+: dear: costs 0\.[2-9]\d* s/GB, and 0\.20 is the limit")
        self.assertNotIn(": cheap:", done.stderr)
        self.assertFalse((self.folder / "probes.bin").exists())

    def test_rules_that_are_dear_together_fail_the_build_too(self):
        words = ("return", "self", "value", "name", "result", "module", "string", "data", "type", "path", "list",
                 "import", "config", "command", "server", "state")
        many = "".join(rule(word, word + "[ ]{0,2}#=!([0-9]{9})", word + " #=!{digit:9}") for word in words)
        done = self.rulec("build", many, self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^all rules together: 0\.\d+ GB/s, and 0\.90 is the least; the dearest is \w+$")

    def test_the_price_is_the_same_every_time(self):
        first = self.rulec("price", CHEAP)
        self.assertEqual(first.returncode, 0)
        self.assertEqual(first.stdout, self.rulec("price", CHEAP).stdout)
        self.assertRegex(first.stdout, r"the first stage of all 1 rules: \d+\.\d+ GB/s")


if __name__ == "__main__":
    unittest.main()

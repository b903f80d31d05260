"""Letting a person say no: comments, lists, baselines; and what the configuration can say."""
import hashlib
import json
import unittest

from support.scans import ScanCase, token

LINE = f'x = "{token()}"'


class Comments(ScanCase):
    def test_on_the_line_with_or_without_a_reason(self):
        comments = ["# stanch:allow", "# stanch:allow a public sandbox", "// gitleaks:allow", "# pragma: allowlist secret",
                    "/* pragma: whitelist secret */", "# pragma:allowlist-secret"]
        for comment in comments:
            self.write("a.py", f"{LINE} {comment}\n")
            said = self.scan()
            self.assertEqual((said.code, said.paths), (0, []), comment)
            self.assertEqual(self.scan("--no-allow").paths, ["a.py"], comment)
        self.assertIn(b"1 allowed by comments", self.run_stanch("scan").out)

    def test_on_the_line_before(self):
        self.write("a.py", f"# pragma: allowlist nextline secret\n{LINE}\n{LINE.replace(token(), token(2))}\n")
        self.assertEqual([p[1] for p in self.scan().places], [3])

    def test_other_comments_and_other_lines_allow_nothing(self):
        self.write("a.py", f"# stanch:allow\n{LINE}\n# pragma: allowlist secret\n{LINE.replace(token(), token(2))} # pragma: nothing\n")
        self.assertEqual([p[1] for p in self.scan().places], [2, 4])


class Lists(ScanCase):
    def setUp(self):
        super().setUp()
        self.git("init", "-q")
        self.write("src/a.py", f"\n{LINE}\n")
        self.write("src/b.py", f"{LINE.replace(token(), token(2))}\n")
        self.ids = [f["fingerprint"] for f in self.scan().findings]

    def test_ignore_files(self):
        self.write(".stanchignore", f"# ours\n{self.ids[0]} # the sandbox\n")
        self.write(".gitleaksignore", "src/b.py:github-token:1\n")
        said = self.scan()
        self.assertEqual((said.code, said.paths), (0, []))
        self.assertEqual(self.scan(cwd=self.top / "src").paths, [])
        self.assertEqual(len(self.scan("--no-ignore").paths), 2)
        self.write("src/a.py", f"\n\n\n\n{LINE}\n")
        self.assertEqual(self.scan().paths, [])

    def test_stale_lines_are_told_by_a_whole_scan_only(self):
        self.write(".stanchignore", "0" * 32 + "\n")
        self.assertIn(".stanchignore:1: stale", self.scan().err)
        self.assertNotIn("stale", self.scan("src/a.py").err)

    def test_a_broken_line_is_an_error(self):
        self.write(".stanchignore", "\nsrc/*.py\n")
        said = self.scan()
        self.assertEqual(said.code, 2)
        self.assertIn(".stanchignore:2", said.err)

    def test_a_baseline_of_our_own(self):
        said = self.scan("--write-baseline", "base")
        self.assertEqual((said.code, said.out), (0, b""))
        entries = [json.loads(line) for line in (self.top / "base").read_text().splitlines()]
        self.assertEqual([e["fingerprint"] for e in entries], sorted(self.ids))
        self.assertEqual({e["path"] for e in entries}, {"src/a.py", "src/b.py"})
        self.assertNotIn(token(), (self.top / "base").read_text())
        self.write("moved/c.py", "\n" * 9 + f"{LINE}\n")
        (self.top / "src/a.py").unlink()
        self.assertEqual((self.scan("--baseline", "base").code, self.scan().code), (0, 1))
        (self.top / "moved/c.py").unlink()
        self.assertIn("stale baseline entry", self.scan("--baseline", "base").err)

    def test_reasons_survive_and_ended_entries_hide_nothing(self):
        self.scan("--write-baseline", "base")
        entries = [json.loads(line) for line in (self.top / "base").read_text().splitlines()]
        entries[0] |= {"reason": "a test account", "owner": "ann", "expires": "2020-01-31"}
        (self.top / "base").write_text("".join(json.dumps(e) + "\n" for e in entries))
        said = self.scan("--baseline", "base")
        self.assertEqual([f["fingerprint"] for f in said.findings], [entries[0]["fingerprint"]])
        self.assertIn("ended on 2020-01-31", said.err)
        self.scan("--write-baseline", "base")
        self.assertIn('"reason":"a test account"', (self.top / "base").read_text().replace(": ", ":"))

    def test_the_projects_own_baseline_is_read_by_itself(self):
        self.scan("--write-baseline", ".stanch-baseline")
        self.assertEqual((self.scan().code, self.scan("--no-baseline").code), (0, 1))

    def test_reports_of_other_scanners(self):
        report = self.run_stanch("scan", "-f", "gitleaks", "--reveal", "-o", "leaks.json")
        self.assertEqual(report.code, 1)
        self.write("src/a.py", f"\n\n\n{LINE}\n")
        self.assertEqual(self.scan("src", "--baseline", "leaks.json").code, 0)
        results = {"src/a.py": [{"type": "GitHub Token", "filename": "src/a.py", "line_number": 2,
                                 "hashed_secret": hashlib.sha1(token().encode()).hexdigest(), "is_verified": False}]}
        self.write(".secrets.baseline", json.dumps({"version": "1.5.0", "plugins_used": [], "filters_used": [],
                                                    "results": results, "generated_at": "2026-01-01T00:00:00Z"}))
        (self.top / "leaks.json").unlink()
        self.assertEqual(self.scan("src", "--baseline", ".secrets.baseline").paths, ["src/b.py"])

    def test_a_baseline_that_is_not_there_or_broken(self):
        self.assertEqual(self.scan("--baseline", "none").code, 2)
        self.write("base", "{}{")
        self.assertEqual(self.scan("--baseline", "base").code, 2)


class Configuration(ScanCase):
    def setUp(self):
        super().setUp()
        self.write("src/a.py", LINE)
        self.write("gen/b.py", LINE)

    def test_both_files_upward_from_the_path(self):
        self.write("stanch.toml", '[scan]\nexclude = ["gen/"]\nformat = "csv"\n')
        self.assertEqual(self.scan().paths, ["src/a.py"])
        self.assertTrue(self.run_stanch("scan", cwd=self.top / "src").out.startswith(b"path,line"))
        self.assertEqual(self.scan("gen/b.py").paths, [])
        (self.top / "stanch.toml").rename(self.top / "c.toml")
        self.assertEqual(len(self.scan().paths), 2)
        self.assertEqual(self.scan("--config", "c.toml").paths, ["src/a.py"])
        self.write("pyproject.toml", '[project]\nname = "x"\n[tool.stanch.scan]\nexclude = ["/src"]\n')
        self.assertEqual(self.scan().paths, ["gen/b.py"])

    def test_mistakes_have_a_place_and_a_neighbour(self):
        for text, what in (('[scan]\nexcldue = []\n', "stanch.toml:2:1: unknown key 'excldue' in [scan]"),
                           ('[scan]\nthreads = "two"\n', "'threads' in [scan] must be a whole number"),
                           ('[scan]\nthreads = -1\n', "stanch.toml:2"), ('[scan\n', "stanch.toml:1:")):
            self.write("stanch.toml", text)
            said = self.scan()
            self.assertEqual(said.code, 2, text)
            self.assertIn(what, said.err)
        self.write("stanch.toml", "[scan]\nexcldue = []\n")
        self.assertIn("did you mean 'exclude'?", self.scan().err)

    def test_rules_of_gitleaks_are_taken_where_a_project_has_them(self):
        self.write(".gitleaks.toml", "[[rules]]\nid = \"mine\"\nregex = '''mine_[a-z]{8}'''\n")
        self.write("c.txt", "mine_abcdefgh\n")
        self.assertEqual([f["rule"] for f in self.scan().findings], ["mine"])
        self.write(".gitleaks.toml", "title = \"nothing\"\n")
        self.assertEqual(self.scan().code, 2)
        self.write(".gitleaks.toml", "[[rules]]\nid = \"bad\"\nregex = '''a(b'''\n")
        said = self.scan()
        self.assertEqual(said.code, 2)
        self.assertIn("bad", said.err)


if __name__ == "__main__":
    unittest.main()

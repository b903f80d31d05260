"""`stanch run` on a real terminal (a pty), on pipes, and with programs that fork, daemonize and close their output."""
import base64
import json
import os
import pathlib
import random
import signal
import string
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

from support.terminal import Terminal

STANCH = os.environ["STANCH"]
KEY = "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=32))


class Run(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.env(f"API_KEY={KEY}\nDEBUG=1\n")

    def env(self, text, name=".env"):
        pathlib.Path(self.folder.name, name).write_text(text)

    def run_it(self, *words, **keys):
        return subprocess.run([STANCH, "run", *words], cwd=self.folder.name, capture_output=True, timeout=60, **keys)

    def terminal(self, *words):
        return Terminal([STANCH, "run", *words], self.folder.name)

    # ---- what the command sees and how it ends

    def test_exit_codes(self):
        for flags in ([], ["--mask"]):
            for code in (0, 1, 2, 3, 77, 125, 126, 127, 255):
                self.assertEqual(self.run_it(*flags, "--", "sh", "-c", f"exit {code}").returncode, code)
            self.assertEqual(self.run_it(*flags, "--", "no-such-command").returncode, 127)
            self.assertEqual(self.run_it(*flags, "--", "/etc/passwd").returncode, 126)

    def test_signals_end_it_as_they_end_the_command(self):
        for flags in ([], ["--mask"]):
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGABRT, signal.SIGPIPE, signal.SIGUSR1):
                done = self.run_it(*flags, "--", "sh", "-c", f"kill -{int(number)} $$")
                self.assertEqual(done.returncode, -number, flags)

    def test_signals_that_are_sent_to_it_reach_the_command(self):
        program = ("import signal,sys,time\n"
                   "def on(n, f): print('got', n, flush=True); sys.exit(9)\n"
                   "for n in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1): signal.signal(n, on)\n"
                   "print('ready', flush=True)\ntime.sleep(20)")
        for flags in ([], ["--mask"]):
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1):
                process = subprocess.Popen([STANCH, "run", *flags, "--", sys.executable, "-c", program],
                                           cwd=self.folder.name, stdout=subprocess.PIPE)
                process.stdout.readline()
                process.send_signal(number)
                self.assertEqual(process.stdout.read(), b"got %d\n" % number)
                self.assertEqual(process.wait(), 9)
                process.stdout.close()

    def test_the_core_limit_and_the_signals_are_as_they_were(self):
        program = "import resource,signal;print(resource.getrlimit(resource.RLIMIT_CORE),signal.getsignal(signal.SIGPIPE))"
        plain = subprocess.run([sys.executable, "-c", program], capture_output=True).stdout
        for flags in ([], ["--mask"]):
            self.assertEqual(self.run_it(*flags, "--", sys.executable, "-c", program).stdout, plain)

    # ---- on a terminal

    def test_window_size_and_colours(self):
        terminal = self.terminal("--mask", "--", sys.executable, "-c",
                                 "import os,sys,signal,time\n"
                                 "print(sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty())\n"
                                 "time.sleep(.3)\nprint('size', *os.get_terminal_size(), flush=True)\n"
                                 "print('\\033[31mred\\033[0m', os.environ['TERM'], flush=True)\n"
                                 "signal.signal(signal.SIGWINCH, lambda *_: (print('now', *os.get_terminal_size(), flush=True), sys.exit(5)))\n"
                                 "print('ready', flush=True)\ntime.sleep(20)")
        terminal.read_until(b"ready")
        terminal.resize(50, 132)
        status = terminal.end()
        self.assertIn(b"True True True", terminal.seen)
        self.assertIn(b"size 77 33", terminal.seen)
        self.assertIn(b"\033[31mred\033[0m xterm-256color", terminal.seen)
        self.assertIn(b"now 132 50", terminal.seen)
        self.assertEqual(os.waitstatus_to_exitcode(status), 5)

    def test_control_c_ends_the_command(self):
        terminal = self.terminal("--mask", "--", "sh", "-c", "echo ready; sleep 30")
        terminal.read_until(b"ready")
        terminal.type(b"\x03")
        self.assertEqual(os.waitstatus_to_exitcode(terminal.end()), -signal.SIGINT)

    def test_what_is_typed_is_masked_too_and_the_end_of_input_arrives(self):
        terminal = self.terminal("--mask", "--", "sh", "-c", "echo ready; exec cat")
        terminal.read_until(b"ready")  # until then the outer terminal still echoes by itself
        terminal.type(b"hello\n")
        terminal.read_until(b"hello\r\nhello")
        terminal.type(KEY.encode() + b"\n")
        terminal.read_until(b"***\r\n***")
        terminal.type(b"\x04")
        self.assertEqual(os.waitstatus_to_exitcode(terminal.end()), 0)
        self.assertNotIn(KEY[4:].encode(), terminal.seen)

    def test_a_prompt_does_not_wait(self):
        terminal = self.terminal("--mask", "--", "sh", "-c", f"printf '{KEY[:3]}'; sleep 30")
        terminal.read_until(KEY[:3].encode(), 5)
        terminal.type(b"\x03")
        terminal.end()

    def test_job_control_in_a_shell(self):
        """^Z stops the job, bg and fg let it go on, and the shell keeps its terminal."""
        for flags in ("", "--mask"):
            terminal = Terminal(["bash", "--norc", "-i"], self.folder.name)
            terminal.read_until(b"ready> ")
            terminal.type(f"{STANCH} run {flags} -- sh -c 'echo sta''rted; read x; echo got $x; exit 6'\n".encode())
            terminal.read_until(b"started")
            time.sleep(0.3)
            terminal.type(b"\x1a")
            terminal.read_until(b"Stopped")
            terminal.type(b"jobs; echo in''between\n")
            terminal.read_until(b"inbetween")
            terminal.type(b"fg\n")
            time.sleep(0.5)
            terminal.type(b"line\n")
            # What is typed before the prompt is back may still go to the command, which then ends without reading it.
            terminal.read_until(b"got line")
            terminal.seen = terminal.seen.partition(b"got line")[2]
            terminal.read_until(b"ready> ")
            terminal.type(b"echo code $?\n")
            terminal.read_until(b"code 6")
            terminal.type(b"exit\n")
            terminal.end()

    def test_only_standard_output_is_redirected(self):
        target = pathlib.Path(self.folder.name, "out")
        terminal = Terminal(["sh", "-c", f"{STANCH} run --mask -- sh -c 'test -t 1 || echo file $API_KEY; test -t 2 && echo tty $API_KEY >&2' > out"],
                            self.folder.name)
        self.assertEqual(terminal.end(), 0)
        self.assertEqual(target.read_text(), "file ***\n")
        self.assertIn(b"tty ***\r\n", terminal.seen)

    # ---- processes that do not end as one expects

    def test_a_daemon_that_keeps_the_output_does_not_hold_anything_up(self):
        program = "import os,sys,time\nif os.fork() == 0:\n os.setsid()\n time.sleep(2)\n print('late', os.environ['API_KEY'], flush=True)\n os._exit(0)\nprint('now')\nsys.exit(3)"
        start = time.monotonic()
        process = subprocess.Popen([STANCH, "run", "--mask", "--", sys.executable, "-c", program], cwd=self.folder.name,
                                   stdout=subprocess.PIPE)
        self.assertEqual(process.wait(), 3)
        self.assertLess(time.monotonic() - start, 1.8)
        self.assertEqual(process.stdout.read(), b"now\nlate ***\n")
        process.stdout.close()
        terminal = self.terminal("--mask", "--", sys.executable, "-c", program)
        terminal.read_until(b"late ***")
        self.assertEqual(os.waitstatus_to_exitcode(terminal.end()), 3)

    def test_a_command_that_closes_its_output(self):
        done = self.run_it("--mask", "--", sys.executable, "-c",
                           "import os,time; os.write(1,b'first'); os.close(1); os.close(2); time.sleep(.3); os._exit(8)")
        self.assertEqual((done.returncode, done.stdout), (8, b"first"))

    def test_a_reader_that_goes_away(self):
        done = subprocess.run(["bash", "-c", f"set -o pipefail; {STANCH} run --mask -- yes | head -1; echo ${{PIPESTATUS[0]}}"],
                              cwd=self.folder.name, capture_output=True, timeout=30)
        self.assertEqual(done.stdout, b"y\n141\n")

    def test_children_of_children(self):
        done = self.run_it("--mask", "--", "sh", "-c", "(echo a $API_KEY; (echo b $API_KEY >&2) & wait) & wait; echo c")
        self.assertEqual((done.stdout, done.stderr), (b"a ***\nc\n", b"b ***\n"))

    # ---- values

    def test_a_hundred_values_of_1_byte_to_64_KiB(self):
        random.seed(3)
        sizes = [1, 2, 3, 4, 65536 - 16] + [random.randint(1, 20000) for _ in range(95)]
        values = {f"VALUE_{i}": "".join(random.choices(string.ascii_letters + string.digits, k=size)) for i, size in enumerate(sizes)}
        self.env("".join(f"{name}={value}\n" for name, value in values.items()))
        program = "import os,json;print(json.dumps({k:v for k,v in os.environ.items() if k.startswith('VALUE_')}))"
        done = self.run_it("--", sys.executable, "-c", program)
        self.assertEqual(json.loads(done.stdout), values)
        declared = "".join(f"[credential.{name}]\n" for name in values)
        pathlib.Path(self.folder.name, "stanch.toml").write_text(declared)
        done = self.run_it("--mask", "--", sys.executable, "-c", program)
        printed = json.loads(done.stdout)
        for name, value in values.items():
            if len(value) >= 4:
                self.assertEqual(printed[name], "***", name)
        self.assertIn(b"VALUE_0 is too short to be masked", done.stderr)

    def test_layers_and_who_wins(self):
        self.env("A=1\nB=1\nC=1\nD=1\n")
        self.env("B=2\n", ".env.local")
        self.env("C=3\n", ".env.test")
        self.env("D=4\n", ".env.test.local")
        show = ["--", "sh", "-c", "echo $A $B $C $D"]
        self.assertEqual(self.run_it("-e", "test", *show, env={**os.environ, "A": "0"}).stdout, b"0 2 3 4\n")
        self.assertEqual(self.run_it("-e", "test", "--override", *show, env={**os.environ, "A": "0"}).stdout, b"1 2 3 4\n")
        self.assertEqual(self.run_it(*show).stdout, b"1 2 1 1\n")

    def test_only_and_clean(self):
        pathlib.Path(self.folder.name, "stanch.toml").write_text("[credential.API_KEY]\n[credential.GIVEN]\n")
        environment = {"PATH": os.environ["PATH"], "HOME": "/home/x", "OTHER": "o", "GIVEN": "g",
                       **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
        names = lambda *flags: set(self.run_it(*flags, "--", "env", env=environment).stdout.decode().split())
        self.assertIn("DEBUG=1", names())
        self.assertNotIn("DEBUG=1", names("--only"))
        self.assertEqual(names("--only", "--clean"),
                         {"PATH=" + os.environ["PATH"], "HOME=/home/x", "GIVEN=g", "API_KEY=" + KEY})

    def test_references(self):
        pathlib.Path(self.folder.name, "secret").write_text("from a file\n")
        self.env("A=file://secret\nB=\"exec:printf '%s-%s' 'x y' z\"\n")
        self.assertEqual(self.run_it("--", "sh", "-c", "echo $A $B").stdout, b"from a file x y-z\n")
        self.env("A=exec:false\n")
        done = self.run_it("--", "true")
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"A: the command of exec: ended with 1", done.stderr)
        self.env("A=aws-sm://x\n")
        self.assertEqual(self.run_it("--", "true").returncode, 3)

    def test_a_required_credential_without_a_value(self):
        pathlib.Path(self.folder.name, "stanch.toml").write_text("[credential.MISSING]\n")
        done = self.run_it("--", "true")
        self.assertEqual((done.returncode, b"MISSING" in done.stderr), (1, True))

    def test_watch_starts_it_again(self):
        process = subprocess.Popen([STANCH, "run", "--watch", "--", "sh", "-c", "echo $API_KEY; exec sleep 30"], cwd=self.folder.name,
                                   stdout=subprocess.PIPE)
        self.assertEqual(process.stdout.readline(), KEY.encode() + b"\n")
        self.env("API_KEY=another\n")
        self.assertEqual(process.stdout.readline(), b"another\n")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), -signal.SIGTERM)
        process.stdout.close()

    # ---- masking

    def test_every_form_of_a_secret(self):
        value = 'p@ss/wörd "q" \\ & <x> é+' + KEY
        self.env("SECRET_KEY='" + value.replace("\\", "\\\\").replace("'", "\\'") + "'\n")
        program = """
import base64,json,os,urllib.parse as u
v=os.environ['SECRET_KEY']; b=v.encode()
print(v); print(json.dumps(v)); print(json.dumps(v, ensure_ascii=False)); print(json.dumps(v).replace('/', '\\\\/'))
print(u.quote(v)); print(u.quote(v, safe='')); print(u.quote_plus(v)); print(u.urlencode({'a': v}))
for before in (b'', b'a', b'ab', b'abc', b'abcd'):
    for after in (b'', b'x', b'xy'):
        print(base64.b64encode(before + b + after).decode()); print(base64.urlsafe_b64encode(before + b + after).decode())
print(repr(v))
"""
        done = self.run_it("--mask", "--", sys.executable, "-c", program)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn(KEY[4:16].encode(), done.stdout)
        for piece in (value[:20], base64.b64encode(value.encode()).decode()[4:20], urllib.parse.quote(value)[:12]):
            self.assertNotIn(piece.encode(), done.stdout)
        for line in done.stdout.decode().splitlines():
            self.assertIn("***", line)
            self.assertLess(len(line), 24, line)

    def test_debug_is_not_a_secret(self):
        self.env(f"API_KEY={KEY}\nDEBUG=1\nPORT=8080\nLOG_LEVEL=info\nHOST=localhost\nDEBUG_TOKEN=true\n")
        done = self.run_it("--mask", "--", "sh", "-c", "echo 1 8080 info localhost true $API_KEY")
        self.assertEqual(done.stdout, b"1 8080 info localhost true ***\n")

    def test_a_declaration_decides(self):
        self.env("COLOUR=blue-ish\nAPI_KEY=not-so-secret-1\n")
        pathlib.Path(self.folder.name, "stanch.toml").write_text("[credential.COLOUR]\n[credential.API_KEY]\nsensitive = false\n")
        done = self.run_it("--mask", "--", "sh", "-c", "echo $COLOUR $API_KEY")
        self.assertEqual(done.stdout, b"*** not-so-secret-1\n")

    def test_a_key_of_many_lines(self):
        lines = ["".join(random.Random(i).choices(string.ascii_letters + string.digits, k=64)) for i in range(5)]
        begin = "-----BEGIN " + "PRIVATE KEY-----"
        pem = "\n".join([begin, *lines, "-----END " + "PRIVATE KEY-----"])
        self.env(f'KEY="{pem}"\n')
        done = self.run_it("--mask", "--", "sh", "-c", 'echo "$KEY"; echo "$KEY" | sed "s/^/  /"')
        for line in lines:
            self.assertNotIn(line.encode(), done.stdout)
        terminal = self.terminal("--mask", "--", "sh", "-c", 'echo "$KEY"')
        terminal.end()
        self.assertNotIn(lines[2].encode(), terminal.seen)


if __name__ == "__main__":
    unittest.main()

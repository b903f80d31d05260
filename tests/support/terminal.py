"""A program on a terminal of its own (a pty), as a shell would start it."""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time


class Terminal:
    def __init__(self, command, folder, size=(33, 77), environment=None):
        environment = environment or {**os.environ, "TERM": "xterm-256color", "PS1": "ready> "}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
            os.execvpe(command[0], command, environment)
        self.seen = b""

    def read_until(self, text, seconds=20):
        end = time.monotonic() + seconds
        while text not in self.seen and time.monotonic() < end:
            if not self.read_some(end - time.monotonic()):
                break
        assert text in self.seen, (text, self.seen)

    def read_some(self, seconds):
        ready, _, _ = select.select([self.fd], [], [], max(0, seconds))
        try:
            data = os.read(self.fd, 65536) if ready else b""
        except OSError:
            data = b""
        self.seen += data
        return data

    def type(self, text):
        os.write(self.fd, text)

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def end(self, seconds=20):
        end = time.monotonic() + seconds
        while self.read_some(end - time.monotonic()):
            pass
        if time.monotonic() >= end:  # it still runs: a failure, not a test that never ends
            os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return status

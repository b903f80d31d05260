"""Values that tests recognise wherever they turn up. All of one run of ctest hold its mark; when its last test is over, the
search looks for the mark through all that a leak could have reached.

    canaries.py mark FILE     a new mark, before the first test
    canaries.py search FILE   exit 1 and the places where it is found (never what is there)
"""
import base64
import os
import pathlib
import secrets
import sys
import tempfile
import urllib.parse

LARGEST = 256 << 20  # bytes of a file that are looked at


def new_mark():
    return "cnry" + secrets.token_hex(8)


def read_mark():
    file = os.environ.get("STANCH_CANARY_MARK")
    return pathlib.Path(file).read_text().split()[0] if file and os.path.exists(file) else new_mark()


MARK = read_mark()


def canary(word=""):
    """a value for a test"""
    return MARK + word


def key():
    """64 bytes for a test, the first 16 of which are the mark's"""
    return key_mark(MARK) + os.urandom(48)


def key_mark(mark):
    return bytes.fromhex(mark[4:]) + bytes.fromhex(mark[4:])[::-1]


def base64_forms(data):
    """what base64 makes of it wherever it begins within a longer text"""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + data)
        start = (before * 8 + 5) // 6
        whole = text[start:(before + len(data)) * 8 // 6]
        yield from (whole, whole.replace(b"+", b"-").replace(b"/", b"_"))


def forms(mark):
    text, raw = mark.encode(), key_mark(mark)
    out = {text, raw, mark.encode("utf-16-le"), mark.encode("utf-16-be"), "".join(f"%{b:02x}" for b in text).encode(),
           "".join(f"%{b:02X}" for b in text).encode(), urllib.parse.quote_from_bytes(raw).encode()}
    for data in (text, raw):
        out |= {data.hex().encode(), data.hex().upper().encode(), *base64_forms(data)}
    return out


def files_since(folder, start):
    """files below that were written or changed since then, on the same file system"""
    device = os.lstat(folder).st_dev
    for top, names, files in os.walk(folder, onerror=lambda _: None):
        names[:] = [n for n in names if here(os.path.join(top, n), device)]
        for name in files:
            path = os.path.join(top, name)
            try:
                info = os.lstat(path)
            except OSError:
                continue
            if info.st_ctime >= start and (info.st_mode & 0o170000) == 0o100000:
                yield path


def here(folder, device):
    try:
        return os.lstat(folder).st_dev == device
    except OSError:
        return False


def holds(path, needles):
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST)
    except OSError:
        return False
    return any(needle in data for needle in needles)


def core_folder():
    pattern = pathlib.Path("/proc/sys/kernel/core_pattern")
    text = pattern.read_text().strip() if pattern.exists() else ""
    return str(pathlib.Path(text).parent) if text.startswith("/") else None


def processes():
    for pid in filter(str.isdigit, os.listdir("/proc")) if os.path.isdir("/proc") else ():
        yield from (f"/proc/{pid}/cmdline", f"/proc/{pid}/environ")


def search(mark, start, folders, others=()):
    """where the mark is: files below the folders that are not older than the mark, processes, the kernel's list of keys"""
    needles = forms(mark)
    paths = {path for folder in folders if folder and os.path.isdir(folder) for path in files_since(folder, start)}
    return sorted(path for path in [*paths, *processes(), "/proc/keys", *others] if holds(path, needles))


def main(action, file):
    file = pathlib.Path(file)
    if action == "mark":
        file.write_text(new_mark() + "\n")
        return 0
    build = file.parent  # ctest's log is there
    folders = {os.path.expanduser("~"), tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm", core_folder(), str(build / "Testing")}
    mark, start = file.read_text().split()[0], file.stat().st_mtime - 1
    file.unlink()
    found = search(mark, start, folders)
    for path in found:
        print("a canary is in", path)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

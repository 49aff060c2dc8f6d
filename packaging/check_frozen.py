"""Runs a built CrisisDesk as its user would, and says what is not as it must be: check_frozen.py PROGRAM.

Any line where errors are written, any part that is missing, any socket of a network, any file of the program that
others may write to or that was written to, anything unpacked: it fails. Needs nothing but Python 3.9; on Linux strace,
and Xvfb where there is no screen.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from frozen.desktop import Desktop
from frozen.running import Program, Ran, Server, seconds_to_window
from frozen.screen import Screen

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "tests" / "data" / "hsds" / "service_full.json"
TITLE = "CrisisDesk"
_PASSPHRASE = "trial lantern orbit walnut ferry moss"  # noqa: S105  of no vault but the self-tests'
_WRONG, _REFUSED = 3, 1  # what the program ends with: a wrong passphrase; anything else that it refuses
_MANY_WORDS = 40  # on each page of a packet there are more
_STARTS = 3  # the quickest start is the least disturbed
_SLOWEST = 2.0  # times as long as from its sources


class Check:
    """One look at one program: ``wrong`` gathers what is not as it must be."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.wrong: list[str] = []
        self.facts: dict[str, object] = {}

    def expect(self, holds: object, words: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.wrong.append(words)

    def answer(self, *words: str, secret: str = "") -> dict[str, object]:
        """Run it, expect it to be content, and return what it answers in JSON."""
        ran = self.program.run(*words, "--json", secret=secret)
        name = " ".join(word for word in words if not word.startswith(("-", "@", "/")))
        self.expect(ran.code == 0, f"{name}: ended with {ran.code}")
        self.expect(not ran.err, f"{name}: said on stderr: {ran.err.strip()}")
        try:
            told = json.loads(ran.out)
        except ValueError:
            self.wrong.append(f"{name}: answered {ran.out[:200]!r}")
            return {}
        return told if isinstance(told, dict) else {}

    def refuses(self, ran: Ran, code: int, words: str) -> None:
        """Expect a refusal in one sentence."""
        is_one = ran.err.startswith("crisisdesk: ") and ran.err.count("\n") == 1
        self.expect(ran.code == code and is_one and words in ran.err, f"refused with {ran.code}: {ran.err.strip()}")

    # What is done with it

    def of_itself(self) -> None:
        """Ask what it says of itself."""
        ran = self.program.run("--version")
        self.expect(ran.code == 0 and ran.out.startswith("CrisisDesk ") and not ran.err, f"--version: {ran}")
        told = self.answer("--diag")
        parts = told.get("parts")
        self.expect(told.get("frozen") is True, "it does not know that it is packaged")
        self.expect(told.get("cipher_version_ok") is True, f"its cipher is {told.get('cipher_version')}")
        self.expect(told.get("first_bytes_are_plain") is False, "its vault is not encrypted")
        self.expect(isinstance(parts, dict) and "-" not in parts.values(), f"it does not know its parts: {parts}")
        whole = str(told.get("program_files"))
        self.expect(whole.endswith(" as built") and "not" not in whole, f"its files: {whole}")
        self.facts["diag"] = {name: told.get(name) for name in ("app", "python", "cipher_version", "program_files")}

    def walk(self) -> None:
        """Have it walk through itself: vaults, words, a list in its own process, paper, an older and a newer vault."""
        home = self._folder("walk")
        directory = home.with_name("list.json")
        directory.write_bytes(LIST.read_bytes())
        self.program.own(directory)
        inside = self.program.inside
        told = self.answer("selftest", "walk", "--home", inside(home), "--list", inside(directory))
        for name, must in _WALK.items():
            self.expect(told.get(name) == must, f"walk, {name}: {told.get(name)}")
        desk, newer = told.get("desk"), str(told.get("newer"))
        if not isinstance(desk, dict):
            self.wrong.append(f"walk, desk: {desk}")
            return
        pages = desk.get("pages") or [0]
        self.expect(desk.get("found") is True and desk.get("brought") == 1, f"walk, desk: {desk}")
        self.expect(len(pages) == desk.get("printed") and min(pages) >= _MANY_WORDS, f"walk, pages: {desk}")
        self.expect("newer CrisisDesk" in newer, f"a newer vault: {newer!r}")
        paper = home / "packet.pdf"
        content = paper.read_bytes() if paper.exists() else b""
        self.expect(content.startswith(b"%PDF-") and b"%%EOF" in content[-64:], "the packet that was printed is no PDF")
        count = content.count(b"/Type /Page\n") + content.count(b"/Type /Page ")
        self.expect(count == len(pages), f"the packet that was printed has {count} pages")
        self.facts["pages"] = pages
        if sys.platform != "win32":
            newer_vault = ("backup", "make", "--vault", inside(home / "newer"), "--pass-fd", "@")
            self.refuses(self.program.run(*newer_vault, secret=_PASSPHRASE), _REFUSED, "newer CrisisDesk")

    def verbs(self) -> None:
        """Use it as whoever looks after computers would; Windows passes no pipes on by their number."""
        if sys.platform == "win32":
            return
        inside, home, right = self.program.inside, self.program.home, _PASSPHRASE
        new = ("--vault", inside(home / "vault"), "--pass-fd", "@")
        self.expect(self.answer("vault", "create", *new, secret=right).get("recovery_code"), "no recovery code")
        place = ("--vault", inside(home / "walk" / "vault"), "--pass-fd", "@")  # its key is quickly derived
        self.refuses(self.program.run("vault", "verify", *place, secret=f"{right}s"), _WRONG, "passphrase")
        made = self.answer("backup", "make", *place, secret=right)
        self.answer("backup", "verify", str(made.get("file")), "--pass-fd", "@", secret=right)
        back = ("--to", inside(home / "restored"), "--pass-fd", "@")
        restored = self.answer("backup", "restore", str(made.get("file")), *back, secret=right)
        self.expect(made.get("digest") and restored.get("digest") == made.get("digest"), f"restored: {restored}")
        self.expect(self.answer("audit", "verify", *place, secret=right).get("sound"), "the audit log is not sound")
        listed = self.answer("import", "--dry-run", inside(home / "list.json"), *place, secret=right)
        self.expect(listed.get("services") == 1, f"the list: {listed}")

    def window(self, screen: Screen | Desktop) -> None:
        """Start its window and close it as she would."""
        process = self.program.start()
        window = screen.painted(TITLE, 60, lambda: process.poll() is None)
        if window is None:
            process.kill()
            self.wrong.append(f"no window was painted: {process.communicate()[1].strip()}")
            return
        self.wrong += [f"a connection to a network: {line}" for line in screen.connections(process.pid)]
        screen.close(window)
        out, err = process.communicate(timeout=60)
        self.expect(process.returncode == 0, f"the window ended with {process.returncode}")
        self.expect(not out and not err, f"the window said: {out}{err}".strip())

    def start(self, screen: Screen | Desktop, source: str) -> None:
        """Measure its start against that of its sources, in turn."""
        own = min(seconds_to_window(self.program, screen, TITLE) for _turn in range(_STARTS))
        self.facts["seconds to the window"] = round(own, 2)
        if source:
            sources = Program(Path(source), display=self.program.display, before=("-P", "-m", "crisisdesk"), at=ROOT)
            theirs = min(seconds_to_window(sources, screen, TITLE) for _turn in range(_STARTS))
            sources.forget()
            self.facts["start, times that from its sources"] = round(own / theirs, 2)
            self.expect(own <= _SLOWEST * theirs, f"it starts {own / theirs:.1f} times as slowly as from its sources")

    # What it left behind

    def traces(self, before: dict[str, tuple[int, int, int]]) -> None:
        """Look for sockets, for files that were unpacked, and for what was written to the program itself."""
        self.wrong += [f"a socket of a network: {line}" for line in self.program.sockets()]
        self.expect(not self.program.is_watched or self.program.was_watched(), "strace saw nothing")
        self.wrong += [f"unpacked: {path}" for path in self.program.unpacked()]
        after = snapshot(self.program.folder)
        changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
        self.wrong += [f"the program wrote to itself: {path}" for path in changed]
        if sys.platform != "win32":  # there, the folder's list of rights says it
            others = [path for path, (_size, _time, mode) in after.items() if mode & 0o022]
            self.wrong += [f"others may write to {path}" for path in others]
        self.facts["files"] = len(after)
        self.facts["megabytes"] = round(sum(size for size, _time, _mode in after.values()) / 1e6, 1)

    def _folder(self, name: str) -> Path:
        made = self.program.home / name
        made.mkdir(mode=0o700)
        self.program.own(made)
        return made


_WALK: dict[str, object] = {
    "words": {
        "date": "2020-03-03",
        "holiday": "Thanksgiving",
        "phone": "(212) 555-0142",
        "sounds": True,
        "weak": "TOO_EASY",
        "suggested": 6,
    },
    "older": {"schema": 2, "backups": ["pre-migrate"]},
    "backup": {"same": True, "later": 0},
}


def snapshot(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return size, time and rights of every file of a program, by its path below the folder."""
    found = {path.relative_to(folder).as_posix(): path.lstat() for path in folder.rglob("*") if not path.is_symlink()}
    return {path: (its.st_size, its.st_mtime_ns, its.st_mode) for path, its in found.items()}


def look(program: Program, screen: Screen | Desktop | None, source: str = "") -> Check:
    """Do everything, and return what was found."""
    check = Check(program)
    before = snapshot(program.folder)
    check.of_itself()
    check.walk()
    check.verbs()
    if screen is not None:
        try:
            check.window(screen)
            check.start(screen, source)
        except (OSError, subprocess.SubprocessError) as error:
            check.wrong.append(f"its window: {error}")
    check.traces(before)
    return check


def main(arguments: list[str]) -> int:
    """Check what the arguments name, and return 0 if all is as it must be."""
    parser = argparse.ArgumentParser(prog="check_frozen.py", description=__doc__)
    parser.add_argument("program", type=Path, help="the program; with --root, its path in there")
    parser.add_argument("--root", type=Path, help="the system to start it in, with chroot")
    parser.add_argument("--user", default="", help="whose account to start it under, with --root")
    parser.add_argument("--no-window", action="store_true", help="leave the window out")
    parser.add_argument("--source", default="", metavar="PYTHON", help="compare the start with that from the sources")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write down what was found, as JSON")
    given = parser.parse_args(arguments)
    server = Server() if sys.platform == "linux" and not os.environ.get("DISPLAY") and not given.no_window else None
    try:
        display = server.display if server else os.environ.get("DISPLAY", "")
        path = given.root / str(given.program).lstrip("/") if given.root else given.program.absolute()
        program = Program(path, root=given.root, user=given.user, display="" if given.no_window else display)
        try:
            screen = None if given.no_window else Screen(display) if sys.platform == "linux" else Desktop()
            check = look(program, screen, given.source)
        finally:
            program.forget()
    finally:
        if server:
            server.end()
    found = {"wrong": check.wrong, **check.facts}
    if given.out:
        given.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write("".join(f"{name}: {fact}\n" for name, fact in check.facts.items()))
    sys.stdout.write("".join(f"NOT AS IT MUST BE: {words}\n" for words in check.wrong))
    return 1 if check.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Run the acceptance checks against the installed program and print a table: python3 dev.py selftest [M1 M8 …]."""

import argparse
import sys
import tempfile
import textwrap
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.selftest.checks import CHECKS, Check, NotRunError
from tests.selftest.program import Program

_AT_ONCE = 2  # checks; the longest, M8, beside all the others
_FEWER = 0.15  # of kills and flips, where only a breakage is to be shown
_FIRST = ("M8", "M9", "M5")  # the longest
_WIDE = 110


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    claim: str
    ran: str
    got: str
    outcome: str  # "pass", "FAIL", "not run", "noticed", "NOT NOTICED"
    seconds: float

    @property
    def is_good(self) -> bool:
        return self.outcome in {"pass", "noticed"}


def tried(name: str, program: Program, *, is_broken: bool) -> Row:
    """Run one check."""
    began = time.monotonic()
    check = Check(program, is_broken=is_broken, scale=_FEWER if is_broken else 1.0)
    try:
        CHECKS[name](check)
    except NotRunError as reason:
        check.got.append(f"not run: {reason}")
        outcome = "FAIL" if check.wrong else "not run"
    else:
        outcome = "FAIL" if check.wrong else "pass"
    if is_broken:
        outcome = {"FAIL": "noticed", "pass": "NOT NOTICED"}.get(outcome, outcome)
    got = "; ".join(check.got + [f"[must: {claim}]" for claim in check.wrong])
    claim = (CHECKS[name].__doc__ or "").strip()
    return Row(name, claim, ", ".join(dict.fromkeys(check.ran)), got, outcome, time.monotonic() - began)


def show(rows: Sequence[Row], title: str) -> None:
    """Print a table of what was run, what must be, what came of it."""
    sys.stdout.write(f"\n{title}\n")
    for row in rows:
        sys.stdout.write(f"{row.name:<4} {row.outcome:<12} {row.seconds:6.1f} s  {row.claim}\n")
        for label, text in (("ran", row.ran), ("got", row.got)):
            lines = textwrap.wrap(text, _WIDE) or ["-"]
            sys.stdout.write(f"       {label}  {lines[0]}\n")
            sys.stdout.write("".join(f"            {line}\n" for line in lines[1:]))


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py selftest", description=__doc__)
    parser.add_argument("checks", nargs="*", metavar="M", help="which ones; all without a word")
    parser.add_argument(
        "--break", action="store_true", dest="breaks", help="break each promise, too, and see it noticed"
    )
    parser.add_argument("--program", nargs="+", metavar="CMD", help="another installed program to check")
    parser.add_argument("--allow-missing", action="store_true", help="a check whose tool is missing does not fail")
    given = parser.parse_args()
    names = [name.upper() for name in given.checks] or list(CHECKS)
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        parser.error(f"{', '.join(unknown)}: there are {', '.join(CHECKS)}")
    if given.program and given.breaks:
        parser.error("only the program that is installed here can be broken")
    if sys.platform == "win32":
        parser.error("secrets are handed over through pipes by their number, which Windows does not pass on")
    good = {"pass", "noticed", *(["not run"] if given.allow_missing else [])}
    with tempfile.TemporaryDirectory(prefix="crisisdesk-selftest-") as scratch:
        folder = Path(scratch)
        program = Program(tuple(given.program), folder) if given.program else Program.install(folder)
        rows = run(names, program, is_broken=False)
        show(rows, "What must hold:")
        if given.breaks:
            broken = run(names, program, is_broken=True)
            show(broken, "Each promise broken on purpose; its check must notice:")
            rows += broken
    bad = [row.name for row in rows if row.outcome not in good]
    sys.stdout.write(f"\nNot as it must be: {', '.join(bad)}\n" if bad else "\nEvery check is as it must be.\n")
    return 1 if bad else 0


def run(names: Sequence[str], program: Program, *, is_broken: bool) -> list[Row]:
    """Run checks two at a time, the longest first; return them in the order asked for."""
    order = sorted(names, key=lambda name: (name not in _FIRST, _FIRST.index(name) if name in _FIRST else 0))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        rows = dict(zip(order, pool.map(lambda name: tried(name, program, is_broken=is_broken), order), strict=True))
    return [rows[name] for name in names]


if __name__ == "__main__":
    sys.exit(main())

"""Change key files in every way that an attacker could, and see that none is taken (M5, F9).

Each case stands for both files, the key file and its twin: where the twin is whole, a damaged key file does no harm.
"Refused" means that nothing opens: neither the passphrase gives a key, nor a key that it gave opens the database.
"""

import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crisisdesk.errors import DeskError
from crisisdesk.paths import VaultPaths
from crisisdesk.selftest import place
from crisisdesk.selftest.place import Trial
from crisisdesk.vault import access
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.slots import canonical
from crisisdesk.vault.store import Store

REFUSED, TWIN, OPENS, TAKEN = "found", "harmless", "opens", "MISSED"
MOST_MEMORY = 200  # MB that a hostile key file may make the program take

_OTHER_PASSPHRASE = "copper violin harvest lagoon sixty"  # noqa: S105  of no vault but this one
Plain = dict[str, Any]  # a key file's JSON


@dataclass(frozen=True)
class Result:
    """What became of one key file."""

    what: str
    outcome: str
    said: str = ""


class _Case:
    """A vault of which one case after the other spoils a copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trial = Trial.make(folder / "whole")
        self.clean = self.trial.paths.keys.read_bytes()
        self.plain: Plain = json.loads(self.clean)

    def copy(self) -> Trial:
        """Return the vault anew, as nobody has touched it."""
        shutil.rmtree(self.folder / "copy", ignore_errors=True)
        folder = shutil.copytree(self.trial.paths.folder, self.folder / "copy")
        return replace(self.trial, paths=VaultPaths(folder))

    def spoil(self, what: str, content: bytes, *, twin: bool = True) -> Result:
        """Write a key file over both, or over the first alone, and try to open."""
        trial = self.copy()
        trial.paths.keys.write_bytes(content)
        if twin:
            trial.paths.keys_twin.write_bytes(content)
        return judge(what, trial, trial.open, is_opening_right=not twin)


def judge(what: str, trial: Trial, act: Callable[[], Store], *, is_opening_right: bool) -> Result:
    """Try to open and say whether that went as it must."""
    before = trial.paths.database.read_bytes()
    try:
        act().close()
    except DeskError as refused:
        is_kept = trial.paths.database.read_bytes() == before
        good = not is_opening_right and is_kept
        return Result(what, REFUSED if good else TAKEN, str(refused))
    return Result(what, TWIN if is_opening_right else TAKEN)


def flips(seed: int, count: int) -> Iterator[Result]:
    """Flip single bits: in both files nothing opens, in one alone the other does."""
    dice = random.Random(seed)  # noqa: S311  repeatable, and no secret
    with tempfile.TemporaryDirectory(prefix="crisisdesk-trial-") as scratch:
        case = _Case(Path(scratch))
        for number in range(count):
            broken = bytearray(case.clean)
            broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
            yield case.spoil("bit in both files", bytes(broken))
            if number % 5 == 0:
                yield case.spoil("bit in the key file alone", bytes(broken), twin=False)


def manipulations() -> Iterator[Result]:
    """Try every manipulation that there is, and the ways in that must open or must no longer open."""
    with tempfile.TemporaryDirectory(prefix="crisisdesk-trial-") as scratch:
        case = _Case(Path(scratch))
        yield from _ways(case)
        for what, content in (*_texts(case), *_edits(case)):
            yield case.spoil(what, content)
        yield case.spoil("key file empty, twin whole", b"", twin=False)
        yield from _missing(case)
        yield from _old(case)


def _ways(case: _Case) -> Iterator[Result]:
    """Both codes and the passphrase open; what was taken away does not."""
    trial = case.copy()
    now, second = trial.clock.now(), RecoveryCode.random()
    master = trial.key()
    access.add_recovery(trial.paths, master, second, cost=place.QUICK)
    for name, code in (("recovery code A", trial.code), ("recovery code B", second)):
        opened = access.unlock_with_recovery(trial.paths, str(code), now=now)
        yield Result(f"{name} opens", OPENS if opened.secret == master.secret else TAKEN)
    yield Result("passphrase opens", OPENS if trial.key().secret == master.secret else TAKEN)
    last = access.slots_of(trial.paths, master)[-1]
    access.revoke(trial.paths, master, last.id)
    gone = replace(trial, code=second)

    def by_code() -> Store:
        key = access.unlock_with_recovery(gone.paths, str(second), now=now)
        return Store.open(gone.paths, key, gone.clock)

    yield judge("slot taken away", gone, by_code, is_opening_right=False)


def _texts(case: _Case) -> Iterator[tuple[str, bytes]]:
    """Yield what no key file looks like."""
    line = case.clean
    yield from (
        ("empty", b""),
        ("zeros", bytes(len(line))),
        ("cut in half", line[: len(line) // 2]),
        ("no line end", line.rstrip(b"\n")),
        ("a space more", line.replace(b'"gen":', b'"gen": ')),
        ("a line more", line + b"\n"),
        ("with a byte order mark", b"\xef\xbb\xbf" + line),
        ("as UTF-16", line.decode().encode("utf-16")),
        ("a field doubled", line.replace(b'{"cipher"', b'{"gen":1,"cipher"', 1)),
        ("one MB", line.rstrip() + b" " * 1_000_000),
        ("brackets without end", b"[" * 4000),
        ("not a number", line.replace(b'"gen":1', b'"gen":NaN')),
        ("a list", b"[" + line.strip() + b"]\n"),
        ("another program's", b'{"magic":"OTHER"}\n'),
    )


def _edits(case: _Case) -> Iterator[tuple[str, bytes]]:
    """Yield key files of the right form that say something else, without the key to vouch for it."""
    for what, edit in _EDITS.items():
        plain: Plain = json.loads(case.clean)
        edit(plain)
        yield what, canonical(plain) + b"\n"
    foreign = _foreign(case)
    yield "another vault's key file", foreign
    mixed: Plain = json.loads(case.clean)
    mixed["slots"] = json.loads(foreign)["slots"]
    yield "another vault's slots", canonical(mixed) + b"\n"


def _foreign(case: _Case) -> bytes:
    """Return the key file of another vault that the same passphrase opens."""
    return Trial.make(case.folder / "foreign").paths.keys.read_bytes()


def _missing(case: _Case) -> Iterator[Result]:
    trial = case.copy()
    trial.paths.keys.unlink()
    yield judge("key file gone, twin there", trial, trial.open, is_opening_right=True)
    trial = case.copy()
    trial.paths.keys_twin.unlink()
    yield judge("twin gone", trial, trial.open, is_opening_right=True)
    trial = case.copy()
    trial.paths.keys.unlink()
    trial.paths.keys_twin.unlink()
    yield judge("both gone", trial, trial.open, is_opening_right=False)


def _old(case: _Case) -> Iterator[Result]:
    """Put the key file from before a change of the passphrase back: vouched for, and still refused."""
    trial = case.copy()
    before = trial.paths.keys.read_bytes()
    master = trial.key()
    access.change_passphrase(trial.paths, master, _OTHER_PASSPHRASE, cost=place.QUICK)
    changed = replace(trial, passphrase=_OTHER_PASSPHRASE)
    yield judge("old passphrase after a change", trial, trial.open, is_opening_right=False)
    yield judge("new passphrase after a change", changed, changed.open, is_opening_right=True)
    for path in (trial.paths.keys, trial.paths.keys_twin):
        path.write_bytes(before)
    yield judge("the old key file put back", trial, trial.open, is_opening_right=False)


def _set(*path: object, to: object) -> Callable[[Plain], None]:
    def edit(plain: Plain) -> None:
        at: Any = plain
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = to

    return edit


def _swap_boxes(plain: Plain) -> None:
    first, second = plain["slots"][:2]
    first["box"], second["box"] = second["box"], first["box"]


def _swap_kinds(plain: Plain) -> None:
    first, second = plain["slots"][:2]
    first["kind"], second["kind"] = second["kind"], first["kind"]


_EDITS: dict[str, Callable[[Plain], None]] = {
    "older generation": _set("gen", to=0),
    "later generation": _set("gen", to=7),
    "generation as text": _set("gen", to="1"),
    "another vault id": _set("vault", to="00" * 16),
    "another day": _set("created", to="2020-01-01T00:00:00Z"),
    "later program needed": _set("min_app", to="99.0.0"),
    "later format": _set("format", to=2),
    "smaller pages": _set("cipher", "page", to=1024),
    "no page MAC": _set("cipher", "hmac", to="none"),
    "a field more": _set("extra", to=1),
    "no MAC": lambda plain: plain.pop("mac"),
    "MAC of zeros": _set("mac", to="00" * 32),
    "memory 2^40 KiB": _set("slots", 0, "kdf", "m", to=2**40),
    "memory 1 PiB": _set("slots", 0, "kdf", "m", to=2**50),
    "memory below the floor": _set("slots", 0, "kdf", "m", to=1024),
    "memory negative": _set("slots", 0, "kdf", "m", to=-1),
    "memory as a fraction": _set("slots", 0, "kdf", "m", to=65536.5),
    "no passes": _set("slots", 0, "kdf", "t", to=0),
    "2^31 passes": _set("slots", 0, "kdf", "t", to=2**31),
    "more passes": _set("slots", 0, "kdf", "t", to=2),
    "2^24 lanes": _set("slots", 0, "kdf", "p", to=2**24),
    "another KDF": _set("slots", 0, "kdf", "name", to="pbkdf2"),
    "short salt": _set("slots", 0, "kdf", "salt", to="00"),
    "short nonce": _set("slots", 0, "nonce", to="00"),
    "short box": _set("slots", 0, "box", to="00" * 16),
    "unknown kind": _set("slots", 0, "kind", to="master"),
    "a slot's field more": _set("slots", 0, "extra", to=1),
    "no slots": _set("slots", to=[]),
    "no recovery slot": lambda plain: plain["slots"].pop(),
    "a slot twice": lambda plain: plain["slots"].append(plain["slots"][1]),
    "nine slots": lambda plain: plain["slots"].extend([plain["slots"][1]] * 7),
    "boxes exchanged": _swap_boxes,
    "kinds exchanged": _swap_kinds,
}


def peak_memory() -> int:
    """Return the most memory that this program has ever held, in MB; 0 where the system does not say."""
    # Linux counts in getrusage what the process held before it became this program: all of its parent's.
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)

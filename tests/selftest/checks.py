"""The acceptance checks of security.md, section 6, as commands against the installed program."""

import hashlib
import itertools
import json
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.selftest.program import ROOT, Program, Ran

PASSPHRASE = "trial lantern orbit walnut ferry moss"  # noqa: S105  of no vault but this check's
WRONG = "trial lantern orbit walnut ferry boss"
CODE = "00000-00000-00000-00000-00000-0T9S2"
CANARIES = 30
FLIPS, HEADER_FLIPS, KILLS = 400, 150, 200
_PLAIN = b"SQLite format 3"
_SETTINGS: dict[str, object] = {
    "cipher_version_ok": True,
    "temp_store": 2,
    "journal": "delete",
    "synchronous": 3,
    "secure_delete": 1,
    "trusted_schema": 0,
    "recursive_triggers": 1,
    "hmac": "HMAC_SHA512",
    "page": 4096,
}
_HOSTILE = "import pathlib; pathlib.Path({marker!r}).touch()\nfrom keyring.backends.null import Keyring as Hostile\n"


class NotRunError(Exception):
    """Why a check could not be run here."""


@dataclass
class Check:
    """One check while it is run: what was run, what came of it, and whether that is what must."""

    program: Program
    is_broken: bool = False
    scale: float = 1.0  # of the counts; a breakage shows in fewer
    ran: list[str] = field(default_factory=list)
    got: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def run(self, *words: str, broken: str = "", **more: object) -> Ran:
        """Run the program, with the promise broken if that is asked for."""
        self.ran.append(" ".join(["crisisdesk", *(word for word in words if not Path(word).is_absolute())]))
        return self.program.run(*words, broken=broken if self.is_broken else "", **more)  # type: ignore[arg-type]  # as it is

    def must(self, claim: str, holds: object) -> None:
        """Write down that something must hold, and does not."""
        if not holds:
            self.wrong.append(claim)

    def count(self, most: int) -> str:
        """Return a count, smaller where only a breakage is to be shown."""
        return str(max(10, int(most * self.scale)))

    def vault(self) -> Path:
        """Make a vault and return its folder."""
        place = self.program.home() / "vault"
        made = self.program.run(
            *("vault", "create", "--vault", str(place), "--pass-fd", "@0", "--recovery-fd", "@1"),
            secrets=[PASSPHRASE, CODE],
        )
        if made.code:
            raise RuntimeError(made.err)
        return place

    def opens(self, place: Path, *, broken: str = "", **more: object) -> Ran:
        """Open a vault with its passphrase."""
        return self.run(
            *("vault", "verify", "--vault", str(place), "--pass-fd", "@0"), broken=broken, secrets=[PASSPHRASE], **more
        )


def m1(check: Check) -> None:
    """Nothing that was recorded lies on the disk in the clear."""
    hits = _day(check, "no_encryption")
    check.got.append(f"{hits} hits")
    check.must("0 hits", hits == 0)
    if not check.is_broken:
        control = _day(Check(check.program, is_broken=True), "no_encryption")
        check.got.append(f"control without encryption {control}")
        check.must("the control run shows at least 30", control >= CANARIES)


def m2(check: Check) -> None:
    """The right engine, with its settings."""
    said = _json(check.run("--diag", "--json", broken="other_journal"))
    differs = [name for name, value in _SETTINGS.items() if said.get(name) != value]
    plain = (check.vault() / "vault.db").read_bytes()[:16].count(_PLAIN)
    check.got.append(f"{len(_SETTINGS) - len(differs)} of {len(_SETTINGS)} settings; {plain} plain")
    check.must(f"as pinned: {', '.join(differs)}", not differs)
    check.must("no plain database", not plain)


def m3(check: Check) -> None:
    """Without SQLCipher nothing is made; over a file that is no vault nothing is written."""
    place = check.program.home() / "vault"
    words = ("vault", "create", "--vault", str(place), "--pass-fd", "@0")
    env = {"CRISISDESK_TEST_DRIVER": "stdlib"}
    made = check.run(*words, broken="engine_unasked", secrets=[PASSPHRASE], env=env)
    check.got.append(f"exit {made.code}")
    check.must("exit not 0", made.code != 0)
    check.must("no file made", not place.exists())
    whole = check.vault()
    clean = (whole / "vault.db").read_bytes()
    for name, content in (("empty", b""), ("plain", _PLAIN + bytes(8177)), ("cut", clean[: len(clean) // 2 + 7])):
        (whole / "vault.db").write_bytes(content)
        refused = check.opens(whole)
        check.got.append(f"{name}: exit {refused.code}")
        check.must(f"{name} refused in a sentence", refused.code == 1 and "Traceback" not in refused.err)
        check.must(f"{name} left as it was", (whole / "vault.db").read_bytes() == content)


def m4(check: Check) -> None:
    """Files are hers alone, and lie where nothing carries them off."""
    place = check.vault()
    if check.is_broken:
        (place / "vault.db").chmod(0o644)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()}
    check.ran.append("stat")
    check.got.append(
        f"folder {stat.S_IMODE(place.stat().st_mode):o}, files {'/'.join(sorted({f'{m:o}' for m in modes.values()}))}"
    )
    check.must("700", stat.S_IMODE(place.stat().st_mode) == 0o700)
    check.must("600", set(modes.values()) == {0o600})
    for cloud in ("OneDrive", "Dropbox"):
        away = check.program.home() / cloud / "vault"
        refused = check.run("vault", "create", "--vault", str(away), "--pass-fd", "@0", secrets=[PASSPHRASE])
        check.got.append(f"{cloud}: exit {refused.code}")
        check.must(f"{cloud} refused, nothing made", refused.code == 1 and not away.exists())


def m5(check: Check) -> None:
    """Only whole key files of this vault open it."""
    done = check.run("selftest", "header", "--flips", check.count(HEADER_FLIPS), broken="mac_unasked")
    check.got.append(done.out.strip())
    check.must("nothing missed, below 200 MB", done.code == 0)
    check.must("at least 30 manipulations", _number(done.out, "manipulations") >= CANARIES)


def m6(check: Check) -> None:
    """Whatever the credential store is, the passphrase opens, and no foreign code is loaded."""
    place, home = check.vault(), check.program.home()
    marker = home / "marker"
    settings = home / "python_keyring"
    settings.mkdir()
    (home / "hostile.py").write_text(_HOSTILE.format(marker=str(marker)), encoding="utf-8")
    told = f"[backend]\ndefault-keyring=hostile.Hostile\nkeyring-path={home}\n"
    (settings / "keyringrc.cfg").write_text(told, encoding="utf-8")
    cases: dict[str, dict[str, str | None]] = {
        "null backend": {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        "hostile settings": {"XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home)},
        "no D-Bus": {"DBUS_SESSION_BUS_ADDRESS": None, "XDG_RUNTIME_DIR": None},
    }
    for name, env in cases.items():
        done = check.opens(place, broken="keyring_asked", env=env)
        check.got.append(f"{name}: exit {done.code}")
        check.must(f"{name}: opens", done.code == 0)
    check.must("no foreign code loaded", not marker.exists())
    said = _json(check.run("--diag", "--json", env=cases["no D-Bus"]))
    check.must("quick unlock is said to be unavailable", said.get("quick_unlock") not in {None, "", "available"})
    _locked_keyring(check, place)


def _locked_keyring(check: Check, place: Path) -> None:
    if not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")):
        raise NotRunError("dbus-run-session and gnome-keyring are missing")
    home = check.program.home()
    start = 'gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; exec "$@"'
    before = ("dbus-run-session", "--", "sh", "-c", start, "sh")
    env = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "XDG_DATA_HOME": str(home / "data")}
    done = check.opens(place, before=before, env=env)
    check.got.append(f"locked gnome-keyring: exit {done.code}")
    check.must("locked gnome-keyring: opens", done.code == 0)


def m7(check: Check) -> None:
    """Five wrong passphrases close the entry, also for the right one and after a restart; the code opens."""
    place = check.vault()
    words = ("vault", "verify", "--vault", str(place))
    before = _sha256(place / "vault.db")
    codes = [check.run(*words, "--pass-fd", "@0", broken="no_limit", secrets=[WRONG]).code for _each in range(6)]
    right = check.opens(place, broken="no_limit").code
    check.must("the vault is as it was", _sha256(place / "vault.db") == before)
    code = check.run(*words, "--recovery-fd", "@0", secrets=[CODE]).code
    check.got.append(f"wrong {codes}, right {right}, recovery code {code}")
    check.must("five refused, the sixth made to wait", codes == [3, 3, 3, 3, 3, 5])
    check.must("the right one has to wait too", right == 5)
    check.must("the recovery code opens", code == 0)


def m8(check: Check) -> None:
    """A program killed at any moment has lost nothing."""
    kills = check.count(KILLS)
    done = check.run("selftest", "crash", "--kills", kills, "--seed", "7", broken="early_word")
    check.got.append(done.out.strip() or done.err.strip())
    for name in ("lost", "torn", "integrity_failures"):
        check.must(f"{name}=0", _number(done.out, name) == 0)
    check.must("ten acknowledged a kill", _number(done.out, "acknowledged") >= int(kills) * 10)


def m9(check: Check) -> None:
    """Every damage is found or does no harm."""
    done = check.run("selftest", "damage", "--flips", check.count(FLIPS), broken="no_look_back")
    last = done.out.strip().splitlines()[-1:] or [done.err.strip()]
    check.got += last
    check.must("missed=0", _number(last[0], "missed") == 0 and done.code == 0)
    check.must("an old file is warned of", _number(last[0], "warned") >= 1)


def m10(check: Check) -> None:
    """A backup comes back equal, with the recovery code, on a computer that has nothing else."""
    place = check.vault()
    made = check.run(*("backup", "make", "--json", "--vault", str(place), "--pass-fd", "@0"), secrets=[PASSPHRASE])
    backup = Path(str(_json(made).get("file", "")))
    if check.is_broken:
        _flip(backup)
    opened = ("--recovery-fd", "@0", "--json")
    held = _json(check.run("backup", "verify", str(backup), *opened, secrets=[CODE]))
    clean = check.program.home() / "new"
    env = {"HOME": str(clean.parent), "CRISISDESK_HOME": None}
    check.run("backup", "restore", str(backup), "--to", str(clean), *opened, secrets=[CODE], env=env)
    words = ("vault", "digest", "--vault", str(clean), *opened)
    back = _json(check.run(*words, secrets=[CODE], env=env))
    same = [name for name in ("digest", "counts", "audit") if held.get(name) and held.get(name) == back.get(name)]
    check.got.append(f"equal: {', '.join(same)}")
    check.must("equal digest, counts, audit head", len(same) == 3)
    anchored = check.run(
        *("audit", "verify", "--vault", str(place), "--anchor", str(backup), "--pass-fd", "@0"), secrets=[PASSPHRASE]
    )
    check.must("the live log holds the backup's anchor", anchored.code == 0)
    if not check.is_broken:
        _flip(backup)
        damaged = check.run("backup", "verify", str(backup), *opened, secrets=[CODE])
        check.got.append(f"one bit changed: exit {damaged.code}")
        check.must("a changed backup is refused", damaged.code == 1)


def m11(check: Check) -> None:
    """A lock leaves no key in memory, and a hard lock nothing that was recorded."""
    done = check.run("selftest", "lock-mem", broken="no_wiping")
    check.got.append(" ".join((done.out.strip() or done.err.strip()).splitlines()[-1:]))
    if done.code == 70:
        raise NotRunError("selftest lock-mem is not there yet")
    check.must("as stated", done.code == 0)


def m12(check: Check) -> None:
    """Logs, errors and settings hold nothing of what was recorded; no memory image is left."""
    home = check.program.home()
    words = check.program.scratch / f"{home.name}.txt"
    env = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config")}
    done = check.run(
        *("selftest", "scenario", "--canaries", str(CANARIES), "--home", str(home / "desk"), "--words", str(words)),
        *("--log-level", "DEBUG"),
        broken="loud_log",
        env=env,
    )
    logged = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file() and path.suffix != ".db")
    hits = _hits([logged, done.out.encode(), done.err.encode()], words)
    said = _json(check.run("--diag", "--json"))
    shown = {name: said.get(name) for name in ("core_limit", "dumpable")}
    bugs = _number(done.out, "exceptions")
    check.got.append(f"{hits} hits after {bugs} exceptions; {shown}")
    check.must("0 hits", hits == 0)
    check.must("20 exceptions", bugs >= 20)
    check.must("core limit 0, not dumpable", set(shown.values()) == {0})


def m14(check: Check) -> None:
    """Every change of the audit log is blocked or named, and a hold holds."""
    done = check.run("selftest", "audit-tamper", broken="chain_unasked")
    check.got.append(done.out.strip().splitlines()[-1] if done.out else done.err.strip())
    check.must("missed=0", done.code == 0 and _number(done.out, "missed") == 0)
    check.must("holds tried", "purge a held client" in done.out)
    place = check.vault()
    words = ("audit", "verify", "--vault", str(place), "--pass-fd", "@0")
    forged = check.run(*words, "--anchor", "CD-2-00000000", secrets=[PASSPHRASE])
    check.got.append(f"foreign anchor: exit {forged.code}")
    check.must("a foreign anchor is refused", forged.code == 1)


def m15(check: Check) -> None:
    """No socket to any network; every package by its hash; nothing that others may write."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    loose = [line.split()[0] for line in lines if line[:1].isalpha() and "--hash=sha256:" not in line]
    check.must(f"hashes for {loose}", not loose)
    open_to_all = [path for path in check.program.files if path.stat().st_mode & stat.S_IWOTH]
    check.must("nothing that others may write", not open_to_all)
    check.got.append(f"{len(loose)} packages without a hash, {len(open_to_all)} files open to others")
    if not shutil.which("strace"):
        raise NotRunError("strace is missing")
    home = check.program.home()
    trace = home / "trace"
    before = ("strace", "-f", "-qq", "-e", "trace=network", "-o", str(trace))
    done = check.run("selftest", "scenario", "--home", str(home / "desk"), before=before, broken="a_socket")
    sockets = len(re.findall(r"AF_INET", trace.read_text(encoding="utf-8", errors="replace")))
    temporary = list(Path(os.environ.get("TMPDIR", "/tmp")).glob("_MEI*"))  # noqa: S108  where PyInstaller would unpack
    check.got.append(f"{sockets} internet sockets, {len(temporary)} _MEI")
    check.must("0 internet sockets", done.code == 0 and sockets == 0)
    check.must("0 _MEI", not temporary)
    check.got.append("pip-audit and SHA256SUMS: with the release")


CHECKS: dict[str, Callable[[Check], None]] = {
    name.upper(): check
    for name, check in (
        *(("m1", m1), ("m2", m2), ("m3", m3), ("m4", m4), ("m5", m5), ("m6", m6), ("m7", m7), ("m8", m8), ("m9", m9)),
        *(("m10", m10), ("m11", m11), ("m12", m12), ("m14", m14), ("m15", m15)),
    )
}


def _day(check: Check, broken: str) -> int:
    """Live a day with marked words, and return how often these stand in what was written."""
    home, temporary = check.program.home(), check.program.home()
    words = check.program.scratch / f"{home.name}.txt"
    done = check.run(
        *("selftest", "scenario", "--canaries", str(CANARIES), "--home", str(home), "--words", str(words)),
        broken=broken,
        env={"TMPDIR": str(temporary)},
    )
    check.must(f"the day ended well: {done.err.strip()[:200]}", done.code == 0)
    places = [home, temporary, *([Path("/var/tmp")] if Path("/var/tmp").is_dir() else [])]  # noqa: S108  searched only
    files = (path for place in places for path in place.rglob("*") if path.is_file() and not path.is_symlink())
    return _hits((path.read_bytes() for path in files), words)


def _hits(contents: Iterable[bytes], words: Path) -> int:
    """Return how often the marked words stand there: as they are, in small letters, as Windows writes them."""
    lines = words.read_text(encoding="utf-8").split("\n") if words.exists() else []
    marked = [line for line in lines if line]
    if len(marked) < CANARIES:
        raise RuntimeError("There are too few marked words.")
    forms = {form.lower() for word in marked for form in (word.encode(), word.encode("utf-16-le"))}
    return sum(content.lower().count(form) for content, form in itertools.product(list(contents), forms))


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _json(ran: Ran) -> dict[str, object]:
    try:
        return dict(json.loads(ran.out))
    except ValueError:
        return {}


def _number(text: str, name: str) -> int:
    found = re.search(rf"\b{name}=(\d+)", text)
    return int(found[1]) if found else -1


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

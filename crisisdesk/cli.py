"""The command line: for checks, and for the day when the window won't start. ``crisisdesk --help`` lists the verbs.

A passphrase, a recovery code or a hand-over code comes through a file descriptor (``--pass-fd 3``, ``--recovery-fd
3``) or is typed at a terminal. Never as an argument or in the environment, where every program of the computer could
read it; never from a standard input that nobody named.

What it returns:

    0   done, and nothing is wrong
    1   refused, or something wrong was found; one sentence on stderr says what
    2   not a command: a word is missing or not known
    3   wrong passphrase or code
    4   the vault is open in another CrisisDesk
    5   too many wrong passphrases: closed for a while
    70  a fault of the program itself
"""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from crisisdesk import __version__, errors, paths
from crisisdesk.clock import SystemClock
from crisisdesk.errors import DeskError
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crisisdesk.vault.audit import Anchor
    from crisisdesk.vault.backup import Backup
    from crisisdesk.vault.checks import Checked
    from crisisdesk.vault.keys import MasterKey
    from crisisdesk.vault.store import Store

REFUSED, USAGE, WRONG, IN_USE, CLOSED, FAULT = 1, 2, 3, 4, 5, 70
_LONGEST_SECRET = 4096  # bytes

_CODES: tuple[tuple[type[Exception], int], ...] = (
    (errors.WrongPassphrase, WRONG),
    (errors.VaultInUse, IN_USE),
    (errors.TooManyAttempts, CLOSED),
    (DeskError, REFUSED),
)


class UsageError(Exception):
    """The line can't be understood; the text says why."""


@dataclass
class Given:
    """What was asked for, and where answers go."""

    options: argparse.Namespace
    clock: SystemClock

    @property
    def vault(self) -> VaultPaths:
        """The vault that is meant."""
        folder: Path | None = self.options.vault
        return VaultPaths(folder.absolute()) if folder else paths.vault()

    def tell(self, facts: Mapping[str, object]) -> None:
        """Print facts: one "name: value" a line, or as JSON."""
        if self.options.json:
            sys.stdout.write(json.dumps(facts, indent=1, sort_keys=True) + "\n")
            return
        for name, value in facts.items():
            shown = json.dumps(value) if isinstance(value, dict | list) else value
            sys.stdout.write(f"{name}: {shown}\n")


Verb = Callable[[Given], int]


# --- secrets ---------------------------------------------------------------------------------------------------------


def read_secret(descriptor: int | None, question: str) -> str:
    """Return a secret from a file descriptor, or typed at a terminal; a line end at its end does not count.

    Raises UsageError where there is neither.
    """
    if descriptor is None:
        if not sys.stdin.isatty():
            raise UsageError(_("Say where the secret comes from: --pass-fd or --recovery-fd with a number."))
        return getpass.getpass(f"{question} ")
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            raw = file.read(_LONGEST_SECRET + 1)
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError, ValueError):
        raise UsageError(_("There is no text to read at that file descriptor.")) from None
    if not raw or len(raw) > _LONGEST_SECRET:
        raise UsageError(_("There is no text to read at that file descriptor."))
    return text.removesuffix("\n").removesuffix("\r")


def unlock(given: Given, place: VaultPaths | None = None) -> "MasterKey":
    """Derive the master key of a vault from what was given."""
    from crisisdesk.vault import access  # noqa: PLC0415  a wrong word should be told at once

    options, vault = given.options, place or given.vault
    if options.recovery_fd is not None:
        code = read_secret(options.recovery_fd, _("Recovery code:"))
        return access.unlock_with_recovery(vault, code, now=given.clock.now())
    passphrase = read_secret(options.pass_fd, _("Passphrase:"))
    return access.unlock(vault, passphrase, now=given.clock.now())


@contextmanager
def open_store(given: Given) -> "Iterator[Store]":
    """Open the vault as the window does, and close it."""
    from crisisdesk.vault.store import Store  # noqa: PLC0415  as above

    store = Store.open(given.vault, unlock(given), given.clock)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def hold(given: Given) -> "Iterator[MasterKey]":
    """Keep every other CrisisDesk away from the vault, without writing into it, and lend its key."""
    from crisisdesk.vault.lockfile import VaultLock  # noqa: PLC0415  as above

    master = unlock(given)
    try:
        with VaultLock(given.vault, since=given.clock.now()):
            yield master
    finally:
        master.wipe()


# --- vault -----------------------------------------------------------------------------------------------------------


def vault_create(given: Given) -> int:
    """Make a new vault and print its recovery code."""
    from crisisdesk.vault.recovery import RecoveryCode  # noqa: PLC0415  as above
    from crisisdesk.vault.store import Store  # noqa: PLC0415  as above

    options = given.options
    passphrase = read_secret(options.pass_fd, _("New passphrase:"))
    if options.pass_fd is None and read_secret(None, _("The same again:")) != passphrase:
        raise UsageError(_("The two are not the same."))
    is_given = options.recovery_fd is not None
    code = RecoveryCode.parse(read_secret(options.recovery_fd, "")) if is_given else RecoveryCode.random()
    Store.create(given.vault, passphrase, code, given.clock).close()
    given.tell({"vault": "made"} if is_given else {"vault": "made", "recovery_code": str(code)})
    return 0


def look(given: Given, anchor: "Anchor | None" = None) -> "Checked":
    """Run all checks on the vault without writing into it, and return what it says."""
    from crisisdesk.vault.checks import look_through  # noqa: PLC0415  as above
    from crisisdesk.vault.upgrade import refuse_newer  # noqa: PLC0415  as above

    with hold(given) as master:
        try:
            found = look_through(given.vault.database, master, anchor=anchor)
        except errors.BackupRefused as refused:  # said of copies; this is the vault itself
            raise errors.VaultDamaged(
                _("The vault is damaged, or was changed by another program. Don’t delete it: restore a backup.")
                + f" ({refused})"
            ) from None
        refuse_newer(found.schema)  # what this program doesn't know it can't vouch for
        return found


def vault_verify(given: Given) -> int:
    """Run all checks on the vault."""
    found = look(given)
    given.tell({"sound": True, "schema": found.schema, "audit": str(found.audit), "rows": sum(found.counts.values())})
    return 0


def vault_digest(given: Given) -> int:
    """Print the digest of everything that the vault says, and the count of rows per table."""
    found = look(given)
    anchor = {"seq": found.audit.seq, "mac": found.audit.mac}
    given.tell({"digest": found.digest, "audit": anchor, "schema": found.schema, "counts": dict(found.counts)})
    return 0


def vault_slots(given: Given) -> int:
    """List what opens the vault."""
    from crisisdesk.vault import access  # noqa: PLC0415  as above

    with hold(given) as master:
        header = access.read_header(given.vault, master)
    slots = [{"id": each.id.hex(), "kind": each.kind.value, "argon2id": _cost(each.cost)} for each in header.slots]
    given.tell({"vault": header.vault_id.hex(), "generation": header.generation, "slots": slots})
    return 0


def vault_rekey(given: Given) -> int:
    """Give the vault a new master key, a new passphrase and a new recovery code; the old ones open it no more."""
    from crisisdesk.vault.recovery import RecoveryCode  # noqa: PLC0415  as above
    from crisisdesk.vault.rekey import NewWays, rekey  # noqa: PLC0415  as above

    master = unlock(given)
    passphrase, code = read_secret(given.options.new_pass_fd, _("New passphrase:")), RecoveryCode.random()
    try:
        rekey(given.vault, master, NewWays(passphrase=passphrase, recovery=code), given.clock).wipe()
    finally:
        master.wipe()
    given.tell({"vault": "re-keyed", "recovery_code": str(code)})
    return 0


def _cost(cost: object) -> str:
    return f"m={getattr(cost, 'memory_kib', 0)} t={getattr(cost, 'passes', 0)} p={getattr(cost, 'lanes', 0)}"


# --- backups ---------------------------------------------------------------------------------------------------------


def backup_make(given: Given) -> int:
    """Make a backup beside the vault, and check it."""
    from crisisdesk.desk.safekeeping import SafeKeeping  # noqa: PLC0415  as above
    from crisisdesk.vault.manifest import Kind  # noqa: PLC0415  as above

    with open_store(given) as store:
        made = SafeKeeping(store, given.clock).make_now(Kind.MANUAL)
    manifest = made.manifest
    given.tell({"file": str(made.path), "digest": manifest.said.digest, "audit": str(manifest.said.audit)})
    return 0


def _open_backup(given: Given) -> "tuple[Backup, MasterKey]":
    """Return a backup and its master key: it opens with the passphrase or a code of its own day."""
    from crisisdesk.vault import restore  # noqa: PLC0415  as above
    from crisisdesk.vault.backup import read_manifest  # noqa: PLC0415  as above

    options, backup = given.options, read_manifest(given.options.file.absolute())
    if options.recovery_fd is not None:
        return backup, restore.unlock_with_code(backup, read_secret(options.recovery_fd, _("Recovery code:")))
    return backup, restore.unlock(backup, read_secret(options.pass_fd, _("Passphrase:")))


def backup_verify(given: Given) -> int:
    """Unpack a backup beside itself, run all four checks, and throw that away."""
    from crisisdesk.vault.backup import verify  # noqa: PLC0415  as above

    backup, master = _open_backup(given)
    try:
        found = verify(backup.path, master)
    finally:
        master.wipe()
    given.tell(_held(found) | {"made": backup.manifest.created.isoformat()})
    return 0


def backup_restore(given: Given) -> int:
    """Unpack a backup, checked, as a vault in a new folder; or bring it back in the vault's own place."""
    from crisisdesk.vault import disk  # noqa: PLC0415  as above
    from crisisdesk.vault.backup import unpack  # noqa: PLC0415  as above
    from crisisdesk.vault.restore import Restoring  # noqa: PLC0415  as above

    backup, master = _open_backup(given)
    if given.options.to is None:
        given.tell(_held(Restoring(given.vault, backup, master, given.clock).run()))
        return 0
    place = VaultPaths(given.options.to.absolute())
    try:
        if place.folder.exists():
            raise errors.VaultExists(_("That folder is there already. Name a new one: nothing is overwritten."))
        disk.make_folder(place.folder)
        found = unpack(backup.path, master, place.database)
        for path in (place.keys_twin, place.keys):
            disk.write_whole(path, backup.manifest.keys.encode("ascii"))
    finally:
        master.wipe()
    given.tell(_held(found))
    return 0


def _held(found: "Checked") -> dict[str, object]:
    anchor = {"seq": found.audit.seq, "mac": found.audit.mac}
    return {"sound": True, "digest": found.digest, "audit": anchor, "counts": dict(found.counts)}


# --- audit, import ---------------------------------------------------------------------------------------------------


def audit_verify(given: Given) -> int:
    """Follow the audit log from its first line, and compare it with anchors that were written down elsewhere."""
    anchor = _anchor(given.options.anchor) if given.options.anchor else None
    found = look(given, anchor)
    given.tell({"sound": True, "head": str(found.audit), "seq": found.audit.seq})
    return 0


def _anchor(text: str) -> "Anchor":
    """Read an anchor as it stands on paper, or out of a backup or a file that holds one."""
    from crisisdesk.vault.audit import Anchor  # noqa: PLC0415  as above
    from crisisdesk.vault.backup import SUFFIX, read_manifest  # noqa: PLC0415  as above

    path = Path(text)
    if path.suffix == SUFFIX:
        return read_manifest(path).manifest.said.audit
    try:
        if not path.is_file():
            return Anchor.parse(text)
        content = path.read_text(encoding="utf-8").strip()
        if not content.startswith("{"):
            return Anchor.parse(content)
        told = json.loads(content)["audit"]
        return Anchor(int(told["seq"]), str(told["mac"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(_("That is no anchor. On paper it looks like CD-42-1a2b3c4d.")) from None


def import_list(given: Given) -> int:
    """Say what a list of places would do. Nothing is written."""
    from crisisdesk.desk import Desk  # noqa: PLC0415  as above
    from crisisdesk.exchange import apart  # noqa: PLC0415  as above

    if not given.options.dry_run:
        raise UsageError(_("Here a list is only looked at: add --dry-run. Bring it in from the window, Resources."))
    incoming = apart.read(given.options.file)
    if incoming is None:
        return REFUSED
    with open_store(given) as store:
        plan = Desk(store, given.clock).directory.plan(incoming)
    given.tell(
        {
            "services": plan.services,
            "organizations": plan.organizations,
            "skipped": plan.skipped,
            "repaired": plan.repaired,
            "would": list(plan.sentences()),
            "problems": [str(problem.sentence) for problem in plan.problems[:50]],
        }
    )
    return 0


# --- what the program says of itself ---------------------------------------------------------------------------------


def diagnose(given: Given) -> int:
    """Measure the settings on a throw-away vault."""
    from crisisdesk.selftest.diag import measure  # noqa: PLC0415  as above

    facts = measure()
    given.tell(facts)
    return 0 if facts["cipher_version_ok"] else REFUSED


def run_selftest(given: Given) -> int:
    """Run one of the program's checks of itself."""
    from crisisdesk.selftest import verbs  # noqa: PLC0415  as above

    return verbs.run(given.options)


# --- the words -------------------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def _opens(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--vault", type=Path, metavar="DIR", help=_("the vault’s folder, if not the usual one"))
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument("--pass-fd", type=int, metavar="N", help=_("read the passphrase from this file descriptor"))
    secret.add_argument("--recovery-fd", type=int, metavar="N", help=_("read the recovery or hand-over code from it"))
    _says(parser)


def _says(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("answer as JSON"))


def _add(group: "argparse._SubParsersAction[_Parser]", name: str, run: Verb, says: str) -> argparse.ArgumentParser:
    parser = group.add_parser(name, help=says, description=says)
    parser.set_defaults(run=run)
    return parser


def _group(verbs: "argparse._SubParsersAction[_Parser]", name: str, says: str) -> "argparse._SubParsersAction[_Parser]":
    return verbs.add_parser(name, help=says, description=says).add_subparsers(
        required=True, metavar="…", parser_class=_Parser
    )


def _parser() -> _Parser:
    top = _Parser(
        prog="crisisdesk",
        description=_("Without a word: open the window. Words are for checks, and for when the window won’t start."),
    )
    top.add_argument("--version", action="version", version=f"CrisisDesk {__version__}")
    top.add_argument("--diag", action="store_const", const=diagnose, dest="run", help=_("measure how files are kept"))
    _says(top)
    verbs = top.add_subparsers(metavar="…", parser_class=_Parser)

    vault = _group(verbs, "vault", _("make, check and re-key the vault"))
    create = _add(vault, "create", vault_create, _("make a new vault and print its recovery code"))
    create.add_argument("--vault", type=Path, metavar="DIR", help=_("where, if not in the usual place"))
    create.add_argument("--pass-fd", type=int, metavar="N", help=_("read the passphrase from this file descriptor"))
    create.add_argument("--recovery-fd", type=int, metavar="N", help=_("take this recovery code and print none"))
    _says(create)
    _opens(_add(vault, "verify", vault_verify, _("run all checks on the vault")))
    _opens(_add(vault, "slots", vault_slots, _("list what opens the vault")))
    _opens(_add(vault, "digest", vault_digest, _("print one number for everything that the vault says")))

    rekey = _add(vault, "rekey", vault_rekey, _("give the vault a new key, after a suspicion or a lost drive"))
    rekey.add_argument("--new-pass-fd", type=int, metavar="N", help=_("read the new passphrase from it"))
    _opens(rekey)

    backup = _group(verbs, "backup", _("make, check and bring back backups"))
    _opens(_add(backup, "make", backup_make, _("make a backup beside the vault, and check it")))
    check = _add(backup, "verify", backup_verify, _("run all checks on a backup"))
    check.add_argument("file", type=Path, metavar="FILE")
    _opens(check)
    restore = _add(backup, "restore", backup_restore, _("make a vault of a backup"))
    restore.add_argument("file", type=Path, metavar="FILE")
    where = restore.add_mutually_exclusive_group(required=True)
    where.add_argument("--to", type=Path, metavar="DIR", help=_("a new folder; the vault in use is left alone"))
    where.add_argument("--here", action="store_true", help=_("in the vault’s own place; what it replaces is kept"))
    _opens(restore)

    audit = _group(verbs, "audit", _("check the audit log"))
    check = _add(audit, "verify", audit_verify, _("follow the audit log from its first line to its last"))
    check.add_argument("--anchor", metavar="CD-…", help=_("what a printed page or a backup says of the log"))
    _opens(check)

    bring = _add(verbs, "import", import_list, _("say what a list of places would do"))
    bring.add_argument("--dry-run", action="store_true", help=_("needed: nothing is written here"))
    bring.add_argument("file", type=Path, metavar="FILE")
    _opens(bring)

    from crisisdesk.selftest import words  # noqa: PLC0415  light: the checks themselves are loaded when one is run

    words.add(_group(verbs, "selftest", _("have the program check itself, in a scratch folder")), run_selftest)
    return top


def main(arguments: Sequence[str]) -> int:
    """Do what the words say and return what stands at the head of this module."""
    os.umask(0o077)  # whatever this program writes is its user's alone (security.md 3.1)
    try:
        return _do(_parser().parse_args(list(arguments)))
    except UsageError as wrong:
        return _complain(str(wrong), USAGE)
    except DeskError as problem:
        return _complain(str(problem), next(code for kind, code in _CODES if isinstance(problem, kind)))
    except KeyboardInterrupt:
        return _complain(_("Stopped."), REFUSED)
    except Exception as fault:  # noqa: BLE001  a traceback could hold what was read; its place in the code says enough
        return _complain(_fault(fault), FAULT)


def _do(options: argparse.Namespace) -> int:
    run: Verb | None = getattr(options, "run", None)
    if run is None:
        raise UsageError(_("Which verb? “crisisdesk --help” lists them."))
    return run(Given(options, SystemClock()))


def _fault(fault: Exception) -> str:
    from crisisdesk import logs  # noqa: PLC0415  as above

    code = logs.code_of(type(fault), fault.__traceback__)
    return _("Something went wrong inside CrisisDesk. Nothing was changed on purpose. Code: {code}").format(code=code)


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(f"crisisdesk: {sentence}\n")
    return code

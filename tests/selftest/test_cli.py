"""The command line: what it answers, what it refuses, and that the window's start does not pay for it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crisisdesk import __version__, cli
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import restore, upgrade
from crisisdesk.vault.connection import connect
from crisisdesk.vault.lockfile import VaultLock
from tests.vault.fast import CODE, FLOOR, PASSPHRASE

Cli = Callable[..., int]
LIST = Path(__file__).parents[1] / "data" / "hsds" / "service_full.json"


@pytest.fixture
def ask(quick_keys, monkeypatch) -> Cli:
    """Return the command line, on vaults with the test key; secrets go through pipes, "@0" names the first."""
    del quick_keys
    for name in ("unlock", "unlock_with_code"):
        monkeypatch.setattr(restore, name, partial(getattr(restore, name), floor=FLOOR))
    umask = os.umask(0o077)
    os.umask(umask)

    def run(*words: object, secrets: tuple[str, ...] = (PASSPHRASE,)) -> int:
        pipes = [os.pipe() for _secret in secrets]
        for (_reading, writing), secret in zip(pipes, secrets, strict=True):
            os.write(writing, f"{secret}\n".encode())
            os.close(writing)
        line = [str(pipes[int(str(word)[1:])][0]) if str(word)[:1] == "@" else str(word) for word in words]
        try:
            return cli.main(line)
        finally:
            os.umask(umask)
            for reading, _writing in pipes:
                os.close(reading)

    return run


@pytest.fixture
def place(store, vault_paths) -> Path:
    store.close()
    return vault_paths.folder


@pytest.fixture
def opens(place) -> tuple[str, ...]:
    return ("--vault", str(place), "--pass-fd", "@0")


def answer(capsys) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)


def test_verify_digest_and_slots_answer_and_change_nothing(ask, opens, place, capsys):
    before = (place / "vault.db").read_bytes()
    assert ask("vault", "verify", *opens, "--json") == 0
    assert answer(capsys)["sound"] is True
    assert ask("vault", "digest", *opens, "--json") == 0
    assert len(answer(capsys)["digest"]) == 64
    assert ask("vault", "slots", *opens, "--json") == 0
    assert [slot["kind"] for slot in answer(capsys)["slots"]] == ["passphrase", "recovery"]
    assert (place / "vault.db").read_bytes() == before


def test_what_a_newer_program_wrote_is_not_called_sound(ask, opens, place, vault_key, capsys):
    with closing(connect(VaultPaths(place), vault_key(), maintenance=True)) as connection:
        connection.execute(f"PRAGMA user_version = {upgrade.SCHEMA + 1}")
    assert ask("vault", "verify", *opens) == cli.REFUSED
    assert "newer CrisisDesk" in capsys.readouterr().err


def test_the_recovery_code_opens_too(ask, place):
    assert ask("vault", "verify", "--vault", place, "--recovery-fd", "@0", secrets=(str(CODE),)) == 0


def test_a_wrong_passphrase_is_three_and_one_sentence(ask, opens, capsys):
    assert ask("vault", "verify", *opens, secrets=("something else entirely",)) == cli.WRONG
    said = capsys.readouterr()
    assert not said.out
    assert said.err == "crisisdesk: Wrong passphrase.\n"


def test_the_sixth_wrong_passphrase_is_five(ask, opens):
    codes = [ask("vault", "verify", *opens, secrets=("something else entirely",)) for _each in range(6)]
    assert codes == [cli.WRONG] * 5 + [cli.CLOSED]
    assert ask("vault", "verify", *opens) == cli.CLOSED


def test_a_vault_in_use_is_four(ask, opens, vault_paths, clock):
    with VaultLock(vault_paths, since=clock.now()):
        assert ask("vault", "verify", *opens) == cli.IN_USE


def test_no_vault_is_one(ask, tmp_path):
    assert ask("vault", "verify", "--vault", tmp_path / "none", "--pass-fd", "@0") == cli.REFUSED


def test_a_damaged_vault_is_one_and_a_sentence(ask, opens, place, capsys):
    content = bytearray((place / "vault.db").read_bytes())
    content[9000] ^= 1
    (place / "vault.db").write_bytes(content)
    assert ask("vault", "verify", *opens) == cli.REFUSED
    assert "damaged" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [(), ("fly",), ("vault",), ("vault", "fly"), ("vault", "verify", "--passphrase", "secret"), ("backup", "verify")],
)
def test_what_is_no_command_is_two(ask, words):
    assert ask(*words, secrets=()) == cli.USAGE


def test_a_secret_is_never_guessed_from_a_standard_input(ask, place, monkeypatch, tmp_path):
    piped = tmp_path / "piped"
    piped.write_text(PASSPHRASE)
    with piped.open() as given:
        monkeypatch.setattr(sys, "stdin", given)
        assert ask("vault", "verify", "--vault", place, secrets=()) == cli.USAGE


def test_no_option_takes_a_secret_itself(capsys):
    with pytest.raises(SystemExit):
        cli.main(["vault", "verify", "--help"])
    offered = capsys.readouterr().out
    assert "--pass-fd N" in offered
    assert not [word for word in ("--passphrase", "--pass ", "--recovery ") if word in offered]


def test_a_bug_is_a_code_and_no_traceback(ask, opens, monkeypatch, capsys):
    def fail(*_given: object, **_more: object) -> None:
        raise RuntimeError("Maria Delgado")

    monkeypatch.setattr(cli, "unlock", fail)
    assert ask("vault", "verify", *opens) == cli.FAULT
    said = capsys.readouterr().err
    assert "RuntimeError" in said
    assert "Maria" not in said
    assert said.count("\n") == 1


def test_a_backup_comes_back_equal_in_a_new_folder(ask, opens, tmp_path, capsys):
    assert ask("backup", "make", *opens, "--json") == 0
    backup = answer(capsys)["file"]
    by_code = ("--recovery-fd", "@0", "--json")
    assert ask("backup", "verify", backup, *by_code, secrets=(str(CODE),)) == 0
    held = answer(capsys)
    assert ask("backup", "restore", backup, "--to", tmp_path / "new", *by_code, secrets=(str(CODE),)) == 0
    capsys.readouterr()
    assert ask("vault", "digest", "--vault", tmp_path / "new", *by_code, secrets=(str(CODE),)) == 0
    back = answer(capsys)
    assert {name: back[name] for name in ("digest", "counts", "audit")} == {
        name: held[name] for name in ("digest", "counts", "audit")
    }
    assert ask("audit", "verify", "--anchor", backup, *opens) == 0
    assert ask("backup", "restore", backup, "--to", tmp_path / "new", *by_code, secrets=(str(CODE),)) == cli.REFUSED


def test_an_anchor_that_the_log_does_not_hold_is_one(ask, opens, tmp_path):
    assert ask("audit", "verify", "--anchor", "CD-1-00000000", *opens) == cli.REFUSED
    assert ask("audit", "verify", "--anchor", "CD-99-00000000", *opens) == cli.REFUSED
    assert ask("audit", "verify", "--anchor", "nonsense", *opens) == cli.USAGE
    told = tmp_path / "anchor.json"
    told.write_text(json.dumps({"audit": {"seq": 1, "mac": "00" * 32}}))
    assert ask("audit", "verify", "--anchor", told, *opens) == cli.REFUSED


def test_a_list_is_only_looked_at(ask, opens, capsys):
    assert ask("import", LIST, *opens) == cli.USAGE
    assert ask("import", "--dry-run", LIST, *opens, "--json") == 0
    told = answer(capsys)
    assert told["services"] > 0
    assert ask("vault", "digest", *opens, "--json") == 0
    assert answer(capsys)["counts"]["service"] == 0


def loaded(lines: str, *names: str) -> list[str]:
    """Return which modules a fresh Python has after some lines."""
    ask = f"import sys\n{lines}\nprint(*[name for name in {names!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.split()


def test_the_version_is_told():
    told = subprocess.run([sys.executable, "-m", "crisisdesk", "--version"], capture_output=True, text=True, check=True)
    assert told.stdout == f"CrisisDesk {__version__}\n"


def test_a_command_does_not_load_the_window_nor_the_window_the_commands():
    assert not loaded("import crisisdesk.__main__, crisisdesk.cli", "PySide6", "sqlalchemy", "crisisdesk.app")
    assert not loaded("import crisisdesk.__main__, crisisdesk.app", "crisisdesk.cli", "crisisdesk.selftest")

"""The reader that needs no CrisisDesk: it opens what the product wrote, and says when somebody changed it."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.desk import Desk
from crisisdesk.desk.clients import ClientDraft
from crisisdesk.desk.notes import NoteDraft
from crisisdesk.resources import resource
from crisisdesk.vault import connection
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.store import Store
from tests.vault.fast import CODE, PASSPHRASE, unlock

SAMPLE = Path(__file__).parents[1] / "data" / "vault" / "0.1.0"
# What stands for CrisisDesk is nothing: an import of it fails.
ALONE = """
import runpy, sys
sys.modules["crisisdesk"] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def recover(source: Path, to: Path, secret: str) -> subprocess.CompletedProcess[str]:
    script = shutil.copy(resource("recover", "crisisdesk_recover.py"), to.parent)
    reading, writing = os.pipe()
    os.write(writing, f"{secret}\n".encode())
    os.close(writing)
    line = [sys.executable, "-P", "-c", ALONE, str(script), str(source), "--to", str(to), "--secret-fd", str(reading)]
    try:
        return subprocess.run(
            line, cwd=to.parent, pass_fds=[reading], capture_output=True, text=True, encoding="utf-8", check=False
        )
    finally:
        os.close(reading)


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{table}.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def written(store, clock) -> Store:
    desk = Desk(store, clock)
    client = desk.clients.add(ClientDraft(first_name="Zoë", last_name="=SUM(A1)"))
    desk.notes.write(client, NoteDraft(body="Line one\nline two – “quoted”"))
    return store


@pytest.fixture
def vault(written, vault_paths) -> Path:
    written.close()
    return vault_paths.folder


@pytest.mark.parametrize("secret", [PASSPHRASE, str(CODE), str(CODE).lower().replace("-", " ").replace("0", "o")])
def test_passphrase_and_code_read_a_vault_of_ours(vault, out, secret):
    done = recover(vault, out, secret)
    assert done.returncode == 0, done.stderr
    assert rows(out, "client")[0]["first_name"] == "Zoë"
    assert rows(out, "note")[0]["body"] == "Line one\nline two – “quoted”"


def test_no_cell_of_a_sheet_is_a_formula(vault, out):
    recover(vault, out, PASSPHRASE)
    assert "'=SUM(A1)" in (out / "client.csv").read_text(encoding="utf-8-sig")


def test_a_vault_is_read_without_touching_it(vault, out):
    before = {path: path.read_bytes() for path in vault.iterdir()}
    recover(vault, out, PASSPHRASE)
    assert {path: path.read_bytes() for path in vault.iterdir()} == before


def test_what_comes_out_is_hers_alone(vault, out):
    recover(vault, out, PASSPHRASE)
    assert {path.stat().st_mode & 0o077 for path in (out, *out.iterdir())} == {0}


def test_a_backup_reads_alone(written, out):
    made = written.begin_backup(Kind.MANUAL).run()
    alone = Path(shutil.copy(made.path, out.parent))
    done = recover(alone, out, str(CODE))
    assert done.returncode == 0, done.stderr
    assert len(rows(out, "audit")) == made.manifest.said.audit.seq


def test_one_changed_bit_of_a_backup_is_told(written, out):
    made = written.begin_backup(Kind.MANUAL).run()
    content = bytearray(made.path.read_bytes())
    content[-5000] ^= 1
    made.path.write_bytes(content)
    done = recover(made.path, out, PASSPHRASE)
    assert done.returncode != 0
    assert "The backup's content is not the one that CrisisDesk wrote." in done.stderr or done.returncode == 2


def test_a_changed_line_of_the_audit_log_is_named(vault, vault_paths, out):
    with closing(connection.connect(vault_paths, unlock(vault_paths, PASSPHRASE), maintenance=True)) as raw:
        for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f'DROP TRIGGER "{trigger}"')
        raw.execute("UPDATE audit SET object_id = 'x' WHERE seq = 3")
    done = recover(vault, out, PASSPHRASE)
    assert done.returncode == 1
    assert "Audit log: line 3" in done.stderr


def test_a_wrong_passphrase_is_told_and_leaves_nothing(vault, out):
    done = recover(vault, out, "not the passphrase at all")
    assert done.returncode == 2
    assert "neither the passphrase nor a recovery code" in done.stderr
    assert not out.exists()


def test_a_changed_key_file_is_told(vault, out):
    for name in ("vault.keys", "vault.keys.bak"):
        changed = (vault / name).read_text().replace('"min_app":"0.1.0"', '"min_app":"0.0.1"')
        (vault / name).write_text(changed)
    done = recover(vault, out, PASSPHRASE)
    assert done.returncode == 2
    assert "changed afterwards" in done.stderr


def test_a_damaged_key_file_falls_back_to_its_twin(vault, out):
    (vault / "vault.keys").write_bytes(b"{")
    assert recover(vault, out, PASSPHRASE).returncode == 0


def test_nothing_is_overwritten(vault, out):
    out.mkdir()
    done = recover(vault, out, PASSPHRASE)
    assert done.returncode == 2
    assert not list(out.iterdir())


@pytest.mark.skipif(not SAMPLE.exists(), reason="there is no sample vault yet")
def test_the_sample_vault_reads_with_its_counts(out):
    told = json.loads((SAMPLE / "expected.json").read_text())
    done = recover(SAMPLE, out, PASSPHRASE)
    assert done.returncode == 0, done.stderr
    counted = {path.stem: path.read_text(encoding="utf-8").count("\n") for path in out.glob("*.jsonl")}
    assert counted == told["vault"]["counts"]


def test_the_page_for_a_stranger_names_what_there_is():
    told = resource("recover", "README.txt").read_text(encoding="utf-8")
    script = resource("recover", "crisisdesk_recover.py").read_text(encoding="utf-8")
    assert "crisisdesk_recover.py" in told
    for sentence in (
        "neither the passphrase nor a recovery code",
        "damaged beyond",
        "There is no vault.db in this folder",
    ):
        assert sentence in told
        assert sentence in script

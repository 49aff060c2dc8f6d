"""SQLite's and the disk's codes, sorted into what they mean for her."""

import errno
import os

import pytest
import sqlalchemy
from sqlalchemy import text
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.errors import DiskFull, StateConflict, VaultDamaged, VaultInUse, VaultReadOnly
from crisisdesk.vault.connection import connect, make_engine
from crisisdesk.vault.faults import sort_error, sorted_errors

NOTE = "She said that the blue door is never locked."


@pytest.fixture
def engine(paths, made):
    opened = make_engine(lambda: connect(paths, made, maintenance=True))
    yield opened
    opened.dispose()


def test_a_full_disk_is_told_and_nothing_of_the_act_is_kept(engine):
    with engine.connect() as session:
        session.execute(text("PRAGMA max_page_count = 6"))
        session.commit()

    def write():
        with sorted_errors(), engine.begin() as session:
            for _count in range(20):
                session.execute(text("INSERT INTO note (body) VALUES (:body)"), {"body": NOTE * 50})

    with pytest.raises(DiskFull) as told:
        write()
    assert "blue door" not in str(told.value) + str(told.value.__cause__)
    with engine.connect() as session:
        assert session.execute(text("SELECT count(*) FROM note")).scalar() == 0


def test_a_vault_that_can_not_be_written_is_told(engine):
    def write():
        with sorted_errors(), engine.begin() as session:
            session.execute(text("PRAGMA query_only = ON"))
            session.execute(text("INSERT INTO note (body) VALUES ('x')"))

    with pytest.raises(VaultReadOnly):
        write()


def test_a_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(VaultReadOnly), sorted_errors():
        sqlcipher.connect(f"{(tmp_path / 'gone' / 'vault.db').as_uri()}?mode=rw", uri=True)


def coded(code: int) -> sqlcipher.OperationalError:
    error = sqlcipher.OperationalError("made for the test")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (5, VaultInUse),
        (6, VaultInUse),
        (8, VaultReadOnly),
        (10, VaultDamaged),
        (11, VaultDamaged),
        (13, DiskFull),
        (14, VaultReadOnly),
        (26, VaultDamaged),
        (5 | 1 << 8, VaultInUse),  # BUSY_RECOVERY
        (8 | 5 << 8, VaultReadOnly),  # READONLY_DIRECTORY
        (10 | 4 << 8, VaultDamaged),  # IOERR_FSYNC
        (11 | 1 << 8, VaultDamaged),  # CORRUPT_VTAB
    ],
)
def test_a_code_of_sqlite_has_its_sentence(code, kind):
    sorted_error = sort_error(coded(code))
    assert type(sorted_error) is kind
    assert str(sorted_error).endswith(".")


@pytest.mark.parametrize("code", [1, 7, 19, 20, 21, 23])
def test_what_is_our_own_mistake_stays_one(code):
    assert sort_error(coded(code)) is None
    with pytest.raises(sqlcipher.OperationalError), sorted_errors():
        raise coded(code)


def test_an_error_of_the_driver_without_a_code_stays_a_bug():
    assert sort_error(sqlcipher.ProgrammingError("Cannot operate on a closed database.")) is None


def test_a_doubled_id_stays_a_bug(engine):
    def write():
        with sorted_errors(), engine.begin() as session:
            session.execute(text("INSERT INTO note (id, body) VALUES (1, 'x'), (1, 'y')"))

    with pytest.raises(sqlalchemy.exc.IntegrityError):
        write()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EACCES, VaultReadOnly),
        (errno.EPERM, VaultReadOnly),
        (errno.EROFS, VaultReadOnly),
        (errno.EIO, VaultDamaged),
    ],
)
def test_a_code_of_the_system_has_its_sentence(code, kind):
    assert type(sort_error(OSError(code, os.strerror(code)))) is kind


@pytest.mark.parametrize("error", [OSError(errno.ENOTDIR, "x"), OSError("no code"), ValueError("x")])
def test_any_other_error_stays_a_bug(error):
    assert sort_error(error) is None


def test_what_is_sorted_already_is_left_as_it_is():
    told = VaultInUse("In use.")
    assert sort_error(told) is told


def test_her_own_refusals_fly_through():
    with pytest.raises(StateConflict), sorted_errors():
        raise StateConflict

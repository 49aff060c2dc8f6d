"""What goes into the frozen program and what never does; and that the check of it finds what is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from check_frozen import Check, snapshot
from frozen.running import Program, Ran
from pyinstaller import absent, contents

from crisisdesk import app
from crisisdesk.exchange import apart_child
from crisisdesk.selftest import lock_child
from crisisdesk.vault import device

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a script of the shell stands in for the program")


# What is in it


@pytest.mark.parametrize(
    "path",
    [
        "_internal/PySide6/Qt/lib/libQt6Quick.so.6",
        "_internal/PySide6/Qt6Qml.dll",
        "_internal/PySide6/QtNetwork.abi3.so",
        "_internal/PySide6/QtNetwork.pyd",
        "_internal/PySide6/plugins/tls/qschannelbackend.dll",
        "_internal/PySide6/Qt6WebEngineCore.dll",
        "_internal/PySide6/Qt/translations/qtbase_de.qm",
        "_internal/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so",
        "_internal/libssl.so.3",
        "_internal/keyring-25.7.0.dist-info/RECORD",
        "_internal/PySide6/opengl32sw.dll",
    ],
)
def test_some_things_are_never_in_the_program(path):
    assert not contents.stays(path, "BINARY")
    assert contents.NEVER.search(f"/{path}".lower())


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/lib/libQt6Network.so.6",  # QtPdf's library links it
        "PySide6/Qt6Network.dll",
        "sqlcipher3/_sqlite3.cpython-311-x86_64-linux-gnu.so",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "keyring-25.7.0.dist-info/METADATA",
        "libxcb-cursor.so.0",
    ],
)
def test_what_it_needs_stays(path):
    assert contents.stays(path, "BINARY")


@pytest.mark.parametrize("name", ["platforms/libqvnc.so", "platformthemes/libqgtk3.so", "newfolder/libnew.so"])
def test_a_plugin_that_nobody_asked_for_does_not_come_along(name):
    assert not contents.stays(f"PySide6/Qt/plugins/{name}", "BINARY")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux brings these libraries itself")
@pytest.mark.parametrize("name", ["libGL.so.1", "libX11.so.6", "libxcb.so.1", "libcups.so.2", "libstdc++.so.6"])
def test_what_must_be_the_systems_own_is_not_brought(name):
    assert not contents.stays(name, "BINARY")


def test_the_list_of_files_tells_a_new_file_and_a_missing_one():
    lists = "# words\nbin/prog\nlib/libnew-{hash}.so.*\n? lib/maybe.so\n"
    good = ["bin/prog", "lib/libnew-0123abcd.so.1.2"]
    assert contents.check_list(good, lists) == []
    assert contents.check_list([*good, "lib/maybe.so"], lists) == []
    assert contents.check_list([*good, "lib/libnew-cursor.so.0"], lists) == [
        "not on the list of files: lib/libnew-cursor.so.0"
    ]
    assert contents.check_list(good[:1], lists) == ["on the list of files, and not there: lib/libnew-{hash}.so.*"]


def test_every_module_that_is_loaded_by_name_is_named():
    named = {*contents.own_modules(ROOT), *contents.LOADED_BY_NAME}
    assert {name for name in app._AHEAD if name.startswith("crisisdesk.")} <= named
    assert {apart_child.__name__, lock_child.__name__} <= named
    stores = {system: (module,) for system, (module, _kind, _name) in device._STORES.items()}
    assert stores == contents.KEYRINGS


def test_a_module_that_is_missing_where_it_is_needed_is_told():
    noted = (
        "missing module named fancy - imported by alembic.thing (top-level), six (delayed)\n"
        "missing module named maybe - imported by pathlib (optional), os (delayed, conditional)\n"
        "excluded module named unittest - imported by reportlab.graphics.testshapes (top-level)\n"
    )
    assert absent.unexplained(noted) == ["fancy, which alembic.thing can't be loaded without"]
    assert absent.left_behind(["alembic.op", "gone"], "[('alembic.op', '/x/op.py', 'PYMODULE')]") == ["gone"]


# What it does


_HARDENED = """
import sys, os
sys.frozen = True
from crisisdesk.hardening import harden
harden()
print(sorted(name for name in os.environ if name.startswith(("LD_", "_PYI_", "QT_PLUGIN"))), os.environ["CUPS_SERVER"])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux’s own")
def test_a_packaged_program_hands_nothing_of_its_start_on_and_asks_no_print_server_in_a_network():
    given = {"LD_LIBRARY_PATH": "/x", "_PYI_ARCHIVE_FILE": "/x", "QT_PLUGIN_PATH": "/x", "CUPS_SERVER": "far.example"}
    told = subprocess.run(
        [sys.executable, "-c", _HARDENED], env={**os.environ, **given}, cwd=ROOT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "[] /run/cups/cups.sock"


# The check of it


@pytest.fixture
def stub(tmp_path):
    """A program made of a few words of the shell."""
    made = []

    def make(words):
        folder = tmp_path / "program"
        folder.mkdir(exist_ok=True)
        path = folder / "crisisdesk"
        path.write_text(f"#!/bin/sh\n{words}\n", encoding="utf-8")
        path.chmod(0o755)
        made.append(Program(path, is_watched=False))
        return Check(made[-1])

    yield make
    for program in made:
        program.forget()


@POSIX
def test_a_program_that_answers_well_is_well(stub):
    check = stub("""echo '{"is": "well"}'""")
    before = snapshot(check.program.folder)
    assert check.answer("--diag") == {"is": "well"}
    check.traces(before)
    assert check.wrong == []


@POSIX
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("echo '{}'; echo warning >&2", "said on stderr: warning"),
        ("echo '{}'; exit 70", "ended with 70"),
        ("echo nonsense", "answered 'nonsense"),
        ("echo '{}'; echo x >> \"$0\"", "the program wrote to itself: crisisdesk"),
        ("echo '{}'; : > \"${0%/*}/new.pyc\"", "the program wrote to itself: new.pyc"),
        ("echo '{}'; : > \"$TMPDIR/_MEI42\"", "unpacked: "),
        ('echo "{\\"path\\": \\"$(python3 -c 1 2>/dev/null && echo found)\\"}"; python3', "said on stderr"),
    ],
)
def test_whatever_is_not_as_it_must_be_is_told(stub, words, told):
    check = stub(words)
    before = snapshot(check.program.folder)
    check.answer("--diag")
    check.traces(before)
    assert any(told in each for each in check.wrong), check.wrong


@POSIX
def test_a_file_that_others_may_write_to_and_a_socket_of_a_network_are_told(stub, tmp_path):
    check = stub("echo '{}'")
    check.program.path.chmod(0o777)
    log = tmp_path / "log"
    log.write_text("7 socket(AF_UNIX, SOCK_STREAM, 0) = 3\n7 socket(AF_INET6, SOCK_STREAM, IPPROTO_IP) = 3\n")
    check.program._logs.append(log)
    check.traces(snapshot(check.program.folder))
    assert check.wrong == [
        "a socket of a network: 7 socket(AF_INET6, SOCK_STREAM, IPPROTO_IP) = 3",
        "others may write to crisisdesk",
    ]


@POSIX
def test_a_refusal_is_one_sentence_and_its_number(stub):
    check = stub("")
    check.refuses(Ran(3, "", "crisisdesk: That is not the passphrase.\n"), 3, "passphrase")
    assert check.wrong == []
    check.refuses(Ran(0, "", ""), 3, "passphrase")
    check.refuses(Ran(3, "", "crisisdesk: That is not the passphrase.\nTraceback\n"), 3, "passphrase")
    assert len(check.wrong) == 2

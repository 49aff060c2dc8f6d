"""What every test stands on: no screen, no home folder, no network, no keyring, and nothing that outlives it."""

import gc
import logging
import os
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # a test that wants a keyring brings one

# The vault waits for the disk after each write, and nothing here cuts the power: a disk in memory halves the time.
_MEMORY_DISK = Path("/dev/shm")  # noqa: S108  Linux has it; pytest makes its own folder there, for this user only
_ROOM = 256 * 1024**2  # bytes; a container may have less, and then the usual place will do
if "TMPDIR" not in os.environ and os.access(_MEMORY_DISK, os.W_OK) and shutil.disk_usage(_MEMORY_DISK).free > _ROOM:
    os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY_DISK)  # the former for the tests' own processes

# Fixtures for a store on disk (tests/stores.py) and for windows (tests/windows.py).
pytest_plugins = [name for name in ("tests.stores", "tests.windows") if find_spec(name)]

# The same examples in every run, and none fails for being slow: timing is for `python3 dev.py bench`.
settings.register_profile("crisisdesk", deadline=None, derandomize=True)
settings.load_profile("crisisdesk")

_LOCAL = ("127.0.0.1", "::1", "localhost")
_PATIENCE = 2  # seconds for a thread that is just ending; only a leak takes so long


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how long the fault campaigns of tests/faults go on; security.md 5 has the figures."""
    parser.addoption("--campaign", choices=("quick", "ci", "nightly"), default="quick", help="figures of tests/faults")


@pytest.fixture(scope="session")
def campaign(request: pytest.FixtureRequest) -> str:
    """Return whose figures the fault campaigns have: quick, ci or nightly."""
    return str(request.config.getoption("campaign"))


@pytest.fixture
def told(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Return what prints a line below all tests, also from a worker: what a campaign did, in figures."""
    return lambda line: record_property("told", line)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the campaigns told."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    lines = sorted(line for report in reports for name, line in report.user_properties if name == "told")
    if lines:
        terminalreporter.section("what the campaigns did")
        for line in lines:
            terminalreporter.write_line(line)


def pytest_sessionstart() -> None:
    """Keep Python's collector off the job threads, where it would destroy widgets (README, ARCHITECTURE: threads)."""
    gc.collect()
    gc.freeze()
    gc.disable()


@pytest.fixture(scope="session", autouse=True)
def _no_home_for_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        _move_home(patch, tmp_path_factory.mktemp("session-home"))
        yield


@pytest.fixture(autouse=True)
def _no_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home folder of its own, so that none finds a person's vault or settings."""
    home = tmp_path_factory.mktemp("home")
    _move_home(monkeypatch, home)
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QSettings  # noqa: PLC0415  a test without Qt need not load it

        for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
            QSettings.setPath(kind, QSettings.Scope.UserScope, str(home / ".config"))  # Qt reads HOME only once
    return home


def _move_home(patch: pytest.MonkeyPatch, home: Path) -> None:
    for name in ("HOME", "USERPROFILE"):
        patch.setenv(name, str(home))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        patch.setenv(f"XDG_{name}_HOME", str(home / f".{name.lower()}"))
    for name in ("APPDATA", "LOCALAPPDATA"):
        patch.setenv(name, str(home / name))
    patch.setenv("CRISISDESK_HOME", str(home / "crisisdesk"))


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Fail whatever would leave this computer; pytest.fail can't be swallowed by an ``except Exception``."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(family: int, host: object) -> None:
        if family != getattr(socket, "AF_UNIX", None) and host not in _LOCAL:
            pytest.fail(f"CrisisDesk tried to reach {host} over a network.")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse(self.family, address[0])
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse(self.family, address[0])
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
        refuse(0, host)
        return getaddrinfo(host, *rest, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


class _Heard(logging.Handler):
    """Collects what was logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which something logged a warning, unless it asks for ``caplog`` and so looks at the log itself."""
    heard = _Heard()
    logging.getLogger().addHandler(heard)
    yield
    logging.getLogger().removeHandler(heard)
    if heard.lines and "caplog" not in request.fixturenames:
        pytest.fail("Unexpected in the log:\n" + "\n".join(heard.lines))


@pytest.fixture(autouse=True)
def _nothing_outlives_a_test() -> Iterator[None]:
    """Fail a test that leaves a thread or a window behind; collect its garbage here, on the main thread."""
    before = set(threading.enumerate())
    yield
    _end_of_windows()
    # A dummy stands for a thread of Qt's pool, which outlives its job by design.
    left = [t for t in threading.enumerate() if t not in before and type(t).__name__ != "_DummyThread"]
    for thread in left:
        thread.join(_PATIENCE)
    gc.collect()
    gc.freeze()  # what is left belongs to the session; walking it again after each of 2,000 tests takes minutes
    alive = [thread.name for thread in left if thread.is_alive()]
    if alive:
        pytest.fail(f"Still running after the test: {alive}")


def _end_of_windows() -> None:
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtCore import QThreadPool  # noqa: PLC0415  as above
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    if QApplication.instance() is None:
        return
    if not QThreadPool.globalInstance().waitForDone(_PATIENCE * 1000):
        pytest.fail("A job was still running after the test.")
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    for widget in shown:
        widget.close()
    if shown:
        pytest.fail(f"Still on the screen after the test: {[type(widget).__name__ for widget in shown]}")

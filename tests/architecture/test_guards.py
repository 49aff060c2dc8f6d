"""What tests/conftest.py promises: a test that reaches out or leaves something behind fails."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

SAMPLE = """
import logging, os, socket, threading, warnings
from pathlib import Path
import keyring, pytest
from PySide6.QtCore import QSettings, qWarning
from PySide6.QtWidgets import QWidget

kept = []

def test_good_window(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()

def test_good_log(caplog):
    logging.getLogger("crisisdesk").warning("expected")

def test_good_home():
    home = Path(os.environ["HOME"])
    assert not list(home.iterdir())
    assert Path(QSettings("CrisisDesk", "CrisisDesk").fileName()).is_relative_to(home)
    assert Path(os.environ["CRISISDESK_HOME"]).is_relative_to(home)

def test_good_local_socket():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
        server.accept()[0].close()

def test_good_keyring_is_none():
    with pytest.raises(keyring.errors.NoKeyringError):
        keyring.get_password("crisisdesk", "key")

def test_bad_window(qtbot):
    kept.append(QWidget())
    kept[0].show()

def test_bad_log():
    logging.getLogger("crisisdesk").warning("unexpected")

def test_bad_thread():
    threading.Thread(target=threading.Event().wait, daemon=True).start()

def test_bad_network():
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    except Exception:
        pass

def test_bad_qt_warning():
    qWarning("unexpected")

def test_bad_warning():
    warnings.warn("unexpected")
"""


def test_a_test_that_reaches_out_or_leaves_something_behind_fails(tmp_path):
    sample = tmp_path / "test_sample.py"
    sample.write_text(SAMPLE)
    line = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    line += ["-p", "tests.conftest", "-p", "no:cacheprovider", str(sample)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    names = set(re.findall(r"def (test_\w+)", SAMPLE))
    fell = set(re.findall(r"^(?:FAILED|ERROR) .*::(test_\w+)", done.stdout, re.MULTILINE))
    assert fell == {name for name in names if name.startswith("test_bad")}, done.stdout

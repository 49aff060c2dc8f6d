import logging
import sys
import threading

import pytest
from PySide6.QtCore import QTimer, qWarning

from crisisdesk import damaged, logs
from crisisdesk.errors import DiskFull
from crisisdesk.ui.crash import Crash

SECRET = "Maria Delgado, 218 Cotter Street"  # noqa: S105  what must never be logged


@pytest.fixture
def log_file(tmp_path):
    logs.start(tmp_path)
    yield tmp_path / "app.log"
    logs.stop()


def fail(words):
    raise ValueError(words)


def caught(words):
    try:
        fail(words)
    except ValueError:
        return sys.exc_info()


def test_the_log_says_where_and_never_what(qtbot, log_file, caplog):
    del caplog
    told = []
    crash = Crash(lambda code, sentence: told.append(code + sentence))
    crash.caught(*caught(SECRET))
    qtbot.waitUntil(lambda: bool(told))
    written = log_file.read_text("utf-8")
    assert "ValueError" in written
    assert "test_crash.py" in written
    assert not any(word in written for word in SECRET.replace(",", "").split())
    assert "Cotter" not in told[0]


def test_a_bug_on_another_thread_is_told_on_this_one(qtbot, log_file, caplog):
    del log_file, caplog
    told = []
    crash = Crash(lambda code, _sentence: told.append((code, threading.get_ident())))
    thread = threading.Thread(target=lambda: crash.caught(*caught(SECRET)))
    thread.start()
    thread.join()
    assert told == []
    qtbot.waitUntil(lambda: bool(told))
    assert told[0][1] == threading.get_ident()


def test_a_second_bug_while_the_dialog_is_open_opens_no_second_one(qtbot, log_file, caplog):
    del caplog
    told = []

    def show(code, _sentence):
        told.append(code)
        crash.caught(*caught("again"))
        loop_over = []
        QTimer.singleShot(0, lambda: loop_over.append(True))
        qtbot.waitUntil(lambda: bool(loop_over))

    crash = Crash(show)
    crash.caught(*caught("first"))
    qtbot.waitUntil(lambda: bool(told))
    assert len(told) == 1
    assert log_file.read_text("utf-8").count("ValueError") == 2


def test_the_hooks_are_taken_and_given_back(qapp, log_file, tmp_path):
    del qapp, log_file
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    crash = Crash(lambda _code, _sentence: None)
    crash.install(tmp_path)
    assert sys.excepthook == crash.caught
    crash.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


def test_qt_s_words_stay_out_of_the_log(qapp, log_file, caplog):
    del qapp, caplog
    crash = Crash(lambda _code, _sentence: None)
    crash.install()
    qWarning(SECRET)
    crash.uninstall()
    written = log_file.read_text("utf-8")
    assert "QtWarningMsg" in written
    assert "Delgado" not in written


def test_a_message_with_values_is_not_written(log_file, caplog):
    del caplog
    logging.getLogger(logs.NAME).error("opened %s", SECRET)
    assert "unspoken" in log_file.read_text("utf-8")
    assert "Delgado" not in log_file.read_text("utf-8")


def test_the_log_is_five_files_of_a_megabyte_and_no_more(tmp_path, caplog):
    del caplog
    log = logs.start(tmp_path)
    for _line in range(5_600):
        log.info("x" * 1000)
    logs.stop()
    assert len(list(tmp_path.iterdir())) == 5
    assert all(file.stat().st_size <= 1_000_000 for file in tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_costs_the_log_and_not_the_program(tmp_path, caplog):
    del caplog
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    log = logs.start(blocked)
    log.error("still alive")
    logs.stop()


def test_a_path_in_the_log_has_no_name_of_a_user():
    code = logs.code_of(*(caught(SECRET)[0], caught(SECRET)[2]))
    assert "/home/" not in code
    assert code.startswith("builtins.ValueError ")


def test_a_sentence_for_her_that_no_page_has_caught_is_shown_to_her(qtbot, log_file, caplog):
    del caplog
    told = []
    crash = Crash(lambda _code, sentence: told.append(sentence))
    crash.caught(DiskFull, DiskFull("There is no room on the disk. Free some, and try again."), None)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["There is no room on the disk. Free some, and try again."]
    assert "room" not in log_file.read_text("utf-8")


def test_a_part_of_the_packaged_program_that_is_missing_is_told_as_that(qtbot, log_file, caplog, monkeypatch):
    del caplog
    told = []
    crash = Crash(lambda _code, sentence: told.append(sentence))
    crash.caught(ModuleNotFoundError, ModuleNotFoundError("No module named 'pikepdf'"), None)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    crash.caught(ModuleNotFoundError, ModuleNotFoundError("No module named 'pikepdf'"), None)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["", damaged.words()]
    assert log_file.read_text("utf-8").count("ModuleNotFoundError") == 2


def test_a_dialog_that_is_missing_itself_is_not_tried_for_ever(qtbot, log_file, caplog, monkeypatch):
    del log_file, caplog
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    told = []
    monkeypatch.setattr(damaged, "tell", lambda: told.append("tell"))

    def show(_code, _sentence):
        raise ModuleNotFoundError

    crash = Crash(show)
    crash.caught(*caught(SECRET))
    qtbot.waitUntil(lambda: told == ["tell"])

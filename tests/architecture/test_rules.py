"""Each rule of the house catches what it is for, and lets its neighbour pass."""

import pytest

from tests.architecture import rules

LONG_FUNCTION = "def act():\n" + "    x = 1\n" * rules.LONGEST_FUNCTION

# rule, what it must refuse, what it must let pass
EXAMPLES = (
    (rules.long_module, "x = 1\n" * (rules.LONGEST_MODULE + 1), "x = 1\n" * rules.LONGEST_MODULE),
    (rules.long_functions, LONG_FUNCTION, LONG_FUNCTION.removesuffix("    x = 1\n")),
    (rules.long_functions, "class A:\n" + "    def b(self):\n" + "        x = 1\n" * 60, "x = (\n" + "1,\n" * 99 + ")"),
    (rules.empty_names, "class CacheManager: ...", "class Cache: ..."),
    (rules.empty_names, "class Helper: ...", "class HelperlessTown: ..."),
    (rules.broken_words, "_(f'Call {name}')", "_('Call {name}').format(name=name)"),
    (rules.broken_words, "_('Call {name}'.format(name=name))", "_(column.title)"),
    (rules.broken_words, "_('Call ' + name)", "print('Call ' + name)"),
    (rules.broken_words, "_('Call %s' % name)", "_('Call at 100 %')"),
    (rules.broken_words, "_('Call {}')", "_('Call {count:,}')"),
    (rules.broken_words, "ngettext('{n} call', f'{n} calls', n)", "ngettext('{n} call', '{n} calls', n)"),
    (rules.broken_words, "catalogue('es').gettext(f'{n}')", "catalogue('es').gettext('{n}')"),
    (rules.modal_dialogs, "from PySide6.QtWidgets import QMessageBox", "from PySide6.QtWidgets import QDialog"),
    (rules.modal_dialogs, "import PySide6.QtWidgets.QFileDialog", "import PySide6.QtWidgets"),
    (rules.modal_dialogs, "dialog.exec()", "session.execute(rows)"),
    (rules.modal_dialogs, "self._menu.exec_(place)", "self._menu.popup(place)"),
    (rules.processed_events, "QApplication.processEvents()", "QApplication.quit()"),
    (rules.processed_events, "step = app.processEvents", "step = app.process"),
    (rules.other_clocks, "datetime.now(UTC)", "self._clock.now()"),
    (rules.other_clocks, "datetime.datetime.now()", "datetime.datetime(2026, 11, 22)"),
    (rules.other_clocks, "date.today()", "desk.today()"),
    (rules.other_clocks, "time.time()", "time.monotonic()"),
    (rules.other_clocks, "QDate.currentDate()", "QDate(2026, 11, 22)"),
    (rules.other_places, "folder = Path.home() / 'Documents'", "folder = paths.home() / 'vault'"),
    (rules.other_places, "name = os.environ['HOME']", "name = os.fspath(path)"),
    (rules.other_places, "import tempfile", "import temper"),
    (rules.other_places, "from PySide6.QtCore import QStandardPaths", "from PySide6.QtCore import QSettings"),
    (rules.other_shortcuts, "QShortcut(key, window)", "QAction(title, window)"),
    (rules.other_shortcuts, "action.setShortcut('Ctrl+L')", "action.setShortcut(command.key)"),
    (rules.colours, "sheet = 'color: #ff8800'", "label = 'Referral #142'"),
    (rules.colours, "ink = '#fff'", "text = 'packet #123456789'"),
    (rules.colours, "QColor('red')", "QColor(theme.accent)"),
    (rules.colours, "QColor(0, 0, 0, 40)", "QColor()"),
    (rules.network, "from PySide6.QtNetwork import QLocalServer", "from PySide6.QtNumbers import QThing"),
    (rules.network, "from PySide6 import QtNetwork", "from PySide6 import QtGui"),
    (rules.network, "import urllib.request", "from urllib.parse import quote"),
    (rules.writes_around_the_door, "from sqlalchemy import select, delete", "from sqlalchemy import select, func"),
    (rules.writes_around_the_door, "from sqlalchemy.orm import sessionmaker", "from sqlalchemy.orm import Mapped"),
    (rules.sessions, "from sqlalchemy.orm import Session", "from sqlalchemy.orm import Mapped"),
    (rules.elsewhere, "index = 'https://py" + "pi.org/simple'", "readable = 'PyPI'"),
    (rules.elsewhere, "pip install --index" + "-url x", "pip install x"),
    (rules.elsewhere, "open('/wo" + "rk/main/dev.py')", "phone = 'home/work/other'"),
)


@pytest.mark.parametrize(("rule", "bad", "good"), EXAMPLES)
def test_a_rule_refuses_the_bad_and_passes_the_good(rule, bad, good):
    assert list(rule(bad))
    assert not list(rule(good))


@pytest.mark.parametrize("path", ["ui/utils.py", "desk/date_helpers.py", "common/rows.py", "vault/manager.py"])
def test_an_empty_name_is_refused(path):
    assert list(rules.empty_names("", path))


@pytest.mark.parametrize("path", ["ui/commands.py", "vault/keys.py", "desk/commonly.py"])
def test_a_name_that_says_something_passes(path):
    assert not list(rules.empty_names("", path))


def test_every_function_that_makes_a_paragraph_is_found():
    source = "def door(text):\n    return Paragraph(escape(text))\n\ndef row():\n    return platypus.Paragraph('x')\n"
    assert rules.paragraphs(source) == ["door", "row"]


def test_a_rule_names_the_line():
    assert list(rules.processed_events("\n\napp.processEvents()")) == ["3: processEvents; use a Job"]

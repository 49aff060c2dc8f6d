import pytest
from PySide6.QtCore import QByteArray

from crisisdesk.ui.settings import DeviceSettings, Setting
from crisisdesk.ui.tokens import Scheme


def test_settings_are_there_again_after_a_restart(qapp, tmp_path):
    del qapp
    file = tmp_path / "window.ini"
    settings = DeviceSettings(file)
    settings.scheme, settings.text_size, settings.is_initials_only = Scheme.DARK, 150, True
    settings.geometry = QByteArray(b"\x00\xff where it stood")
    settings.keep()
    again = DeviceSettings(file)
    assert (again.scheme, again.text_size, again.is_initials_only) == (Scheme.DARK, 150, True)
    assert again.geometry == QByteArray(b"\x00\xff where it stood")


@pytest.mark.parametrize(
    "words", ["look/scheme=plaid", "look/text_size=huge", "window/geometry=@Invalid()", "\x00\xff"]
)
def test_a_damaged_settings_file_means_the_defaults(qapp, tmp_path, words):
    del qapp
    file = tmp_path / "window.ini"
    section, _slash, rest = words.partition("/")
    file.write_text(f"[{section}]\n{rest}\n", "utf-8")
    settings = DeviceSettings(file)
    assert (settings.scheme, settings.text_size) == (Scheme.SYSTEM, 100)
    assert settings.geometry.isEmpty() or isinstance(settings.geometry, QByteArray)


def test_no_setting_can_hold_a_name_or_a_search():
    own = [setting for setting in vars(DeviceSettings).values() if isinstance(setting, Setting)]
    assert own
    assert all(not isinstance(setting.default, str) or isinstance(setting.default, Scheme) for setting in own)
    assert len({setting.key for setting in own}) == len(own)

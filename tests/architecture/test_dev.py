"""dev.py sets up by itself, says what is missing and what to do about it, and reports every check."""

import ast
import os
import stat
import sys
from pathlib import Path

import pytest

import dev

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lacks libraries or a screen")


def test_an_old_python_can_read_the_file_that_refuses_it():
    ast.parse(Path(dev.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 15)])
def test_a_python_that_does_not_fit_gets_one_sentence(version):
    sentence = dev.unfit_python(version)
    assert sentence
    assert "this is Python {}.{}".format(*version) in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_python_that_fits_is_taken(version):
    assert dev.unfit_python(version) is None


def test_an_unknown_word_shows_what_there_is(capsys):
    assert dev.main(["fly"]) == 2
    shown = capsys.readouterr().out
    assert all(verb in shown for verb in dev.VERBS)


def test_a_missing_library_is_named_with_its_package():
    missing = dev.missing_packages(lambda library: library != "libxcb-cursor.so.0")
    assert missing == {"libxcb-cursor.so.0": "libxcb-cursor0"}


def test_a_missing_venv_is_named_with_its_package():
    missing = dev.missing_packages(lambda _: True, can_make_venv=False)
    assert list(missing.values()) == ["python{}.{}-venv".format(*sys.version_info)]


@linux
def test_a_library_that_is_there_loads_and_another_does_not():
    assert dev.loads("libc.so.6")
    assert not dev.loads("libnobody-has-this.so.9")


@pytest.fixture
def apt_get(tmp_path, monkeypatch):
    """Return the file in which a stand-in for apt-get writes down what it was asked."""
    asked = tmp_path / "asked"
    stand_in = tmp_path / "bin" / "apt-get"
    stand_in.parent.mkdir()
    stand_in.write_text(f'#!/bin/sh\necho "$@" >> {asked}\n')
    stand_in.chmod(stand_in.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}")
    return asked


@linux
def test_root_on_debian_gets_the_packages_installed(apt_get, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    dev.provide_packages({"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1"})
    update, install = apt_get.read_text().splitlines()
    assert update == "update -qq"
    assert install == "install -y -qq --no-install-recommends libegl1 libgl1"


@linux
def test_anyone_else_on_debian_gets_one_line_to_copy(apt_get, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(dev.CannotStartError) as said:
        dev.provide_packages({"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1"})
    assert str(said.value).splitlines()[-1] == "sudo apt-get install libegl1 libgl1"
    assert not apt_get.exists()


@linux
def test_elsewhere_the_libraries_are_named(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(dev.CannotStartError, match=r"libEGL\.so\.1"):
        dev.provide_packages({"libEGL.so.1": "libegl1"})


@linux
def test_without_a_screen_run_points_at_the_gallery(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert dev.main(["run"]) == 1
    assert "python3 dev.py gallery" in capsys.readouterr().out


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Return a checkout that has nothing to install yet."""
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / dev.STAMP.name)
    dev.LOCK.write_text("# nothing yet\n")
    return tmp_path


def test_a_half_made_venv_is_made_anew_and_then_left_alone(checkout, capsys):
    dev.VENV.mkdir()
    (dev.VENV / "half").touch()
    dev.set_up()
    assert not (dev.VENV / "half").exists()
    assert "anew" in capsys.readouterr().out
    dev.set_up()
    assert not capsys.readouterr().out
    sees = f"import sys; sys.exit(sys.prefix != {str(dev.VENV)!r} or {str(checkout)!r} not in sys.path)"
    assert dev.start(["-c", sees]) == 0


@pytest.mark.parametrize("change", ["lock", "place", "python"])
def test_another_lock_place_or_python_needs_another_venv(checkout, monkeypatch, change):
    dev.python().parent.mkdir(parents=True)
    dev.python().touch()
    dev.STAMP.write_text(dev.stamp())
    assert dev.is_ready()
    if change == "lock":
        dev.LOCK.write_text("# something now\n")
    elif change == "place":
        monkeypatch.setattr(dev, "ROOT", checkout / "moved")
    else:
        monkeypatch.setattr("platform.python_version", lambda: "3.13.99")
    assert not dev.is_ready()


@pytest.mark.usefixtures("checkout")
def test_packages_that_cannot_be_fetched_are_said(monkeypatch):
    monkeypatch.setattr(dev, "python", lambda: Path(sys.executable))
    dev.LOCK.write_text("no-such-package==1 --hash=sha256:" + "0" * 64 + "\n")
    monkeypatch.setattr(dev, "PIP", dev.PIP.replace("install", "install --no-index"))
    with pytest.raises(dev.CannotStartError, match="no-such-package"):
        dev.install_packages()


@pytest.fixture
def this_python(monkeypatch):
    monkeypatch.setattr(dev, "set_up", lambda: None)
    monkeypatch.setattr(dev, "python", lambda: Path(sys.executable))


@pytest.mark.usefixtures("this_python")
def test_every_step_runs_also_after_one_that_failed(capfd):
    steps = (("first", ["-c", "raise SystemExit(1)"]), ("second", ["-c", "print('here')"]))
    assert dev.walk(steps) == ["first"]
    assert "here" in capfd.readouterr().out


@pytest.mark.usefixtures("this_python")
@pytest.mark.parametrize(("claim", "code", "closing"), [("True", 0, "1 passed in"), ("False", 1, "1 failed in")])
def test_the_closing_line_of_pytest_is_the_last(tmp_path, capfd, claim, code, closing):
    (tmp_path / "test_it.py").write_text(f"def test_it():\n    assert {claim}\n")
    assert dev.main(["test", "--no-header", "-p", "no:cacheprovider", str(tmp_path)]) == code
    assert closing in capfd.readouterr().out.splitlines()[-1]


@pytest.mark.usefixtures("this_python")
def test_a_failed_step_fails_the_verb(capfd, monkeypatch):
    monkeypatch.setattr(dev, "LINT", (("style", ["-c", "raise SystemExit(1)"]),))
    assert dev.lint([]) == 1
    assert "style" in capfd.readouterr().out

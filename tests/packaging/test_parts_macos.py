import plistlib
import tomllib
from pathlib import Path

import pytest
from macos import build, info

import crisisdesk

ROOT = Path(__file__).parents[2]


def test_the_runtime_stays_as_strict_as_it_comes():
    said = plistlib.loads(build.ENTITLEMENTS.read_bytes())

    assert said == {}, "an exception from the hardened runtime needs a reason in entitlements.plist, and a line here"


def test_info_plist_says_what_the_program_is():
    said = plistlib.loads(plistlib.dumps(info.plist()))

    assert said["CFBundleShortVersionString"] == crisisdesk.__version__
    assert said["NSHighResolutionCapable"] is True
    assert said["LSMinimumSystemVersion"] == info.OLDEST
    assert not [key for key in said if "Usage" in key or "DocumentTypes" in key or "URLTypes" in key]


def test_the_oldest_macos_is_the_one_that_the_lock_was_tried_with():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    oldest = info.OLDEST.removesuffix(".0")

    assert f"macOS {oldest} arm64" in lock
    assert f"macOS {oldest} or later" in readme
    assert (
        tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"] == ">=3.11"
    )


@pytest.fixture
def app(tmp_path):
    """An app's folder with something loadable at each depth."""
    app = tmp_path / f"{crisisdesk.NAME}.app"
    loadable = (
        f"Contents/MacOS/{crisisdesk.NAME}",
        "Contents/Frameworks/libqpdf.dylib",
        "Contents/Frameworks/PySide6/QtCore.abi3.so",
        "Contents/Frameworks/PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
    )
    for name in loadable:
        path = app / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\xcf\xfa\xed\xfe and more")
    (app / "Contents" / "Info.plist").write_text("<plist/>")
    (app / "Contents" / "Resources").mkdir()
    (app / "Contents" / "Resources" / "libqpdf.dylib").symlink_to(app / "Contents" / "Frameworks" / "libqpdf.dylib")
    return app


def test_what_lies_deepest_is_signed_first_and_the_app_last(app):
    order = build.innermost_first(app)

    assert order[-1] == app
    assert app / "Contents" / "MacOS" / crisisdesk.NAME not in order, "it is signed with the app"
    assert not [path for path in order if path.is_symlink() or path.suffix == ".plist"]
    framework = app / "Contents" / "Frameworks" / "PySide6" / "Qt" / "lib" / "QtCore.framework"
    assert order.index(framework / "Versions" / "A" / "QtCore") < order.index(framework) < order.index(app)


def test_with_an_identity_everything_is_hardened_and_the_app_alone_has_entitlements(app, monkeypatch):
    lines = []
    monkeypatch.setattr(build, "_run", lambda *line: lines.append(line))

    build.sign(app, "Developer ID Application: A (B)")

    *signed, checked = lines
    assert all({"--options", "runtime", "--timestamp"} <= set(line) for line in signed)
    assert [line[-1] for line in signed if "--entitlements" in line] == [str(app)]
    assert {"--verify", "--strict"} <= set(checked)


def test_without_an_identity_it_is_loud_and_asks_apple_for_nothing(app, tmp_path, monkeypatch, capsys):
    lines = []
    monkeypatch.setattr(build, "_run", lambda *line: lines.append(line))
    for name in (build.IDENTITY, build.NOTARY):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / crisisdesk.NAME).mkdir()
    app.rename(tmp_path / crisisdesk.NAME / app.name)
    (tmp_path / "parts").mkdir()
    for name in ("LICENSE", "THIRD-PARTY.txt", "guide.pdf"):
        (tmp_path / "parts" / name).touch()
    (tmp_path / "out").mkdir()

    build.make(tmp_path, tmp_path / "out")

    said = capsys.readouterr().out
    assert "IS NOT SIGNED" in said
    assert "IS NOT NOTARIZED" in said
    assert not [line for line in lines if line[0] == "xcrun"]

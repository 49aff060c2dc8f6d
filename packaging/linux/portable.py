"""Makes the archive that runs where it is unpacked, and that she puts into her menu without an administrator."""

import re
import shutil
from pathlib import Path

from linux import depends
from linux.fills import ROOT, built_at, fill
from linux.system import must

import crisisdesk

_ICON = ROOT / "resources/icons/app.svg"
_SCRIPTS = ("add-to-menu.sh", "remove-from-menu.sh")


def make(build: Path, out: Path) -> Path:
    """Make the archive out of what lies in the build folder and return it."""
    name = f"{crisisdesk.NAME}-{crisisdesk.__version__}"
    stage = build / "linux/tar"
    shutil.rmtree(stage, ignore_errors=True)
    folder = stage / name
    shutil.copytree(build / "CrisisDesk", folder, symlinks=True)
    _lay_words(folder, build)
    _lay_menu(folder)
    archive = out / f"{name}-linux-x64.tar.xz"
    _pack(folder, archive)
    shutil.rmtree(stage)
    return archive


def _lay_words(folder: Path, build: Path) -> None:
    """Lay what is read: her page, the guide, the licences."""
    packages = depends.kept(build)
    (glibc,) = (found[1] for found in map(re.compile(r"libc6 \(>= (.*)\)").fullmatch, packages) if found)
    names = " ".join(package.split(" ")[0] for package in packages)
    readme = fill("tar/README.txt", GLIBC=glibc, PACKAGES=_wrapped(names))
    (folder / "README.txt").write_text(readme, encoding="utf-8")
    for path in sorted((build / "parts").iterdir()):
        copy = shutil.copytree if path.is_dir() else shutil.copyfile
        copy(path, folder / path.name)


def _wrapped(names: str) -> str:
    return re.sub(r"(.{1,100})(?: |$)", r"  \1\n", names).rstrip()


def _lay_menu(folder: Path) -> None:
    (folder / "menu").mkdir()
    # Where it starts is written when it is put in.
    entry = fill("share/entry.desktop", START="crisisdesk", ICON=crisisdesk.APP_ID)
    (folder / "menu/entry.desktop").write_text(entry, encoding="utf-8")
    (folder / "menu/shared.sh").write_text(fill("tar/shared.sh"), encoding="utf-8")
    shutil.copyfile(_ICON, folder / "menu/icon.svg")
    for script in _SCRIPTS:
        path = folder / script
        path.write_text(fill(f"tar/{script}"), encoding="utf-8")
        path.chmod(0o755)


def _pack(folder: Path, archive: Path) -> None:
    """Pack it the same at any time: names sorted, nobody's files, one date; one thread would pack differently."""
    line = ["tar", "--create", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mode=go=rX,u+w"]
    line += [f"--mtime=@{int(built_at().timestamp())}", "--format=gnu", "--use-compress-program=xz -3 -T2"]
    must(*line, "--file", archive, "--directory", folder.parent, folder.name)

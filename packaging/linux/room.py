"""A bare Debian system in a folder: nothing but what every Debian has, so that an installer must bring the rest."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from linux.system import Done, ask, must

_APT = Path("/etc/apt")
USER = "clinician"
HOME = f"/home/{USER}"
_PROXIES = ("http_proxy", "https_proxy", "no_proxy")


def _codename() -> str:
    return platform.freedesktop_os_release()["VERSION_CODENAME"]


def _sources() -> list[Path]:
    """Return this computer's own lists of where packages come from: the bare system's come from there too."""
    files = (_APT / "sources.list", *sorted((_APT / "sources.list.d").glob("*")))
    listed = [path for path in files if path.suffix in (".list", ".sources") and path.is_file()]
    return [path for path in listed if _codename() in path.read_text(encoding="utf-8")]


def refusal() -> list[str]:
    """Return why nothing can be tried in a bare system here, in a sentence that says what to do."""
    if os.geteuid() != 0:
        return ["the installers can be tried in a bare system by root only: sudo python3 dev.py build"]
    if ask("unshare", "--mount", "true").returncode:
        return ["this computer lets nobody mount anything (a container?): start it with the right to (CAP_SYS_ADMIN)"]
    return []


def provide(build: Path) -> Path:
    """Make the bare system's archive unless it is there, and return it."""
    sources = _sources()
    known = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    archive = build / "roots" / f"{_codename()}-{known}.tar.zst"
    if archive.exists():
        return archive
    archive.parent.mkdir(parents=True, exist_ok=True)
    half = archive.with_name(f"half-{archive.name}")
    secure = any("https:" in path.read_text(encoding="utf-8") for path in sources)
    line = ["mmdebstrap", "--mode=root", "--variant=minbase", "--dpkgopt=force-unsafe-io"]
    line += ["--include=ca-certificates"] * secure
    must(*line, _codename(), half, *sources)
    half.rename(archive)
    return archive


def run_apart(build: Path, out: Path) -> list[str]:
    """Try the installers with mounts and processes that nobody else sees, gone with the trial however it ends."""
    refused = refusal()
    if refused:
        return refused
    report = build / "linux/installed.json"
    report.unlink(missing_ok=True)
    apart = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
    line = [*apart, sys.executable, "-m", "linux.check_installed", str(build), str(out), str(report)]
    done = subprocess.run(line, cwd=Path(__file__).parents[1], check=False)  # noqa: S603  ourselves
    found = json.loads(report.read_text(encoding="utf-8"))["findings"] if report.exists() else []
    early = ["the trial in the bare system ended early; what it said stands above"]
    return [*map(str, found), *(early if done.returncode else ())]


@dataclass(frozen=True)
class Room:
    """The bare system, open."""

    root: Path

    def run(self, *line: str, user: str = "root", secret: str = "", **settings: str) -> Done:
        """Run a program in it, with nothing of our surroundings; ``secret`` is what standard input says."""
        return ask(*self.line(*line, user=user, **settings), heard=secret)

    def line(self, *line: str, user: str = "root", **settings: str) -> list[str]:
        """Return the line that runs a program in it as somebody."""
        home = HOME if user == USER else "/root"
        given = {"HOME": home, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "USER": user, **settings}
        enter = ["chroot", f"--userspec={user}:{user}", str(self.root), "env", "-i", f"--chdir={home}"]
        return [*enter, *(f"{name}={value}" for name, value in given.items()), *line]

    def apt_get(self, *words: str) -> Done:
        """Run apt-get in it, with this computer's way to the packages."""
        ways = {name: os.environ[name] for name in _PROXIES if name in os.environ}
        return self.run("apt-get", "--yes", "--no-install-recommends", *words, DEBIAN_FRONTEND="noninteractive", **ways)

    def path(self, inside: str) -> Path:
        """Return where something in it lies for us."""
        return self.root / inside.lstrip("/")

    @contextmanager
    def mounted(self, what: Path | str, inside: str, *how: str) -> Iterator[None]:
        """Mount something in it for a while."""
        place = self.path(inside)
        place.mkdir(parents=True, exist_ok=True)
        must("mount", *how, what, place)
        try:
            yield
        finally:
            must("umount", "--lazy", place)


def _acquire() -> str:
    """Return how this computer's apt reaches packages: proxies, retries, what it forgives of dates."""
    lines = [
        line
        for line in must("apt-config", "dump").splitlines()
        if line.startswith("Acquire::") and "IndexTargets" not in line
    ]
    return "\n".join(line for line in lines if not line.endswith(' "";')) + "\n"


@contextmanager
def opened(build: Path) -> Iterator[Room]:
    """Unpack the bare system, mount what a system has, add the person who will use it, and take all away again."""
    room = Room(build / "roots/bare")
    _remove(room.root)
    room.root.mkdir(parents=True)
    must("tar", "--extract", "--numeric-owner", "--file", provide(build), "--directory", room.root)
    room.path("etc/apt/apt.conf.d/90-as-outside").write_text(_acquire(), encoding="utf-8")
    for name in ("resolv.conf", "hosts"):
        shutil.copyfile(f"/etc/{name}", room.path(f"etc/{name}"))
    archives = build / "roots/archives"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.callback(_remove, room.root)
        stack.enter_context(room.mounted("proc", "proc", "-t", "proc"))
        stack.enter_context(room.mounted(archives, "var/cache/apt/archives", "--bind"))
        must(*room.line("useradd", "--create-home", "--uid", "1000", "--shell", "/bin/sh", USER))
        yield room


def _remove(root: Path) -> None:
    """Remove a system, and never what is mounted in it."""
    must("rm", "-rf", "--one-file-system", root)

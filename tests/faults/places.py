"""Disks that are full, read-only, forbidden or gone, for a child of its own: python -m tests.faults.places WHAT JOB.

    full        in a mount namespace of its own: acts until a small disk is full, and on after room was made
    denied      as a user without rights: opens and acts where folder or files can't be written or read
    read-only   in a mount namespace: the disk can't be written
    deleted     the folder is deleted while the vault is open
    unmounted   in a mount namespace: the disk is pulled while the vault is open

Each prints a line (JSON). What is not as it must be stands under "wrong".
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from crisisdesk.clock import FixedClock
from crisisdesk.errors import DeskError, DiskFull, VaultError
from crisisdesk.paths import VaultPaths
from crisisdesk.selftest.driver import Driver
from crisisdesk.selftest.ledger import Ledger
from crisisdesk.selftest.verifier import verify
from tests.faults.child import Job, drive, say
from tests.stores import NOON, make_vault
from tests.vault.fast import PASSPHRASE, unlock

NOBODY = 65534
FILLER = "filler"


def filled(job: Job) -> None:
    """Act on a disk that becomes full, at every step of the acts; then make room and go on."""
    paths = VaultPaths(Path(job.folder))
    shutil.copytree(make_vault(), paths.folder)
    filler = paths.folder.parent / FILLER
    driver = drive(job, Ledger(Path(job.ledger)))
    for _count in range(5):
        driver.act()
    fill_up(filler, leave=job.acts)
    refused, other = act_until_refused(driver)
    filler.unlink()
    driver.act()  # there is room again: the same desk goes on
    fill_up(filler, leave=0)
    driver.close()  # a full disk does not keep her from locking
    told = {"refused": refused, "wrong": other}
    filler.unlink()
    say(json.dumps({**told, "wrong": other + wrongs(paths, job)}))


def act_until_refused(driver: Driver) -> tuple[int, list[str]]:
    """Act until the disk is full, and then some; return how often it was refused, and what else was raised."""
    refused, other = 0, []
    for _count in range(400):
        try:
            driver.act()
        except DiskFull:
            refused += 1
        except VaultError as problem:
            other.append(f"{type(problem).__name__}: {problem}")
        if refused > 5 or len(other) > 5:
            break
    return refused, other


def fill_up(path: Path, *, leave: int) -> None:
    """Write a file until the disk is full, but for so many bytes."""
    with path.open("wb", buffering=0) as file:
        free = os.statvfs(path.parent).f_bavail * os.statvfs(path.parent).f_frsize
        file.write(bytes(max(0, free - leave)))


def wrongs(paths: VaultPaths, job: Job) -> list[str]:
    """Hold the vault against the ledger."""
    verdict = verify(paths, unlock(paths, PASSPHRASE), Path(job.ledger), FixedClock(NOON))
    return [*verdict.lost, *verdict.torn, *verdict.failures]


# Forbidden ------------------------------------------------------------------------------------------------------------

DENIED: dict[str, tuple[Callable[[VaultPaths], Path], int]] = {
    "folder read-only": (lambda paths: paths.folder, 0o500),
    "folder closed": (lambda paths: paths.folder, 0o000),
    "database read-only": (lambda paths: paths.database, 0o400),
    "database closed": (lambda paths: paths.database, 0o000),
    "key file closed": (lambda paths: paths.keys, 0o000),
    "state closed": (lambda paths: paths.state, 0o000),
    "lock file closed": (lambda paths: paths.lock, 0o000),
    "parent read-only": (lambda paths: paths.folder.parent, 0o500),
}


def denied(job: Job) -> None:
    """Try to work where something is forbidden, as a user without root's rights."""
    pattern = make_vault()
    place = Path(job.folder)
    place.mkdir(exist_ok=True)
    shutil.copytree(pattern, place / "pattern")
    warm_up(place / "warm", job)
    for path in (place, *place.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    if os.fork():
        _child, status = os.wait()
        sys.exit(os.waitstatus_to_exitcode(status))
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    for number, (name, (which, mode)) in enumerate(DENIED.items()):
        paths = VaultPaths(Path(shutil.copytree(place / "pattern", place / str(number) / "vault")))
        path = which(paths)
        was = path.stat().st_mode if path.exists() else None
        if was is not None:
            path.chmod(mode)
        said = attempt(paths, job)
        if was is not None:
            path.chmod(was)
        again = attempt(paths, job)
        said["wrong"] = [f"still refused afterwards: {again['kind']}"] if again["kind"] else []
        say(json.dumps({"case": name, **said}))
    os._exit(0)  # what is to be tidied up is the parent's


def warm_up(folder: Path, job: Job) -> None:
    """Load everything that is loaded late: who has no rights may not read our packages."""
    paths = VaultPaths(Path(shutil.copytree(make_vault(), folder)))
    ledger = folder.with_name("warm-ledger")
    driver = drive(Job(folder=str(paths.folder), ledger=str(ledger), seed=job.seed), Ledger(ledger))
    for _count in range(40):
        driver.act()
    driver.close()
    paths.database.write_bytes(b"")
    attempt(paths, Job(folder="", ledger=str(ledger), seed=0))


def attempt(paths: VaultPaths, job: Job) -> dict[str, object]:
    """Unlock, open, act and lock; return the refusal."""
    Path(job.ledger).unlink(missing_ok=True)
    try:
        driver = drive(Job(folder=str(paths.folder), ledger=job.ledger, seed=job.seed), Ledger(Path(job.ledger)))
        try:
            driver.act()
        finally:
            driver.close()
    except DeskError as refused:
        return {"kind": type(refused).__name__, "said": str(refused)}
    return {"kind": "", "said": ""}


# Taken away -----------------------------------------------------------------------------------------------------------


def deleted(job: Job) -> None:
    """Have the folder moved away under an open vault, as into a bin, and put back."""
    folder = Path(job.folder)
    trash = folder.with_name("trash")
    taken_away(job, lambda: folder.rename(trash), lambda: trash.rename(folder))


def unmounted(job: Job) -> None:
    """Have the disk pulled under an open vault."""
    mount, paths = Path(job.folder).parent, VaultPaths(Path(job.folder))
    shutil.copytree(make_vault(), paths.folder)
    driver = drive(job, Ledger(Path(job.ledger)))
    driver.act()
    subprocess.run(["umount", "--lazy", mount], check=True)  # noqa: S607  where the system has it
    refusals = refused(driver)
    driver.close()
    report(refusals, [])


def read_only(job: Job) -> None:
    """Try to work on a disk that can't be written, then on the same one once it can."""
    mount, paths = Path(job.folder).parent, VaultPaths(Path(job.folder))
    shutil.copytree(make_vault(), paths.folder)
    subprocess.run(["mount", "-o", "remount,ro", mount], check=True)  # noqa: S607  as above
    said = attempt(paths, job)
    subprocess.run(["mount", "-o", "remount,rw", mount], check=True)  # noqa: S607  as above
    wrong = [] if said["kind"] else ["a disk that can't be written was not told"]
    if attempt(paths, job)["kind"]:
        wrong.append("still refused afterwards")
    say(json.dumps({"refused": 1, "kinds": [said["kind"]], "said": [said["said"]], "wrong": wrong}))


def taken_away(job: Job, take: Callable[[], object], give_back: Callable[[], object]) -> None:
    """Act, take the vault away, act, give it back, act: no act may be acknowledged and not be there."""
    paths = VaultPaths(Path(job.folder))
    shutil.copytree(make_vault(), paths.folder)
    driver = drive(job, Ledger(Path(job.ledger)))
    driver.act()
    take()
    refusals = refused(driver)
    give_back()
    driver.act()  # the same desk goes on
    driver.close()
    report(refusals, wrongs(paths, job))


def refused(driver: Driver) -> list[DeskError]:
    """Act three times; return the refusals."""
    refusals: list[DeskError] = []
    for _count in range(3):
        try:
            driver.act()
        except DeskError as refusal:
            refusals.append(refusal)
    return refusals


def report(refusals: list[DeskError], wrong: list[str]) -> None:
    """Print what came of it."""
    kinds = sorted({type(each).__name__ for each in refusals})
    said = [str(each) for each in refusals]
    say(json.dumps({"refused": len(refusals), "kinds": kinds, "said": said, "wrong": wrong}))


WHAT = {"full": filled, "denied": denied, "read-only": read_only, "deleted": deleted, "unmounted": unmounted}


if __name__ == "__main__":
    WHAT[sys.argv[1]](Job(**json.loads(sys.argv[2])))

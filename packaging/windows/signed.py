"""Signs the program for Windows, makes its installer and its zip, and signs the installer: ``build.ps1`` runs it.

What signs is $CRISISDESK_SIGN: a command to which the file's path is added. Without it everything is made, and it says
loudly that nothing is signed.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "packaging"), str(ROOT)]

from pyinstaller import listing  # noqa: E402  it lies where the lines above say
from windows import msi, payload, portable  # noqa: E402  as above

SIGNER = "CRISISDESK_SIGN"


def make(program: Path, out: Path) -> list[str]:
    """Make installer and zip around a frozen program; return what is wrong with it, and then nothing was made."""
    wrong = payload.check(program)
    if wrong:
        return wrong
    sign([program / name for name in payload.STARTERS])
    listing.write(program)  # the list of the program's files has the sums of the signed ones
    package = msi.make(program, out, standin=False)
    portable.make(program, out, standin=False)
    sign([package])
    return msi.faults(package)


def sign(files: list[Path]) -> None:
    """Have files signed by whatever signs here, or say loudly that they aren't."""
    command = os.environ.get(SIGNER, "")
    for file in files:
        if command:
            # On Windows a path has backslashes, which a shell of the other kind would swallow.
            words = [word.strip('"') for word in shlex.split(command, posix=os.name != "nt")]
            subprocess.run([*words, str(file)], check=True)  # noqa: S603  whoever releases says what signs
        else:
            sys.stdout.write(f"*** {file.name} IS NOT SIGNED: set {SIGNER} to the command that signs a file. ***\n")


def main() -> int:
    """Make them from what ``dev.py build`` froze."""
    build = ROOT / ".build"
    wrong = make(build / "CrisisDesk", build / "out")
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""Write and check SHA256SUMS, and have it signed by whatever signs here.

    sums.py write FOLDER
    sums.py check FOLDER

The format is that of sha256sum, so that ``sha256sum --check SHA256SUMS`` reads it. $CRISISDESK_SIGN_SUMS is a
command, to which the file's path is added: "gpg --armor --detach-sign --local-user KEY" or "minisign -S -m".
"""

import hashlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

NAME = "SHA256SUMS"
SIGNER = "CRISISDESK_SIGN_SUMS"
_SIGNATURES = (f"{NAME}.asc", f"{NAME}.sig", f"{NAME}.minisig")
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _covered(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name not in {NAME, *_SIGNATURES})


def write(folder: Path) -> Path:
    """Write the sums of every file in a folder, and sign them or say loudly that they aren't."""
    lines = [f"{_digest(path)}  {path.name}\n" for path in _covered(folder)]
    if not lines:
        raise SystemExit(f"There is nothing in {folder} to sum up.")
    sums = folder / NAME
    for stale in _SIGNATURES:
        (folder / stale).unlink(missing_ok=True)
    sums.write_text("".join(lines), encoding="utf-8", newline="\n")
    _sign(sums)
    return sums


def _sign(sums: Path) -> None:
    command = os.environ.get(SIGNER, "")
    if not command:
        _say(f"*** {NAME} IS NOT SIGNED: set {SIGNER} to the command that signs a file. ***")
        return
    # On Windows a path has backslashes, which a shell of the other kind would swallow.
    words = [word.strip('"') for word in shlex.split(command, posix=os.name != "nt")]
    done = subprocess.run([*words, str(sums)], check=False)  # noqa: S603  whoever releases says what signs
    if done.returncode or not any((sums.parent / each).is_file() for each in _SIGNATURES):
        raise SystemExit(f"{SIGNER} was set, and {NAME} was not signed. Nothing may go out like this.")
    _say(f"{NAME} is signed.")


def check(folder: Path) -> list[str]:
    """Return a sentence for each file that isn't as the sums say, is missing, or isn't in them."""
    sums = folder / NAME
    if not sums.is_file():
        return [f"{NAME} is missing."]
    said: dict[str, str] = {}
    wrong = []
    for number, line in enumerate(sums.read_text(encoding="utf-8").splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None or "/" in match[2] or "\\" in match[2]:
            wrong.append(f"Line {number} of {NAME} can't be read.")
        else:
            said[match[2]] = match[1]
    present = {path.name: path for path in _covered(folder)}
    wrong += [f"{name} is missing." for name in sorted(said.keys() - present.keys())]
    wrong += [f"{name} is not in {NAME}." for name in sorted(present.keys() - said.keys())]
    other = [name for name in sorted(said.keys() & present.keys()) if _digest(present[name]) != said[name]]
    return wrong + [f"{name} is not the file that {NAME} means." for name in other]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Do what the first word says with the folder that the second names."""
    verbs = ("write", "check")
    if len(arguments) != len(verbs) or arguments[0] not in verbs:
        _say("sums.py write FOLDER | sums.py check FOLDER")
        return 2
    folder = Path(arguments[1])
    if arguments[0] == "write":
        write(folder)
        return 0
    wrong = check(folder)
    for line in wrong or [f"Every file is as {NAME} says."]:
        _say(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

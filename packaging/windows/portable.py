"""Packs the program for Windows into a zip that works wherever it is unpacked.

Portable means here: nothing is installed. It doesn't mean that the records travel. They stay in %LOCALAPPDATA%, where
only this person reads them and the computer's own disk encryption covers them: a stick is lost, is pulled out while
something is written, and gives a file no owner. An agency that wants another place sets CRISISDESK_HOME.
"""

import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from pyinstaller import contents

from crisisdesk import NAME, __version__

_GUIDE = "Install and first client.pdf"
_README = Path(__file__).with_name("portable.txt")
_OLDEST = 315532800  # 1980, before which a zip knows no time
_AS_A_FILE = 0o644 << 16


def make(payload: Path, out: Path, *, standin: bool) -> Path:
    """Pack a payload and return the zip; the same payload gives the same zip."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{NAME}-{__version__}-windows-x64{'-standin' if standin else ''}.zip"
    top = f"{NAME}-{__version__}"
    guide = payload / contents.TREE / NAME.lower() / "resources" / "about" / _GUIDE
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in contents.files_in(payload):
            archive.writestr(_entry(f"{top}/{name}"), (payload / name).read_bytes())
        archive.writestr(_entry(f"{top}/README.txt"), readme().encode("ascii"))
        if guide.is_file():
            archive.writestr(_entry(f"{top}/{_GUIDE}"), guide.read_bytes())
    return path


def readme() -> str:
    """Return what she reads first, with the ends of lines that Windows' editor wants."""
    text = _README.read_text(encoding="ascii").replace("{name}", NAME).replace("{version}", __version__)
    return text.replace("\n", "\r\n")


def _entry(name: str) -> zipfile.ZipInfo:
    moment = datetime.fromtimestamp(max(int(os.environ.get("SOURCE_DATE_EPOCH", _OLDEST)), _OLDEST), UTC)
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _AS_A_FILE
    return entry

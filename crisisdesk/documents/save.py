"""A finished PDF as a file: encrypted by a passphrase, or plain if she insists."""

import os
import secrets
from io import BytesIO
from pathlib import Path

import pikepdf

from crisisdesk.errors import PrintProblem
from crisisdesk.i18n import _

_LONGEST = 127  # bytes: a PDF reader takes no more of a passphrase


def encrypted(pdf: bytes, passphrase: str) -> bytes:
    """Return the PDF under AES-256 (revision 6), its metadata stripped and what is left of them encrypted too.

    The passphrase opens it. Nobody keeps the other one, the owner's: it is random.
    """
    if not passphrase or len(passphrase.encode()) > _LONGEST:
        raise ValueError("a passphrase must have 1 to 127 bytes")
    lock = pikepdf.Encryption(user=passphrase, owner=secrets.token_urlsafe(32), R=6, aes=True, metadata=True)
    return _save(pdf, lock)


def plain(pdf: bytes) -> bytes:
    """Return the PDF without metadata, readable by everyone. Ask her first."""
    return _save(pdf, None)


def _save(pdf: bytes, lock: pikepdf.Encryption | None) -> bytes:
    buffer = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        for key in ("/Info", "/ID"):
            if key in document.trailer:
                del document.trailer[key]
        if "/Metadata" in document.Root:
            del document.Root.Metadata
        document.save(buffer, encryption=lock or False, deterministic_id=lock is None)
    return buffer.getvalue()


def write_file(path: Path, pdf: bytes) -> None:
    """Write a PDF to where she said, whole or not at all. Raises PrintProblem.

    It is written beside its place first; no half file and no stray copy is left behind.
    """
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise PrintProblem(
            _("The file could not be written there. Nothing was saved; please choose another place.")
        ) from error

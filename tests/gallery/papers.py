"""Every document as a PDF and as pictures of its pages."""

from dataclasses import replace
from pathlib import Path

from crisisdesk.documents import gather
from crisisdesk.documents.facts import Paper
from crisisdesk.documents.handover_envelope import HandoverEnvelope, handover_envelope_pdf
from crisisdesk.documents.packet import packet_pdf
from crisisdesk.documents.recovery_sheet import RecoverySheet, recovery_sheet_pdf
from crisisdesk.records.choices import PageKind
from crisisdesk.ui.widgets.pdf_preview import Pdf
from tests.gallery import town
from tests.gallery.vaults import NOW, open_town
from tests.vault.fast import CODE

_WIDTH = 1020  # pixels: 120 to an inch of Letter
_KINDS = {PageKind.COVER: "cover", PageKind.REFERRAL_FORM: "form", PageKind.HANDOUT: "handout"}


def draw_papers(out: Path, vaults: Path, home: Path) -> int:
    """Write all documents; return how many pages they have."""
    out.mkdir(parents=True, exist_ok=True)
    sheet = RecoverySheet(code=str(CODE), vault="1f3a9c20", made_at=NOW)
    made = {f"recovery-sheet-{paper}": recovery_sheet_pdf(sheet, paper=paper) for paper in Paper}
    envelope = HandoverEnvelope(
        code=str(CODE),
        vault="1f3a9c20",
        clinician="Dana Whitlock, LCSW",
        department="Harlow Falls Police Department",
        made_at=NOW,
    )
    made |= {f"handover-envelope-{paper}": handover_envelope_pdf(envelope, paper=paper) for paper in Paper}
    with open_town(vaults, home / "vault") as desk:
        filed = gather.packet(desk, town.referral(desk, place="Hope House"), printed_at=NOW)
        packet = replace(filed, first_printed_at=None)  # as it was the first time
        copied = gather.packet(desk, town.referral(desk, "Ruth Okafor"), printed_at=NOW)
    for paper in Paper:
        for size in ("", "-large"):
            whole = packet_pdf(packet, tuple(PageKind), paper=paper, is_large=bool(size))
            made[f"packet-{paper}{size}"] = whole.data
            for kind, words in _KINDS.items():
                made[f"{words}-{paper}{size}"] = packet_pdf(packet, (kind,), paper=paper, is_large=bool(size)).data
    made["packet-copy-letter"] = packet_pdf(copied, tuple(PageKind)).data
    return sum(_draw(out, name, data) for name, data in made.items())


def _draw(out: Path, name: str, data: bytes) -> int:
    (out / f"{name}.pdf").write_bytes(data)
    pdf = Pdf(data)
    if name.startswith("packet-") and "copy" not in name:
        return 0  # its pages are drawn one by one
    for page in range(pdf.page_count):
        pdf.picture(page, _WIDTH).save(str(out / f"{name}-{page + 1}.png"))
    return pdf.page_count

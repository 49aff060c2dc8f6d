"""The recovery sheet: the printed way back into her records when the passphrase is forgotten. One page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reportlab.platypus import Flowable

from crisisdesk.documents import dates
from crisisdesk.documents.blocks import Block, Column, Look, framed, pair, rule
from crisisdesk.documents.code import Code, read_code
from crisisdesk.documents.facts import Paper
from crisisdesk.documents.page import Furniture, Numbers, Part, lay_out
from crisisdesk.documents.press import HAIRLINE, Press, Role
from crisisdesk.documents.text import P
from crisisdesk.records.choices import Audience


@dataclass(frozen=True, kw_only=True)
class RecoverySheet:
    """What the sheet says. The code is kept nowhere else, so it shows in no log and no repr."""

    code: str = field(repr=False)  # 30 signs; spaces and dashes between them don't matter
    vault: str  # the vault's short id, so that she can tell two sheets apart
    made_at: datetime  # local, aware


def recovery_sheet_pdf(sheet: RecoverySheet, *, paper: Paper = Paper.LETTER, language: str = "en") -> bytes:
    """Return the sheet as a PDF of one page. Raises ValueError if the code can't be one."""
    press = Press(audience=Audience.PROVIDER, paper=paper, language=language)
    _ = press.gettext
    signs = read_code(sheet.code)
    foot = _("CrisisDesk recovery sheet · vault {vault}").format(vault=sheet.vault)
    furniture = Furniture(
        label=_("KEEP LOCKED AWAY"),
        says=(_("Not beside the computer. No photo, no scan, no e-mail."),),
        foot=(foot,),
    )

    def story(_numbers: Numbers) -> Sequence[Flowable]:
        return _story(sheet, signs, press)

    part = Part(name="recovery", press=press, furniture=furniture, story=story)
    return lay_out([part], title=_("CrisisDesk recovery sheet"), printed_at=sheet.made_at).data


def _story(sheet: RecoverySheet, signs: str, press: Press) -> Sequence[Flowable]:
    _ = press.gettext
    lead = _(
        "With this code you get back into your records if you forget the passphrase. Nobody else can let you in: not"
        " your department, and not the makers of CrisisDesk. If passphrase and sheet are both lost, so are the records."
    )
    steps = (
        _("Start CrisisDesk. Below the passphrase, choose “Use the recovery sheet”."),
        _("Type the six groups. Capitals and spaces don’t matter; no code has an I, L, O or U."),
        _("Choose a new passphrase. Nothing of your records is lost or changed."),
        _("Print the new sheet that you are shown. Copy a new backup to your drive, then shred this sheet."),
    )
    elsewhere = _(
        "If the computer is lost or broken: install CrisisDesk on another one, choose “Restore a backup…”, take the "
        "newest backup from the USB drive, and type this code when it asks. A backup opens with the sheet that was in "
        "force on its day."
    )
    places = (
        _("In a locked place away from this computer: a safe at home, a sealed envelope at a lawyer’s."),
        _(
            "Whoever has this sheet and your computer, or a backup, can read everything. If it is lost, or was seen, "
            "print a new one at once: Settings, Keys. Never write your passphrase on it."
        ),
    )
    return [
        P(press.style(Role.TITLE), _("CrisisDesk recovery sheet")),
        Block([Column(0, press.width, [P(press.style(Role.LEAD), lead)])], Look(top=4), press.width),
        framed([Code(signs, press.width - 26)], press.width, space=14.0),
        _heading(press, _("If you forget the passphrase")),
        *(_line(press, step, f"{number}") for number, step in enumerate(steps, start=1)),
        _heading(press, _("If the computer is gone")),
        _line(press, elsewhere),
        _heading(press, _("Where to keep it")),
        *(_line(press, place) for place in places),
        *_particulars(sheet, press),
    ]


def _heading(press: Press, words: str) -> Block:
    return Block([Column(0, press.width, [P(press.style(Role.HEADING), words)])], Look(top=10, bottom=1), press.width)


def _line(press: Press, words: str, number: str = "") -> Block:
    left = 20.0 if number else 0.0
    columns = [
        Column(0, left, [P(press.style(Role.BODY, bold=True), number)] if number else []),
        Column(left, press.width - left, [P(press.style(Role.BODY), words)]),
    ]
    return Block(columns, Look(before=4), press.width)


def _particulars(sheet: RecoverySheet, press: Press) -> list[Flowable]:
    """Return when and for which vault it was made, and a line to write on."""
    _ = press.gettext
    made = dates.day(sheet.made_at.date(), _)
    line = [rule(HAIRLINE), P(press.style(Role.FOOT), _("This sheet is kept at (write it in by hand)"))]
    return [
        Block([], Look(top=10), press.width),
        pair(
            press,
            _("Made on"),
            _("{day}, for the vault {vault}").format(day=made, vault=sheet.vault),
            last=True,
        ),
        Block([Column(0, press.width, line)], Look(top=30), press.width),
    ]

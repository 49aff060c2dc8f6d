"""The recovery sheet: the printed way back into her records when the passphrase is forgotten. One page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reportlab.platypus import Flowable

from crisisdesk.documents import dates, fonts
from crisisdesk.documents.blocks import Block, Column, Look, framed, pair, rule
from crisisdesk.documents.facts import Paper
from crisisdesk.documents.page import Furniture, Numbers, Part, lay_out
from crisisdesk.documents.press import HAIRLINE, Press, Role
from crisisdesk.documents.text import P
from crisisdesk.records.choices import Audience

_GROUP, _GROUPS, _PER_ROW = 5, 6, 3
_SIGNS = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")  # Crockford's base 32: no I, L, O, U
_CELL, _SIZE = 24.0, 27.0  # points: each sign has the same room, as on a typewriter
_ROW = 58.0


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
    signs = _read(sheet.code)
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


def _read(code: str) -> str:
    signs = code.replace(" ", "").replace("-", "").upper()
    if len(signs) != _GROUP * _GROUPS or not _SIGNS.issuperset(signs):
        raise ValueError("not a recovery code")  # and not a word of what it was
    return signs


def _story(sheet: RecoverySheet, signs: str, press: Press) -> Sequence[Flowable]:
    _ = press.gettext
    lead = _(
        "With this code you get back into your records if you forget the passphrase. Nobody else can let you in: not"
        " your department, and not the makers of CrisisDesk. If passphrase and sheet are both lost, so are the records."
    )
    steps = (
        _("Start CrisisDesk. Below the passphrase, choose “Use the recovery sheet”."),
        _("Type the six groups. Capitals and spaces don’t matter; no code has an I, L, O or U."),
        _("Choose a new passphrase."),
        _("Print the new sheet that you are shown, and shred this one: its code is used up."),
    )
    places = (
        _("In a locked place away from this computer: a safe at home, a sealed envelope at a lawyer’s."),
        _("Whoever has this sheet and your computer can read everything. If it is lost, make a new one at once."),
        _("Never write your passphrase on it."),
    )
    return [
        P(press.style(Role.TITLE), _("CrisisDesk recovery sheet")),
        Block([Column(0, press.width, [P(press.style(Role.LEAD), lead)])], Look(top=4), press.width),
        framed([_Code(signs, press.width - 26)], press.width, space=14.0),
        _heading(press, _("If you forget the passphrase")),
        *(_line(press, step, f"{number}") for number, step in enumerate(steps, start=1)),
        _heading(press, _("Where to keep it")),
        *(_line(press, place) for place in places),
        *_particulars(sheet, press),
    ]


def _heading(press: Press, words: str) -> Block:
    return Block([Column(0, press.width, [P(press.style(Role.HEADING), words)])], Look(top=14, bottom=2), press.width)


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
        Block([], Look(top=14), press.width),
        pair(press, _("Made on"), made),
        pair(press, _("For the vault"), sheet.vault, last=True),
        Block([Column(0, press.width, line)], Look(top=40), press.width),
    ]


class _Code(Flowable):
    """The code, big, in six numbered groups, each sign in a cell of its own."""

    def __init__(self, signs: str, width: float) -> None:
        super().__init__()
        self._groups = [signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP)]
        self.width, self.height = width, _ROW * _GROUPS / _PER_ROW - 10

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the groups, three in a row, with their numbers over them."""
        canvas = self.canv
        wide = _CELL * _GROUP
        gap = (self.width - _PER_ROW * wide) / (_PER_ROW - 1)
        for index, group in enumerate(self._groups):
            left = (wide + gap) * (index % _PER_ROW)
            top = self.height + 4 - _ROW * (index // _PER_ROW)
            canvas.setFont(fonts.REGULAR, 10.5)
            canvas.drawString(left + 4, top - 12, str(index + 1))
            canvas.setFont(fonts.BOLD, _SIZE)
            for place, sign in enumerate(group):
                canvas.drawCentredString(left + _CELL * (place + 0.5), top - 40, sign)
            canvas.setLineWidth(HAIRLINE)
            canvas.line(left, top - 47, left + wide, top - 47)

"""The hand-over envelope: a page that is folded in three and sealed in, and the label that is glued on.

The code stands in the middle third, so that both folds lie over it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reportlab.platypus import Flowable

from crisisdesk.documents import dates
from crisisdesk.documents.blocks import Block, Column, Look, framed, rule
from crisisdesk.documents.code import Code, read_code
from crisisdesk.documents.facts import Paper
from crisisdesk.documents.page import Furniture, Numbers, Part, lay_out
from crisisdesk.documents.press import HAIRLINE, RULE, Press, Role
from crisisdesk.documents.text import P
from crisisdesk.records.choices import Audience

_TICK = 20.0  # points: how far a fold mark reaches into the page


@dataclass(frozen=True, kw_only=True)
class HandoverEnvelope:
    """What both pages say. The code is kept nowhere else, so it shows in no log and no repr."""

    code: str = field(repr=False)  # 30 signs; spaces and dashes between them don't matter
    vault: str  # the vault's short id
    clinician: str  # "Dana Whitlock, LCSW"
    department: str
    made_at: datetime  # local, aware


def handover_envelope_pdf(envelope: HandoverEnvelope, *, paper: Paper = Paper.LETTER, language: str = "en") -> bytes:
    """Return the two pages as a PDF. Raises ValueError if the code can't be one."""
    press = Press(audience=Audience.PROVIDER, paper=paper, language=language)
    _ = press.gettext
    signs = read_code(envelope.code)
    foot = (_("CrisisDesk hand-over code · vault {vault}").format(vault=envelope.vault),)

    def inside(_numbers: Numbers) -> Sequence[Flowable]:
        return _inside(envelope, signs, press)

    def label(_numbers: Numbers) -> Sequence[Flowable]:
        return _label(envelope, press)

    parts = [
        Part(
            name="inside",
            press=press,
            furniture=Furniture(
                label=_("SEAL THIS PAGE IN"),
                says=(_("Fold at the marks, so that the code lies inside. No copy, no photo, no scan."),),
                foot=foot,
            ),
            story=inside,
        ),
        Part(
            name="label",
            press=press,
            furniture=Furniture(
                label=_("GLUE THIS ONTO THE ENVELOPE"),
                says=(_("Cut along the frame. This page holds no secret."),),
                foot=foot,
            ),
            story=label,
        ),
    ]
    return lay_out(parts, title=_("CrisisDesk hand-over envelope"), printed_at=envelope.made_at).data


def _inside(envelope: HandoverEnvelope, signs: str, press: Press) -> Sequence[Flowable]:
    _ = press.gettext
    lead = _(
        "With this code, whoever takes over from {clinician} at {department} opens the client records in "
        "CrisisDesk. It "
        "opens all of them, so it stays sealed until it is needed. The envelope’s label says when it may be opened."
    ).format(clinician=envelope.clinician, department=envelope.department)
    steps = (
        _(
            "Start CrisisDesk on the computer with the records. On another computer: install it, choose “Restore "
            "a backup…” and take the newest backup."
        ),
        _(
            "Below the passphrase choose “Use the recovery sheet”, and type the six groups. Capitals and spaces "
            "don’t matter."
        ),
        _("Choose a passphrase of your own, and print the new recovery sheet that you are shown."),
        _(
            "In Settings, under Keys, choose “Change the lock itself”. Then no older passphrase, sheet or "
            "envelope opens these records; backups from before still open with theirs."
        ),
        _("There, make a new hand-over envelope. Shred this page, and note the day and both names on the label."),
    )
    third = press.paper.size[1] / 3
    return [
        _Folds(press.paper.size),
        P(press.style(Role.TITLE), _("CrisisDesk hand-over code")),
        Block([Column(0, press.width, [P(press.style(Role.LEAD), lead)])], Look(top=4), press.width),
        _DownTo(2 * third - 24, press),
        framed([Code(signs, press.width - 26)], press.width, space=14.0),
        _note(
            press,
            _("Letters and digits only; no code has an I, L, O or U. Made on {day} for the vault {vault}.").format(
                day=dates.day(envelope.made_at.date(), _), vault=envelope.vault
            ),
        ),
        _DownTo(third - 14, press),
        Block(
            [Column(0, press.width, [P(press.style(Role.HEADING), _("What the successor does"))])],
            Look(bottom=0),
            press.width,
        ),
        *(_numbered(press, number, step) for number, step in enumerate(steps, start=1)),
    ]


def _label(envelope: HandoverEnvelope, press: Press) -> Sequence[Flowable]:
    _ = press.gettext
    title = P(press.style(Role.TITLE), _("Sealed hand-over code"))
    who = _("For the successor of {clinician}, {department}").format(
        clinician=envelope.clinician, department=envelope.department
    )
    when = (
        _("the clinician has left, has died or can no longer work here, or"),
        _("the head of the department orders it in writing, or a court does."),
    )
    body = [
        title,
        P(press.style(Role.LEAD), who),
        Block([], Look(top=6), press.width - 34),
        P(press.style(Role.HEADING), _("It may be opened only if")),
        *(P(press.style(Role.BODY), f"• {line}") for line in when),
        P(
            press.style(Role.BODY),
            _("Two people open it together. Neither of them belongs to the patrol chain of command."),
        ),
        Block([], Look(top=6), press.width - 34),
        P(
            press.style(Role.BODY),
            _(
                "Keep it in a locked place of the records office, never with the computer. If the seal is broken "
                "and nobody signed, tell the clinician at once: the code can be made void in a minute."
            ),
        ),
        Block([], Look(top=6), press.width - 34),
        P(
            press.style(Role.BODY),
            _("For the vault {vault}, code made on {day}.").format(
                vault=envelope.vault, day=dates.day(envelope.made_at.date(), _)
            ),
        ),
        _lines(press, _("Sealed by (name, signature)"), _("Witness (name, signature)")),
        _lines(press, _("Opened by (name, signature, day)"), _("Together with (name, signature, day)")),
    ]
    return [
        framed(body, press.width, space=16.0),
        _note(press, _("Both sign and write the day; one of the two signs once more across the closed flap.")),
    ]


def _numbered(press: Press, number: int, words: str) -> Block:
    style, bold = press.style(Role.NOTE), press.style(Role.NOTE, bold=True)
    columns = [
        Column(0, 16, [P(bold, f"{number}")]),
        Column(16, press.width - 16, [P(style, words)]),
    ]
    return Block(columns, Look(before=3), press.width)


def _note(press: Press, words: str) -> Block:
    return Block([Column(0, press.width, [P(press.style(Role.NOTE), words)])], Look(before=6), press.width)


def _lines(press: Press, *words: str) -> Block:
    """Return lines to sign on, side by side."""
    width, gap = press.width - 34, 24.0
    wide = (width - gap * (len(words) - 1)) / len(words)
    columns = [
        Column(place * (wide + gap), wide, [rule(HAIRLINE), P(press.style(Role.FOOT), said)])
        for place, said in enumerate(words)
    ]
    return Block(columns, Look(top=34), width)


class _DownTo(Flowable):
    """Leaves the page free down to a height above its lower edge, in points."""

    def __init__(self, height: float, press: Press) -> None:
        super().__init__()
        self._height = height
        self.width = press.width

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        """Return what is left free; the frame ends some way above the page's edge."""
        self.height = max(0.0, height + _FRAME_FOOT - self._height)
        return self.width, self.height

    def draw(self) -> None:
        """Draw nothing."""


_FRAME_FOOT = 58.0  # points from the page's lower edge to where the text ends


class _Folds(Flowable):
    """Short lines at both edges where the page is folded in three."""

    def __init__(self, size: tuple[float, float]) -> None:
        super().__init__()
        self._size = size
        self.width = self.height = 0.0

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return nothing: it takes no room."""
        return 0.0, 0.0

    def draw(self) -> None:
        """Draw the marks where they are on the page, wherever this stands in the text."""
        canvas = self.canv
        left, bottom = canvas.absolutePosition(0, 0)
        wide, high = self._size
        canvas.setLineWidth(RULE)
        for third in (high / 3, 2 * high / 3):
            for start in (10.0, wide - 10.0 - _TICK):
                canvas.line(start - left, third - bottom, start + _TICK - left, third - bottom)

"""The guide "Install and first client": two pages with pictures of the window, in each installer and under Help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

import crisisdesk
from crisisdesk.documents.blocks import Block, Column, Look, framed
from crisisdesk.documents.facts import Paper
from crisisdesk.documents.page import Furniture, Numbers, Part, lay_out
from crisisdesk.documents.press import HAIRLINE, Press, Role
from crisisdesk.documents.text import Bold, P, fill
from crisisdesk.i18n import N_
from crisisdesk.records.choices import Audience
from crisisdesk.resources import resource

TITLE = N_("Install and first client")
FILE_NAME = "Install and first client.pdf"  # as it lies in the installers; no name of a person
_MADE = datetime(2026, 11, 22, tzinfo=UTC)  # when its words were written; equal bytes for each build
_WIDE = 262.0  # points: a picture beside its step
_LESS = 206.0  # points: one that shows less of the window, so that its letters are as large as the others'
_GAP = 16.0
_SYSTEM = 62.0  # points from a system's name to what is done there
_NUMBER = 20.0
_CORNER = 4.0
_BELOW_WORDS = 60.0  # points from a step's name to the picture below its words


@dataclass(frozen=True)
class Told:
    """One step: its name, what to do, and the picture of it."""

    name: str
    words: str
    picture: str
    wide: float = _WIDE


FIRST = (
    Told(
        N_("A passphrase"),
        N_("Six words are offered; type them once, to practice. Nobody can reset it for you."),
        "passphrase",
    ),
    Told(
        N_("The recovery sheet"),
        N_("Print it, type its code back, and lock it away from this computer. It is the only other way in."),
        "sheet",
    ),
)
STEPS = (
    Told(
        N_("The places you call most"),
        N_(
            "“Resources”, then “New service”: five are enough to start with. Your county’s directory comes in whole "
            "with “Bring in a list…”."
        ),
        "service",
    ),
    Told(
        N_("A client"),
        N_(
            "“New”, then “New client”: a name is enough, or what you know of a person without one. After a call-out "
            "press F9; it takes a minute, and half of it can stay blank."
        ),
        "client",
    ),
    Told(
        N_("Where to send them"),
        N_(
            "On the client’s chart, “Refer”. Choose what is needed, and say it in one sentence. The places that fit "
            "come best first, with the reasons why."
        ),
        "refer",
    ),
    Told(
        N_("Look, then print and file"),
        N_(
            "“Before it leaves” says what must be right first; without a release it stops there. “Print and file” "
            "prints the packet, keeps the pages in the chart, and writes down what left."
        ),
        "print",
        _LESS,
    ),
    Told(
        N_("The day after"),
        N_(
            "Today shows the next step when it is due, in the order in which you’d do them. Press T to log a try, "
            "D when it is done, M to move the date."
        ),
        "today",
    ),
)


def guide_pdf(paper: Paper = Paper.LETTER, *, language: str = "en") -> bytes:
    """Return the guide as a PDF of two pages. Equal bytes for the same version."""
    press = Press(audience=Audience.PROVIDER, paper=paper, language=language)
    _ = press.gettext
    furniture = Furniture(
        label=_("START HERE"),
        says=(_("These two pages hold nothing secret. Keep them, or pass them on."),),
        foot=(_("{program} {version}").format(program=crisisdesk.NAME, version=crisisdesk.__version__),),
    )

    def install(_numbers: Numbers) -> Sequence[Flowable]:
        return _install(press)

    def client(_numbers: Numbers) -> Sequence[Flowable]:
        return _client(press)

    parts = [
        Part(name="install", press=press, furniture=furniture, story=install),
        Part(name="client", press=press, furniture=furniture, story=client),
    ]
    return lay_out(parts, title=_(TITLE), printed_at=_MADE).data


class Picture(Flowable):
    """A picture of the window, so many points wide, in a thin frame."""

    def __init__(self, name: str, width: float) -> None:
        super().__init__()
        self._reader = ImageReader(str(resource("guide", f"{name}.png")))
        wide, high = self._reader.getSize()
        self.width, self.height = width, width * high / wide

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it within its frame's corners."""
        canvas = self.canv
        canvas.saveState()
        shape = canvas.beginPath()
        shape.roundRect(0, 0, self.width, self.height, _CORNER)
        canvas.clipPath(shape, stroke=0, fill=0)
        canvas.drawImage(self._reader, 0, 0, self.width, self.height)
        canvas.restoreState()
        canvas.setLineWidth(HAIRLINE)
        canvas.roundRect(0, 0, self.width, self.height, _CORNER)


def _install(press: Press) -> list[Flowable]:
    _ = press.gettext
    lead = _("From the file to the first printed packet in half an hour: no administrator, no internet.")
    windows = _(
        "Double-click {file}. If Windows asks whether you want to run or install it, say yes. When it says that "
        "CrisisDesk is installed, start it; from then on it is in the Start menu. Where nothing may be installed, "
        "unpack the zip file of the same name, and start CrisisDesk in its folder."
    )
    mac = _("Open the dmg file, and drag CrisisDesk onto Applications. It is in the Launchpad then.")
    linux = _(
        "Unpack the tar file, and start crisisdesk in its folder. Or have the deb file installed by who looks after "
        "the computer."
    )
    file = f"CrisisDesk-{crisisdesk.__version__}-windows-x64"
    return [
        P(press.style(Role.TITLE), _(TITLE)),
        _space(press, [P(press.style(Role.LEAD), lead)], top=3),
        _heading(press, _("Install")),
        _system(press, "Windows", fill(windows, file=Bold(file))),
        _system(press, "Mac", (mac,)),
        _system(press, "Linux", (linux,)),
        _heading(press, _("Three steps, once")),
        _side_by_side(press),
        _you(press),
        _heading(press, _("Where everything lies")),
        *_places(press),
    ]


def _client(press: Press) -> list[Flowable]:
    _ = press.gettext
    keys = _("Ctrl+L locks at once. Ctrl+K finds anything. Ctrl+Z takes the last act back. What is half typed is kept.")
    weekly = _("Each week: “Copy to a USB drive…” on Today, under Safe-keeping. A computer can be stolen.")
    again = _("This guide is in the menu at the top left, under Help. On a Mac, Command stands for Ctrl.")
    note = press.style(Role.NOTE)
    return [
        P(press.style(Role.TITLE), _("Your first client, in five steps")),
        _space(press, [], top=4),
        *(_step(press, number, told) for number, told in enumerate(STEPS, start=1)),
        framed([P(note, words) for words in (keys, weekly, again)], press.width, space=8.0),
    ]


def _step(press: Press, number: int, told: Told) -> Block:
    """Return a step: its number and words at the left, its picture at the right, under a rule."""
    _ = press.gettext
    left = press.width - _WIDE - _GAP
    columns = [
        Column(0, _NUMBER, [P(press.style(Role.NUMBER), f"{number}")]),
        Column(
            _NUMBER,
            left - _NUMBER,
            [P(press.style(Role.BODY, bold=True), _(told.name)), P(press.style(Role.NOTE), _(told.words))],
            1.5,
        ),
        Column(left + _GAP, _WIDE, [Picture(told.picture, told.wide)]),
    ]
    return Block(columns, Look(rule_above=HAIRLINE, top=5, bottom=5), press.width)


def _side_by_side(press: Press) -> Block:
    """Return the first two steps, each over its picture."""
    _ = press.gettext
    wide = (press.width - _GAP) / 2
    columns = []
    for place, told in enumerate(FIRST):
        left = place * (wide + _GAP)
        name = P(press.style(Role.BODY, bold=True), _(told.name))
        columns += [
            Column(left, _NUMBER, [P(press.style(Role.NUMBER), f"{place + 1}")]),
            Column(left + _NUMBER, wide - _NUMBER, [name, P(press.style(Role.NOTE), _(told.words))], 1.5),
            Column(left, wide, [Picture(told.picture, wide)], _BELOW_WORDS),
        ]
    return Block(columns, Look(before=6, after=10), press.width)


def _places(press: Press) -> list[Flowable]:
    _ = press.gettext
    kept = _(
        "In one encrypted file on this computer, with its backups beside it. Nothing is sent anywhere. Taking "
        "CrisisDesk off the computer leaves the file where it is. A new version is installed over the old one: "
        "CrisisDesk makes a backup first, and brings the file up to date. It never looks for a new version by itself."
    )
    folders = (
        ("Windows", "%LOCALAPPDATA%\\CrisisDesk"),
        ("Mac", "~/Library/Application Support/CrisisDesk"),
        ("Linux", "~/.local/share/crisisdesk"),
    )
    return [
        _space(press, [P(press.style(Role.NOTE), kept)], top=2),
        *(_system(press, name, (folder,)) for name, folder in folders),
    ]


def _heading(press: Press, words: str) -> Block:
    return _space(press, [P(press.style(Role.HEADING), words)], top=12)


def _space(press: Press, stack: list[Flowable], *, top: float) -> Block:
    return Block([Column(0, press.width, stack)], Look(top=top), press.width)


def _system(press: Press, name: str, words: Sequence[str]) -> Block:
    columns = [
        Column(0, _SYSTEM, [P(press.style(Role.NOTE, bold=True), name)]),
        Column(_SYSTEM, press.width - _SYSTEM, [P(press.style(Role.NOTE), *words)]),
    ]
    return Block(columns, Look(before=3), press.width)


def _you(press: Press) -> Block:
    """Return the third step, which needs no picture."""
    _ = press.gettext
    name = P(press.style(Role.BODY, bold=True), _("You"))
    words = P(
        press.style(Role.NOTE),
        _(
            "Your name, credential and department, as your papers will bear them. Then Today opens, and says what to "
            "do first."
        ),
    )
    columns = [
        Column(0, _NUMBER, [P(press.style(Role.NUMBER), "3")]),
        Column(_NUMBER, press.width - _NUMBER, [name, words], 1.5),
    ]
    return Block(columns, Look(), press.width)

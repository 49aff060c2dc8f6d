"""C1, the client's own page: one service, in big quiet words. No department, no diagnosis, no reason."""

from collections.abc import Iterator, Sequence

from reportlab.platypus import Flowable

from crisisdesk.desk.words import one_stop
from crisisdesk.documents import dates
from crisisdesk.documents.blocks import Block, Column, Look, framed, rule, with_next
from crisisdesk.documents.facts import Handout, Packet
from crisisdesk.documents.icons import Icon
from crisisdesk.documents.page import Numbers
from crisisdesk.documents.press import Press, Role
from crisisdesk.documents.text import Bold, P, fill, whole

_ICON = 24.5  # points; 34 px in the pictures
_INDENT = 36.0
_CRISIS = "988"


def handout(packet: Packet, press: Press, _numbers: Numbers) -> Sequence[Flowable]:
    """Return what flows over the handout. What isn't known isn't printed; the crisis number always is."""
    service = packet.handout
    story: list[Flowable] = [P(press.style(Role.TITLE), service.name)] if service.name else []
    if service.what:
        story.append(P(press.style(Role.LEAD), service.what))
    story += [
        _entry(press, icon, heading, body, say=service.say_this if icon == "phone" else "")
        for icon, heading, body in _entries(service, press)
    ]
    closing = _closing(packet, press)
    line = rule(before=14, after=7)
    return [*story, with_next(press, line, closing), line, closing]


def _entries(service: Handout, press: Press) -> Iterator[tuple[str, str, str]]:
    """Yield icon, heading and words: the heading is the answer."""
    _ = press.gettext
    ask = one_stop(_("Ask for {name}.").format(name=service.ask_for)) if service.ask_for else ""
    hours = " ".join(part for part in (service.hours, ask) if part)
    if service.phone:
        yield "phone", _("Call {phone}").format(phone=whole(service.phone)), hours
    elif hours:
        yield "due", _("When"), hours
    street, _end, rest = service.address.partition("\n")
    if street:
        yield "pin", street, "\n".join(part for part in (rest, service.landmark) if part)
    elif service.landmark:
        yield "pin", _("Where"), service.landmark
    for icon, heading, body in (
        ("bring", _("Bring"), service.bring),
        ("list", _("What will happen"), service.what_happens),
        ("info", _("It costs"), service.cost),
    ):
        if body:
            yield icon, heading, body


def _entry(press: Press, icon: str, heading: str, body: str, *, say: str) -> Block:
    _ = press.gettext
    indent = _INDENT * press.scale
    width = press.width - indent
    stack: list[Flowable] = [P(press.style(Role.HEADING), heading)]
    if body:
        stack.append(P(press.style(Role.BODY), body))
    if say:
        words = [
            P(press.style(Role.BODY, bold=True), _("You can say:")),
            P(press.style(Role.BODY), _("“{words}”").format(words=say.strip().strip('“”"'))),
        ]
        stack.append(framed(words, width, radius=8.0, space=8.0))
    picture = Icon(icon, _ICON * press.scale)
    columns = [Column(0, picture.width, [picture]), Column(indent, width, stack)]
    return Block(columns, Look(before=14), press.width)


def _closing(packet: Packet, press: Press) -> Block:
    """Return when she will be called, whom to call before that, and 988."""
    _ = press.gettext
    sender, call_on = packet.sender, packet.handout.call_on
    stack: list[Flowable] = []
    if call_on:
        day = dates.weekday(call_on, _)
        stack.append(P(press.style(Role.HEADING), _("I will call you on {day}.").format(day=day)))
    first_name = sender.first_name or sender.name
    wait: tuple[str, ...] = ()
    if sender.phone and first_name:
        wait = (_("If it can’t wait: {name}, {phone}.").format(name=first_name, phone=whole(sender.phone)), " ")
    crisis = fill(
        _("In a crisis, call or text {number}, day or night; press\u00a02 for Spanish."), number=Bold(_CRISIS)
    )
    stack.append(P(press.style(Role.BODY), *wait, *crisis))
    return Block([Column(0, press.width, stack)], Look(), press.width)

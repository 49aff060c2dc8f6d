"""P1, the cover sheet: to whom, from whom, by when, and nobody's name."""

from collections.abc import Iterator, Sequence

from reportlab.platypus import Flowable

from crisisdesk.documents import dates
from crisisdesk.documents.blocks import Block, Column, Look, Qr, framed, pair
from crisisdesk.documents.facts import Packet
from crisisdesk.documents.packet_number import grouped
from crisisdesk.documents.page import Numbers
from crisisdesk.documents.press import Press, Role
from crisisdesk.documents.text import Bold, P, fill, whole
from crisisdesk.documents.words import client_words
from crisisdesk.records.choices import Audience, PageKind

_GAP = 24.0


def cover(packet: Packet, press: Press, numbers: Numbers) -> Sequence[Flowable]:
    """Return what flows over the cover sheet."""
    rows = list(_rows(packet, press))
    return [
        _head(packet, press, numbers),
        *_addresses(packet, press),
        *(pair(press, label, *value, last=index == len(rows) - 1) for index, (label, value) in enumerate(rows)),
        _asks(packet, press, numbers),
        _misdirected(packet, press),
    ]


def _head(packet: Packet, press: Press, numbers: Numbers) -> Block:
    _ = press.gettext
    title = _("Fax: a referral for you") if packet.recipient.fax else _("A referral for you")
    count = numbers.count[Audience.PROVIDER]
    pages = press.ngettext("{count} page, this one.", "{count} pages with this one.", count).format(count=count)
    code = Qr(packet.number, press.scale)
    number = P(press.centred(Role.NUMBER), whole(grouped(packet.number)))
    number.spaceBefore = code.height / 21 * 4  # the quiet zone: four modules
    left = press.width - code.width - _GAP
    words = [P(press.style(Role.TITLE), title), P(press.style(Role.LEAD), pages, " ", _("No name is on this page."))]
    words[1].spaceBefore = 4
    wide = 30.0  # the number is a little wider than the code
    columns = [Column(0, left, words), Column(press.width - code.width, code.width, [code])]
    columns.append(
        Column(press.width - code.width - wide / 2, code.width + wide, [number], code.height + number.getSpaceBefore())
    )
    return Block(columns, Look(after=9 * press.scale), press.width)


def _addresses(packet: Packet, press: Press) -> list[Flowable]:
    _ = press.gettext
    half = (press.width - _GAP) / 2
    heading, body = press.style(Role.HEADING), press.style(Role.BODY)
    sides = ((_("To"), [*_to(packet, press)]), (_("From"), [*_from(packet, press)]))
    columns = [
        Column(left, half, [P(heading, title), *(P(body, *line) for line in lines)] if lines else [])
        for left, (title, lines) in zip((0, half + _GAP), sides, strict=True)
    ]
    return [Block(columns, Look(bottom=8 * press.scale), press.width)] if any(lines for _title, lines in sides) else []


def _to(packet: Packet, press: Press) -> Iterator[tuple[str, ...]]:
    _ = press.gettext
    to = packet.recipient
    place = ", ".join(part for part in (to.organization, to.service) if part)
    yield from ((line,) for line in (to.contact_name, place) if line)
    if to.fax:
        yield fill(_("Fax {number}"), number=Bold(whole(to.fax)))
    elif to.address:
        yield (to.address,)
    if to.phone:
        yield fill(_("Phone {number}"), number=whole(to.phone))


def _from(packet: Packet, press: Press) -> Iterator[tuple[str, ...]]:
    _ = press.gettext
    sender = packet.sender
    yield from ((line,) for line in (sender.signature, sender.department) if line)
    if sender.fax:
        yield fill(_("Return fax {number}"), number=Bold(whole(sender.fax)))
    if sender.phone:
        yield (*fill(_("Phone {number}"), number=whole(sender.phone)), *_note(packet))


def _note(packet: Packet) -> tuple[str, ...]:
    return (f", {packet.sender.phone_note}",) if packet.sender.phone_note else ()


def _rows(packet: Packet, press: Press) -> Iterator[tuple[str, tuple[str, ...]]]:
    _ = press.gettext
    referral, client = packet.referral, packet.client
    sent = referral.sent_at or packet.printed_at
    yield _("Sent"), (dates.moment(sent, _, twelve_hour=packet.twelve_hour),)
    if client.initials and client.record_number:
        about = _("Client {initials}, record {number}")
        yield _("About"), fill(about, initials=Bold(client.initials), number=client.record_number)
    elif client.initials or client.record_number:
        yield _("About"), fill(_("Client {number}"), number=Bold(client.initials or client.record_number))
    if referral.urgency_label:
        yield _("How soon"), (Bold(referral.urgency_label),)
    if referral.reply_by:
        answer = _("{day}, by phone or fax") if packet.sender.fax else _("{day}, by phone")
        yield _("Please answer by"), fill(answer, day=Bold(dates.weekday(referral.reply_by, _)))


def _asks(packet: Packet, press: Press, numbers: Numbers) -> Block:
    _ = press.gettext
    words = client_words(packet.client.pronouns)
    phone = whole(packet.sender.phone)
    asks = [fill(_("Call us today at {phone} to say that this came."), phone=Bold(phone))]
    if not phone:
        asks = [(_("Tell us today that this came."),)]
    if PageKind.REFERRAL_FORM in numbers.first and packet.client.reach.phones:
        page = _("safe number on page {page}").format(page=numbers.first[PageKind.REFERRAL_FORM])
        asks.append(fill(_(words.call_safely), safe_number=Bold(page)))
    else:
        asks.append((_(words.call_us_first),))
    asks.append((_(words.cannot_take),))
    width = press.width - 26
    body, bold = press.style(Role.BODY), press.style(Role.BODY, bold=True)
    left = 20 * press.scale
    rows = [
        Block(
            [Column(0, left, [P(bold, str(number))]), Column(left, width - left, [P(body, *ask)])],
            Look(before=4),
            width,
        )
        for number, ask in enumerate(asks, start=1)
    ]
    return framed([P(press.style(Role.HEADING), _("Three things, please")), *rows], press.width)


def _misdirected(packet: Packet, press: Press) -> Flowable:
    _ = press.gettext
    sender = packet.sender
    if sender.phone:
        phone = sender.phone if not sender.phone_note else f"{sender.phone} ({sender.phone_note})"
        act = fill(_("please call {phone} at once and shred all pages."), phone=phone)
    else:
        act = (_("please tell us at once and shred all pages."),)
    law = _(
        "This information is protected by law; it may not be read, copied or passed on by anyone but the person"
        " named above."
    )
    style = press.style(Role.NOTE)
    line = P(style, Bold(_("If this came to you by mistake:")), " ", *act, " ", law)
    return Block([Column(0, press.width, [line])], Look(top=2), press.width)

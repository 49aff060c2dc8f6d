"""P2, the referral form: who, how to reach them safely, what is wanted, who asks."""

from collections.abc import Iterator, Sequence
from datetime import date

from reportlab.platypus import Flowable

from crisisdesk.documents import dates
from crisisdesk.documents.blocks import Block, Column, Look, Qr, framed, measure, pair, rule, section, with_next
from crisisdesk.documents.facts import ClientFacts, Packet, ReachFacts
from crisisdesk.documents.page import Numbers
from crisisdesk.documents.press import HAIRLINE, Press, Role
from crisisdesk.documents.text import Bold, P, fill, sentences, whole
from crisisdesk.documents.words import client_words

Row = tuple[str, tuple[str, ...]]


def form(packet: Packet, press: Press, _numbers: Numbers) -> Sequence[Flowable]:
    """Return what flows over the referral form.

    A section that is empty isn't printed, except how to reach the client.
    """
    _ = press.gettext
    words = client_words(packet.client.pronouns)
    sections = (
        (words.who, _who(packet.client, press)),
        (words.reach, _reach(packet, press)),
        (words.wishes, _wishes(packet.client, press)),
    )
    story: list[Flowable] = [P(press.style(Role.TITLE), _("Referral"))]
    subtitle = _subtitle(packet)
    if subtitle:
        story.append(P(press.style(Role.LEAD), subtitle))
    if packet.referral.sentence:
        body = press.style(Role.BODY)
        sentence = P(body, Bold(_("In one sentence:")), " ", packet.referral.sentence)
        story.append(framed([sentence], press.width, space=9.0))
    for heading, rows in sections:
        story += section(press, _(heading), [pair(press, label, *value) for label, value in rows])
    signature = _signature(packet, press)
    return [*story[:-1], with_next(press, story[-1], signature), story[-1], signature]  # never alone on a page


def _subtitle(packet: Packet) -> str:
    referral = packet.referral
    urgency = referral.urgency_label[:1].lower() + referral.urgency_label[1:]
    return " · ".join(part for part in (referral.number, referral.need_label, urgency) if part)


def _who(client: ClientFacts, press: Press) -> Iterator[Row]:
    _ = press.gettext
    name = (
        (Bold(client.name),) if client.name else (),
        (_("goes by {name}").format(name=client.goes_by),) if client.goes_by else (),
        (client.pronouns,) if client.pronouns else (),
    )
    told = [piece for pieces in name for piece in pieces]
    if told:
        yield _("Name"), (told[0], *(f", {piece}" for piece in told[1:]))
    if client.born_on:
        yield _("Born"), (_born(client, client.born_on, press),)
    elif client.age is not None:
        yield _("Age"), (_("about {years}").format(years=client.age),)
    language = sentences(client.languages, client.interpreter)
    if language:
        yield _("Language"), (language,)
    if client.insurance:
        yield _("Insurance"), (client.insurance,)


def _born(client: ClientFacts, born_on: date, press: Press) -> str:
    _ = press.gettext
    born = _("about {year}").format(year=born_on.year) if client.born_about else dates.day(born_on, _)
    return born if client.age is None else _("{born} ({age})").format(born=born, age=client.age)


def _reach(packet: Packet, press: Press) -> Iterator[Row]:
    _ = press.gettext
    reach: ReachFacts = packet.client.reach
    for index, phone in enumerate(reach.phones):
        rest = sentences(f", {phone.when}" if phone.when else ".", phone.text) if phone.when or phone.text else ""
        yield _("Or call") if index else _("Call"), (Bold(whole(phone.number)), rest)
        voicemail: tuple[str, ...] = (phone.voicemail or _("Not known. Please leave no message."),)
        if phone.say_only:
            words = Bold(_("“{words}”").format(words=phone.say_only))
            voicemail = (*fill(_("Say only: {words}"), words=words), " ", phone.voicemail)
        yield _("Voicemail"), voicemail
    if not reach.phones:
        unknown = _("No safe number is known. Please call us first.")
        if packet.sender.phone:
            unknown = _("No safe number is known. Please call us first: {phone}")
        yield _("Call"), fill(unknown, phone=Bold(whole(packet.sender.phone)))
    if reach.mail:
        yield _("Mail"), (reach.mail,)
    if reach.never_contact:
        yield _("Never contact"), (reach.never_contact,)


def _wishes(client: ClientFacts, press: Press) -> Iterator[Row]:
    _ = press.gettext
    words = client_words(client.pronouns)
    rows = (
        (_(words.wants), client.wants),
        (_(words.has), client.has),
        (_("Tried"), client.tried),
        (_("Needs"), client.accommodations),
        (_("Getting there"), client.transport),
        (_("Legal"), client.legal),
        (_("Guardian"), client.guardian),
    )
    yield from ((label, (value,)) for label, value in rows if value)


def _signature(packet: Packet, press: Press) -> Block:
    _ = press.gettext
    code = Qr(packet.number, press.scale)
    width = press.width - code.width - 16
    who = P(
        press.style(Role.NOTE), packet.sender.signature, "\u00a0" * 6, whole(dates.day(packet.printed_at.date(), _))
    )
    line = [who, rule(HAIRLINE, before=4, after=2), P(press.style(Role.FOOT), _("Referred by, credential, date"))]
    drop = max(code.height - measure(line, width), 0.0)
    columns = [Column(0, width, line, drop), Column(press.width - code.width, code.width, [code])]
    return Block(columns, Look(top=14 * press.scale), press.width)

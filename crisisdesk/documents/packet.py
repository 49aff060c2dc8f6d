"""One referral on paper: each audience's pages in their order, as one PDF."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from reportlab.platypus import Flowable

from crisisdesk.documents import dates
from crisisdesk.documents.cover import cover
from crisisdesk.documents.facts import Packet, Paper
from crisisdesk.documents.form import form
from crisisdesk.documents.handout import handout
from crisisdesk.documents.packet_number import grouped
from crisisdesk.documents.page import Furniture, Numbers, Part, lay_out
from crisisdesk.documents.press import Press
from crisisdesk.documents.text import Bold, is_spelled, whole
from crisisdesk.records.choices import Audience, PageKind

_PAGES: Mapping[PageKind, Callable[[Packet, Press, Numbers], Sequence[Flowable]]] = {
    PageKind.COVER: cover,
    PageKind.REFERRAL_FORM: form,
    PageKind.HANDOUT: handout,
}


@dataclass(frozen=True, kw_only=True)
class PagesOf:
    """Where the pages of one kind lie in the document."""

    kind: PageKind
    first_page: int  # from 1, of the whole document
    page_count: int


@dataclass(frozen=True, kw_only=True)
class PacketPdf:
    """A packet, printed."""

    data: bytes
    page_count: int
    pages: tuple[PagesOf, ...]

    def count(self, audience: Audience) -> int:
        """Return how many pages an audience has: the "y" of its "Page x of y"."""
        return sum(part.page_count for part in self.pages if part.kind.audience is audience)


@dataclass(frozen=True, kw_only=True)
class PaperFor:
    """One audience's pages as a PDF of their own, and what is on them."""

    audience: Audience
    kinds: tuple[PageKind, ...]
    pdf: PacketPdf


def packet_papers(
    packet: Packet, pages: Sequence[PageKind], *, paper: Paper = Paper.LETTER, is_large: bool = False
) -> tuple[PaperFor, ...]:
    """Return the chosen pages as one PDF for each audience: they are filed, and stapled, apart."""
    kinds = {
        audience: tuple(kind for kind in PageKind if kind in pages and kind.audience is audience)
        for audience in Audience
    }
    return tuple(
        PaperFor(audience=audience, kinds=own, pdf=packet_pdf(packet, own, paper=paper, is_large=is_large))
        for audience, own in kinds.items()
        if own
    )


def packet_pdf(
    packet: Packet,
    pages: Sequence[PageKind],
    *,
    paper: Paper = Paper.LETTER,
    is_large: bool = False,
    client_language: str = "en",
) -> PacketPdf:
    """Return the chosen pages as one PDF: the provider's first, then the client's, each counted for itself.

    For one audience alone, give only its pages: the counts are the same. The client's pages can be in the client's
    language; the provider's stay in hers. Raises PrintProblem if a text can't be set.
    """
    kinds = [kind for kind in PageKind if kind in pages]
    if not kinds:
        raise ValueError("a packet without pages")
    presses = {
        Audience.PROVIDER: Press(audience=Audience.PROVIDER, paper=paper, is_large=is_large),
        Audience.CLIENT: Press(audience=Audience.CLIENT, paper=paper, is_large=is_large, language=client_language),
    }
    parts = [
        Part(
            name=kind,
            press=presses[kind.audience],
            furniture=_furniture(packet, kind, presses[kind.audience]),
            story=partial(_PAGES[kind], packet, presses[kind.audience]),
        )
        for kind in kinds
    ]
    title = presses[Audience.PROVIDER].gettext("Packet {number}").format(number=grouped(packet.number))
    laid = lay_out(parts, title=title, printed_at=packet.printed_at)
    ends = [*(laid.first[kind] for kind in kinds[1:]), laid.page_count + 1]
    placed = tuple(
        PagesOf(kind=kind, first_page=laid.first[kind], page_count=end - laid.first[kind])
        for kind, end in zip(kinds, ends, strict=True)
    )
    return PacketPdf(data=laid.data, page_count=laid.page_count, pages=placed)


def _furniture(packet: Packet, kind: PageKind, press: Press) -> Furniture:
    _ = press.gettext
    number = _("Packet {number}").format(number=whole(grouped(packet.number)))
    copy: tuple[str, ...] = ()
    if packet.first_printed_at:
        first = dates.short_moment(packet.first_printed_at, _, twelve_hour=packet.twelve_hour)
        copy = (Bold(_("COPY, first printed {when}.").format(when=whole(first))), " ")
    if kind.audience is Audience.CLIENT:
        reader = packet.handout.reader
        return Furniture(
            label=_("For you, {name}").format(name=reader) if reader else _("For you"),
            says=(*copy, _("Keep this page. It is yours.")),
            foot=(
                packet.handout.checked or _("Nobody has checked this page lately. Please call before you go."),
                *_brackets((packet.sender, packet.handout), press),
            ),
            packet=number,
            anchor=packet.anchor,
        )
    says = _("Confidential.")
    if kind is PageKind.COVER and packet.recipient.contact_name:
        says = _("Confidential. Please hand to the person named below.")
    elif kind is PageKind.COVER and packet.recipient.organization:
        says = _("Confidential. For the agency named below only.")
    elif kind is PageKind.REFERRAL_FORM and packet.referral.basis:
        says = _("Confidential. {basis}").format(basis=packet.referral.basis)
    told = (packet.sender, packet.recipient, packet.referral, packet.client)
    printed = dates.short_moment(packet.printed_at, _, twelve_hour=packet.twelve_hour)
    return Furniture(
        label=_("FOR THE PROVIDER"),
        says=(*copy, says),
        foot=(_letterhead(packet), "\n", _("Printed {when}").format(when=printed), *_brackets(told, press)),
        packet=number,
        anchor=packet.anchor,
    )


def _brackets(told: tuple[object, ...], press: Press) -> tuple[str, ...]:
    """Return what the brackets mean, if these facts have letters that no font has."""
    _ = press.gettext
    note = _("[ ]: letters that this page could not print, spelled by sound. Please ask us how to write them.")
    return ("\n", note) if is_spelled(told) else ()


def _letterhead(packet: Packet) -> str:
    sender = packet.sender
    department = ", ".join(part for part in (sender.department, sender.unit) if part)
    return " · ".join(part for part in (sender.signature, department, whole(sender.phone)) if part)

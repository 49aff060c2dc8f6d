"""The certificate of a purge: what kind of record went, when, why, by whom, and what still holds a copy. No names."""

from collections.abc import Callable, Sequence

from reportlab.platypus import Flowable

from crisisdesk.desk.retention import Certificate, Copy
from crisisdesk.documents import dates
from crisisdesk.documents.blocks import Block, Column, Look, pair, rule, section
from crisisdesk.documents.facts import Paper
from crisisdesk.documents.page import Furniture, Numbers, Part, lay_out
from crisisdesk.documents.press import HAIRLINE, Press, Role
from crisisdesk.documents.text import P
from crisisdesk.records.choices import Audience

_SHOWN = 12  # backups by name; the rest are counted


def certificate_pdf(
    certificate: Certificate, *, paper: Paper = Paper.LETTER, language: str = "en", twelve_hour: bool = False
) -> bytes:
    """Return the certificate as a PDF, one page or two."""
    press = Press(audience=Audience.PROVIDER, paper=paper, language=language)
    _ = press.gettext
    foot = _("Certificate {number} · {anchor}").format(number=certificate.number, anchor=certificate.anchor)
    furniture = Furniture(label=_("CERTIFICATE OF DESTRUCTION"), says=(certificate.department,), foot=(foot,))

    def story(_numbers: Numbers) -> Sequence[Flowable]:
        return _story(certificate, press, twelve_hour=twelve_hour)

    part = Part(name="certificate", press=press, furniture=furniture, story=story)
    return lay_out([part], title=_("Certificate of destruction"), printed_at=certificate.purged_at).data


def _story(certificate: Certificate, press: Press, *, twelve_hour: bool) -> Sequence[Flowable]:
    _ = press.gettext
    lead = _(
        "One record was taken out of CrisisDesk for good. A backup was made and checked just before. This paper names"
        " nobody: the record’s key below means nothing any more."
    )
    return [
        P(press.style(Role.TITLE), _("Certificate {number}").format(number=certificate.number)),
        Block([Column(0, press.width, [P(press.style(Role.LEAD), lead)])], Look(top=4), press.width),
        *section(press, _("What was destroyed"), _what(certificate, press, twelve_hour=twelve_hour)),
        *section(press, _("What still holds a copy"), _copies(certificate, press)),
        *section(press, _("What is left to do"), _left(certificate, press)),
        *_signatures(press),
    ]


def _what(certificate: Certificate, press: Press, *, twelve_hour: bool) -> list[Block]:
    _ = press.gettext
    moment = certificate.purged_at
    when = dates.short_moment(moment, _, twelve_hour=twelve_hour)
    rows = [
        pair(press, _("Kind of record"), certificate.retention_class.label),
        pair(press, _("The record’s key"), certificate.subject_id),
        pair(press, _("Entries"), str(certificate.rows)),
        pair(press, _("When"), when),
        pair(press, _("Why"), certificate.reason),
        pair(press, _("By which rule"), certificate.authority),
        pair(press, _("By"), certificate.by),
        pair(press, _("Audit log"), _("stood at {anchor}").format(anchor=certificate.anchor), last=True),
    ]
    if not certificate.is_compacted:
        words = _("The file could not be made smaller yet. What was in it is overwritten with zeros all the same.")
        rows.append(pair(press, _("Note"), words, first=False, last=True))
    return rows


def _copies(certificate: Certificate, press: Press) -> list[Block]:
    _ = press.gettext
    until = dates.day(certificate.backups_until, _)
    shown = certificate.backups[:_SHOWN]
    lines = [_copy(each, _) for each in shown]
    rest = len(certificate.backups) - len(shown)
    if rest:
        lines.append(_("and {count} more").format(count=rest))
    rows = [
        pair(press, _("Backups on this computer"), "; ".join(lines) or _("none")),
        pair(press, _("Until"), _("{day}: what is left of them then, CrisisDesk offers to delete").format(day=until)),
    ]
    media = "; ".join(_copy(each, _) for each in certificate.media) or _("none in the register")
    return [*rows, pair(press, _("Drives"), media, last=True)]


def _copy(copy: Copy, _: Callable[[str], str]) -> str:
    parts = [copy.name]
    if copy.written_on:
        parts.append(_("written {day}").format(day=dates.day(copy.written_on, _)))
    if copy.holder:
        parts.append(_("held by {holder}").format(holder=copy.holder))
    return ", ".join(parts)


def _left(certificate: Certificate, press: Press) -> list[Block]:
    _ = press.gettext
    until = dates.day(certificate.backups_until, _)
    if certificate.media:
        words = _(
            "Destroy the drives named above, or copy a new backup to each and delete the old ones on it, by {day}."
            " Whoever holds an old passphrase or recovery sheet can open what is on them until then."
        )
    else:
        words = _(
            "Nothing, unless a copy was made that is not in the register. Delete old backups when asked, by {day}."
        )
    return [pair(press, _("Drives and copies"), words.format(day=until), last=True)]


def _signatures(press: Press) -> list[Flowable]:
    _ = press.gettext
    half = press.width / 2 - 12
    columns = [
        Column(left, half, [rule(HAIRLINE), P(press.style(Role.FOOT), words)])
        for left, words in ((0.0, _("Destroyed by, date")), (half + 24, _("Witness, date")))
    ]
    return [Block(columns, Look(top=44), press.width)]


__all__ = ["certificate_pdf"]

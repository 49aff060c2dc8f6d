"""A client's chart and the forms that belong to it."""

from collections.abc import Callable, Mapping
from functools import partial

from crisisdesk.desk.disclosures import Paper
from crisisdesk.desk.entries import EntryKind
from crisisdesk.documents import gather
from crisisdesk.documents.packet import packet_pdf
from crisisdesk.records.choices import Audience, DisclosureHow, NoteStatus, PageKind
from crisisdesk.ui.forms.client import ClientCard, open_client
from crisisdesk.ui.forms.close import close_client
from crisisdesk.ui.forms.encounter import open_encounter
from crisisdesk.ui.forms.flag import add_flag, end_flag
from crisisdesk.ui.forms.form import Section
from crisisdesk.ui.forms.note import open_note
from crisisdesk.ui.forms.person import open_person
from crisisdesk.ui.forms.plan import edit_plan
from crisisdesk.ui.forms.quick import QuickCard
from crisisdesk.ui.forms.release import open_release
from crisisdesk.ui.pages.chart import ChartPage
from tests.gallery import town
from tests.gallery.stage import Stage
from tests.gallery.vaults import NOW


def _chart(stage: Stage, name: str = town.MARIA) -> str:
    """Open a chart and return whose it is."""
    client = town.client(stage.town, name)
    stage.go("chart", client)
    return client


def _on_chart(act: Callable[[Stage, str], object]) -> Callable[[Stage], object]:
    def pose(stage: Stage) -> None:
        act(stage, _chart(stage))
        stage.settle()

    return pose


def _more(stage: Stage, client: str) -> None:
    del client
    stage.find(ChartPage)._show_more()


def _print(stage: Stage, client: str) -> None:
    page = stage.find(ChartPage)
    page.acts.fill_print_menu(page._print_menu, client)
    page._print_menu.popup(page._print.mapToGlobal(page._print.rect().bottomLeft()))


def _log_contact(stage: Stage, client: str) -> None:
    stage.find(ChartPage).acts.log_contact(client)


def _aside(stage: Stage, client: str) -> None:
    stage.find(ChartPage).acts.set_aside(stage.context.desk.chart.head(client))


def _end_flag(stage: Stage, client: str) -> None:
    banners = stage.context.desk.chart.head(client).banners
    end_flag(stage.context, next(each for each in banners if each.id))


def _read_try(stage: Stage, client: str) -> None:
    desk = stage.context.desk
    entry = desk.timeline.read(client, kinds=[EntryKind.TRY]).entries[0]
    stage.find(ChartPage).acts.read_try(entry)


def _paper(stage: Stage) -> None:
    """Print a packet, and read it again in the chart."""
    _filed(stage)
    client = _chart(stage)
    entries = stage.context.desk.timeline.read(client, kinds=[EntryKind.PAPER]).entries
    stage.find(ChartPage).acts.open_paper(entries[0])


def _filed(stage: Stage) -> None:
    desk = stage.context.desk
    referral = town.referral(stage.town)
    packet = gather.packet(desk, referral, printed_at=NOW)
    pdf = packet_pdf(packet, (PageKind.COVER, PageKind.REFERRAL_FORM))
    paper = Paper(audience=Audience.PROVIDER, kinds=(PageKind.COVER, PageKind.REFERRAL_FORM), pages=2, content=pdf.data)
    desk.disclosures.file_packet(referral, [paper], how=DisclosureHow.PRINTED, again=None)


def _new_client(stage: Stage) -> ClientCard:
    card = open_client(stage.context)
    stage.settle()
    return card


def _new_client_alike(stage: Stage) -> None:
    card = _new_client(stage)
    card.form.set_values({"first_name": "María", "last_name": "Delgado"})
    card.look_for_alike()
    stage.settle()


def _new_client_refused(stage: Stage) -> None:
    card = _new_client(stage)
    card.form.set_values({"goes_by": " "})
    card.finish()
    stage.settle()


def _whole_client(stage: Stage, client: str) -> None:
    card = open_client(stage.context, client)
    for section in card.findChildren(Section):
        section.fold(folded=False)


def _note_refused(stage: Stage, client: str) -> None:
    card = open_note(stage.context, client)
    card.finish()


def _note(stage: Stage, status: NoteStatus) -> None:
    note = town.note(stage.town, status)
    stage.go("chart", note.client_id)
    open_note(stage.context, note.client_id, note.id)
    stage.settle()


def _sign(stage: Stage) -> None:
    note = town.note(stage.town, NoteStatus.DRAFT)
    stage.go("chart", note.client_id)
    card = open_note(stage.context, note.client_id, note.id)
    stage.settle()
    card.sign()  # type: ignore[attr-defined]  # a draft's card


def _quick(stage: Stage, words: Mapping[str, object]) -> None:
    stage.run("encounter.quick")
    card = stage.find(QuickCard)
    card.form.set_values(dict(words))
    card.look_for_them()
    card._say_blanks()
    stage.settle()


_WITH_GUESS = {
    "who": {"words": "Maria", "client_id": ""},
    "location": "Cedar Street, by the library",
    "narrative": "Officer says she stands at the bus stop and cries.",
}

SCENES: Mapping[str, Callable[[Stage], object]] = {
    "chart": _chart,
    "chart-paper": _paper,
    "form-client-new": _new_client,
    "form-client-whole": _on_chart(_whole_client),
    "form-encounter-edit": _on_chart(
        lambda stage, client: open_encounter(stage.context, client, town.entry(stage.town, EntryKind.ENCOUNTER))
    ),
    "form-note-new": _on_chart(lambda stage, client: open_note(stage.context, client)),
    "form-note-signed": partial(_note, status=NoteStatus.SIGNED),
    "dialog-sign": _sign,
    "form-release": _on_chart(lambda stage, client: open_release(stage.context, client)),
    "dialog-flag": _on_chart(lambda stage, client: add_flag(stage.context, client)),
    "dialog-person": _on_chart(lambda stage, client: open_person(stage.context, client)),
    "dialog-plan": _on_chart(lambda stage, client: edit_plan(stage.context, client)),
    "dialog-close": _on_chart(lambda stage, client: close_client(stage.context, client, town.MARIA)),
    "quick-call-out-guess": partial(_quick, words=_WITH_GUESS),
}
DETAILS: Mapping[str, Callable[[Stage], object]] = {
    "chart-ruth": partial(_chart, name="Ruth Okafor"),
    "chart-more": _on_chart(_more),
    "chart-print": _on_chart(_print),
    "form-client-alike": _new_client_alike,
    "form-client-refused": _new_client_refused,
    "form-client-edit": _on_chart(lambda stage, client: open_client(stage.context, client)),
    "form-encounter-new": _on_chart(lambda stage, client: open_encounter(stage.context, client)),
    "form-note-refused": _on_chart(_note_refused),
    "form-note-draft": partial(_note, status=NoteStatus.DRAFT),
    "dialog-flag-end": _on_chart(_end_flag),
    "dialog-set-aside": _on_chart(_aside),
    "dialog-log-contact": _on_chart(_log_contact),
    "dialog-read-try": _on_chart(_read_try),
    "quick-call-out": partial(_quick, words={}),
}

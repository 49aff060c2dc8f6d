"""Refer and Referrals in the real window, on the practice data: from the need to the filed packet."""

import stat
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, QRect

from crisisdesk.desk.client_list import ClientFilter, ClientQuery
from crisisdesk.desk.clients import ClientDraft, PersonDraft
from crisisdesk.desk.disclosures import Paper
from crisisdesk.desk.matching import ClientFacts
from crisisdesk.desk.referral_list import ReferralFilter, ReferralQuery
from crisisdesk.desk.referrals import ReferralDraft
from crisisdesk.desk.releases import ReleaseDraft, usual_end
from crisisdesk.documents.preflight import Fix
from crisisdesk.errors import Invalid
from crisisdesk.records.choices import (
    Audience,
    Basis,
    DisclosureHow,
    HandOff,
    Need,
    PageKind,
    ReferralState,
    ReleaseScope,
    ReleaseStatus,
    StepKind,
    ToldBy,
)
from crisisdesk.ui.focus import focused
from crisisdesk.ui.pages.refer_words import refer_words

NAMES = ["O'Neil", "Nguyễn", "<b>", "=cmd()", "?", "Łukasz", "W" * 200]


@pytest.fixture
def maria(town):
    return town.client_list.page(ClientQuery(text="Delgado", filter=ClientFilter.ALL)).rows[0].id


@pytest.fixture
def rooms(town):
    """Return the service and organization of the single rooms."""
    found = town.matching.match(ClientFacts(), Need.PLACE_TO_LIVE).rows
    service_id = next(row.service_id for row in found if "single rooms" in row.title)
    return town.services.card(service_id)


def _new_client(town, **names):
    return town.clients.add(ClientDraft(**names))


def _release(town, client_id, card, **more):
    draft = ReleaseDraft(
        recipient=card.organization,
        organization_id=card.organization_id,
        purpose="to find a room",
        status=ReleaseStatus.SIGNED,
        signed_on=town.clock.today(),
        expires_on=usual_end(town.clock.today()),
        **more,
    )
    return town.releases.add(client_id, draft)


class Walk:
    """What a clinician does with the Refer page, on the real window."""

    def __init__(self, shell, qtbot, answers, folder):
        self.shell, self.qtbot, self.answers, self.folder = shell, qtbot, answers, folder
        self.town = shell.context.desk

    @property
    def page(self):
        return self.shell.page

    def begin(self, client_id, service_id="", sentence="Needs a room by December 1."):
        self.shell.go("refer", f"client:{client_id}" + (f":service:{service_id}" if service_id else ""))
        self.say(sentence)
        self.wait_for_pages()
        return self.page

    def say(self, sentence):
        self.page.need.sentence.setText(sentence)
        self.page.need.sentence.textEdited.emit(sentence)
        self.page.keep()

    def wait_for_pages(self):
        page = self.page
        self.qtbot.waitUntil(lambda: bool(page._papers) or not page.pane.ticks.ticked())

    def wait(self):
        page = self.page
        self.qtbot.waitUntil(lambda: not page._is_busy)

    def print(self, path):
        """Print into a file, or cancel the dialog; return how many papers were filed."""
        self.answers.printer(path)
        before = len(self.papers())
        self.page.print_now()
        self.wait()
        return len(self.papers()) - before

    def papers(self):
        return self.town.disclosures.papers(self.page.referral_id)

    def pdfs(self):
        papers = (self.town.disclosures.paper(paper.attachment_id) for paper in self.papers())
        return [PdfReader(BytesIO(paper)) for paper in papers]

    def text(self):
        """Return what the filed papers say."""
        return "\n".join(page.extract_text() for pdf in self.pdfs() for page in pdf.pages)


@pytest.fixture
def walk(shell, qtbot, answers, tmp_path):
    return Walk(shell, qtbot, answers, tmp_path)


def test_one_service_takes_and_two_take():
    for pronouns, them in (("she/her", "her"), ("he/him", "him"), ("", "them")):
        fits = refer_words(pronouns).fits
        assert fits(1) == f"{{count}} takes someone like {them}"
        assert fits(2) == f"{{count}} take someone like {them}, best first"


def test_from_the_need_to_the_filed_packet(shell, town, maria, answers, walk):
    shell.go("refer", f"client:{maria}")
    page = shell.page
    page.need.need.chip(Need.PLACE_TO_LIVE.value).click()
    first = page.where._model.rows[0]
    page.where.choose(first.id, told=True)
    walk.say("Needs a room of her own.")
    walk.wait_for_pages()
    assert page.referral_id
    assert page.pane.blocking == 0
    assert walk.print(walk.folder / "out.pdf") == 2
    facts = town.referrals.facts(page.referral_id)
    assert facts.state is ReferralState.SENT
    assert facts.sent_at == town.clock.now()
    assert [step.kind for step in town.followups.open_steps(maria, page.referral_id)] == [StepKind.AGENCY]
    assert answers.jobs == [town.disclosures.packet_number(page.referral_id)]
    assert len(PdfReader(walk.folder / "out.pdf").pages) == 3
    assert "Needs a room of her own." in walk.text()
    assert page.is_standing
    assert page.standing.isVisibleTo(page)


def test_nothing_is_written_before_something_is_said(shell, town):
    before = town.referral_list.counts().open
    shell.go("refer", f"client:{maria}")
    shell.go("today")
    assert town.referral_list.counts().open == before


def test_what_is_typed_is_kept_when_she_goes_away(shell, town, maria, walk):
    page = walk.begin(maria)
    page.need.sentence.setText("And a dog.")
    page.need.sentence.textEdited.emit("")
    referral_id = page.referral_id
    shell.go("today")
    assert town.referrals.facts(referral_id).draft.sentence == "And a dog."
    shell.go("refer", referral_id)
    assert shell.page.need.sentence.value() == "And a dog."


def test_without_a_release_nothing_is_printed(town, rooms, answers, walk):
    client_id = _new_client(town, first_name="Ada", last_name="Stone")
    page = walk.begin(client_id, rooms.id)
    assert page.pane.blocking == 1
    assert not page.foot.print.isEnabled()
    page.print_now()
    assert answers.jobs == []
    assert walk.papers() == ()
    assert page.pane.first_fix().text() == Fix.RELEASE.label


def test_a_release_written_down_clears_the_way(shell, town, rooms, walk, qtbot):
    client_id = _new_client(town, first_name="Ada", last_name="Stone")
    page = walk.begin(client_id, rooms.id)
    page._fix(Fix.RELEASE)
    card = shell._overlay.card
    assert card.form.values()["recipient"] == rooms.organization
    assert not card.finish()
    assert page.pane.blocking == 1
    card.form.set_values({"purpose": "to find a room", "status": ReleaseStatus.SIGNED})
    assert card.finish()
    assert page.pane.blocking == 0
    qtbot.waitUntil(page.foot.print.hasFocus)
    assert walk.print(walk.folder / "a.pdf") == 2
    assert town.referrals.facts(page.referral_id).draft.release_id


def test_told_anyway_needs_a_ground_and_a_reason(town, rooms, answers, walk):
    client_id = _new_client(town, first_name="Ada", last_name="Stone")
    page = walk.begin(client_id, rooms.id)
    answers.confirm(True)
    page._fix(Fix.ANYWAY)
    assert page.pane.blocking == 1

    def fill(dialog):
        dialog.form.set_values({"basis": Basis.TREATMENT.value, "reason": "The nurse asked; she is on her way."})
        return True

    answers.run(fill)
    page._fix(Fix.ANYWAY)
    assert page.pane.blocking == 0
    assert walk.print(walk.folder / "a.pdf") == 2
    text = walk.text()
    assert "Shared for the client’s treatment." in text
    assert "The nurse asked" not in text


def test_a_ground_for_one_place_is_none_for_another(town, rooms, walk):
    client_id = _new_client(town, first_name="Ada", last_name="Stone")
    page = walk.begin(client_id, rooms.id)
    page._set_ground(Basis.TREATMENT, "She asked.")
    assert page.pane.blocking == 0
    other = next(
        row.service_id
        for row in town.matching.match(ClientFacts(), Need.FOOD_CLOTHES).rows
        if town.services.card(row.service_id).organization_id != rooms.organization_id
    )
    page.where.choose(other, told=True)
    assert page.pane.blocking == 1


def test_a_cancelled_print_dialog_files_nothing(town, maria, rooms, walk):
    page = walk.begin(maria, rooms.id)
    assert walk.print(None) == 0
    assert town.referrals.facts(page.referral_id).state is ReferralState.DRAFT
    assert town.followups.open_steps(maria, page.referral_id) == ()
    assert page.foot.print.hasFocus()


def test_an_open_file_is_not_made_unasked(town, maria, rooms, answers, walk):
    page = walk.begin(maria, rooms.id)
    answers.printer(walk.folder / "a.pdf", is_wanted=False)
    page.print_now()
    walk.wait()
    assert walk.papers() == ()
    assert not (walk.folder / "a.pdf").exists()
    assert town.referrals.facts(page.referral_id).state is ReferralState.DRAFT


def test_what_was_printed_into_a_file_is_called_a_file(shell, maria, rooms, walk):
    walk.begin(maria, rooms.id)
    assert walk.print(walk.folder / "a.pdf") == 2
    assert "was written to an open file" in shell.message.words
    assert stat.S_IMODE((walk.folder / "a.pdf").stat().st_mode) == 0o600


def test_no_question_is_answered_by_a_focus_that_was_put_there(shell, town, maria, walk, qtbot):
    cards = (town.services.card(row.service_id) for row in town.matching.match(ClientFacts(), None, "", limit=100).rows)
    unchecked = next(card for card in cards if card.check.warning)
    _release(town, maria, unchecked)
    page = walk.begin(maria, unchecked.id)
    right = next(each for each in page.pane.buttons() if each.text() == Fix.CHECKED.label)
    right.setFocus()
    right.click()
    assert page.foot.print.hasFocus()
    page._set_busy(on=True)
    assert page.foot.print.hasFocus()
    page._set_busy(on=False)
    page._fix(Fix.NUMBERS)
    card = shell._overlay.card
    card.form.set_values({"goes_by": "Mari D."})
    assert card.finish()
    qtbot.waitUntil(page.foot.print.hasFocus)


def test_the_end_follows_the_day_of_signing_until_she_sets_it(shell, town, rooms, walk):
    page = walk.begin(_new_client(town, first_name="Ada"), rooms.id)
    page._fix(Fix.RELEASE)
    form = shell._overlay.card.form
    today = town.clock.today()
    assert form.values()["expires_on"] == usual_end(today)
    for signed_on, ends in ((date(2026, 11, 3), date(2027, 11, 3)), (date(2026, 11, 4), date(2027, 11, 4))):
        form.set_values({"signed_on": signed_on})
        form.changed.emit("signed_on")
        assert form.values()["expires_on"] == ends
    form.set_values({"expires_on": date(2027, 1, 1), "signed_on": date(2026, 11, 5)})
    form.changed.emit("signed_on")
    assert form.values()["expires_on"] == date(2027, 1, 1)


def test_nothing_is_filed_until_the_words_are_on_paper(town, maria, rooms, answers, walk):
    page = walk.begin(maria, rooms.id)

    def forget(dialog):
        assert focused(dialog) is dialog.written
        assert not dialog.act_button.isEnabled()
        return True

    answers.file(walk.folder / "packet.pdf")
    answers.run(forget)
    page.save_file()
    walk.wait()
    assert walk.papers() == ()
    assert not (walk.folder / "packet.pdf").exists()
    assert town.referrals.facts(page.referral_id).state is ReferralState.DRAFT
    assert page.foot.print.hasFocus()


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_fails_files_nothing(town, maria, rooms, walk):
    page = walk.begin(maria, rooms.id)
    assert walk.print(walk.folder / "no" / "such" / "folder" / "a.pdf") == 0
    assert town.referrals.facts(page.referral_id).state is ReferralState.DRAFT


def test_a_second_print_is_stamped_a_copy_and_asks_only_once(town, maria, rooms, walk):
    page = walk.begin(maria, rooms.id)
    assert walk.print(walk.folder / "a.pdf") == 2
    assert "COPY" not in walk.text()
    walk.wait_for_pages()
    assert walk.print(walk.folder / "b.pdf") == 2
    pdfs = walk.pdfs()
    assert len(pdfs) == 4
    copies = sum("COPY, first printed" in pdf.pages[0].extract_text() for pdf in pdfs)
    assert copies == 2
    assert len(town.followups.open_steps(maria, page.referral_id)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_shown_and_printed_as_typed(town, rooms, walk, name):
    client_id = _new_client(town, first_name="Ada", last_name=name)
    _release(town, client_id, rooms)
    page = walk.begin(client_id, rooms.id, sentence=f"{name} needs a room.")
    assert name in page.head.title.text()
    assert walk.print(walk.folder / "a.pdf") == 2
    text = walk.text().replace("\n", "")
    assert f"Ada {name}".replace(" ", "") in text.replace(" ", "")


def test_a_client_without_a_name_is_a_question_mark_on_the_cover(town, rooms, walk):
    client_id = _new_client(town, described_as="Man, about 30, Elm Street bridge")
    _release(town, client_id, rooms)
    walk.begin(client_id, rooms.id)
    assert walk.print(walk.folder / "a.pdf") == 2
    cover = PdfReader(walk.folder / "a.pdf")
    assert len(cover.pages) == 3
    text = walk.text()
    assert "Client ?, record" in text


def test_told_without_paper_is_written_down(town, maria, rooms, walk):
    page = walk.begin(maria, rooms.id)
    page.how.hand_off.choose(HandOff.INFORMATION.value)
    page.how.hand_off.changed.emit()
    assert page.pane.ticks.ticked() == (PageKind.HANDOUT,)
    page.pane.ticks.tick(())
    page.look()
    page.print_now()
    assert town.referrals.facts(page.referral_id).state is ReferralState.INFORMATION
    assert [step.kind for step in town.followups.open_steps(maria, page.referral_id)] == [StepKind.CALL]


def test_saved_as_a_file_it_opens_only_with_the_four_words(maria, rooms, answers, walk):
    page = walk.begin(maria, rooms.id)
    given = []

    def note(dialog):
        given.append(dialog.passphrase)
        dialog.written.click()
        assert dialog.act_button.isEnabled()
        return True

    answers.file(walk.folder / "packet.pdf")
    answers.run(note)
    page.save_file()
    walk.wait()
    assert len(walk.papers()) == 2
    reader = PdfReader(walk.folder / "packet.pdf")
    assert reader.is_encrypted
    assert reader.decrypt(given[0])
    assert len(reader.pages) == 3
    assert len(given[0].split(" ")) == 4
    assert all("Delgado" not in seen for seen in answers.seen)


def test_a_plain_file_takes_one_more_question(maria, rooms, answers, walk):
    page = walk.begin(maria, rooms.id)

    def plainly(dialog):
        dialog._plain()
        return dialog.is_plain

    answers.file(walk.folder / "packet.pdf")
    answers.run(plainly)
    answers.confirm(True)
    page.save_file()
    walk.wait()
    assert not PdfReader(walk.folder / "packet.pdf").is_encrypted


def test_who_is_named_in_her_words_is_pointed_out(maria, rooms, walk):
    page = walk.begin(maria, rooms.id, sentence="Stays with Elena until December 1.")
    assert any("Elena is named on page 2." in finding.first for finding in page.pane._findings)


def test_covered_names_are_covered_here_too(shell, maria, rooms, walk):
    page = walk.begin(maria, rooms.id)
    shell.context.cover.turn(on=True)
    assert "Delgado" not in page.head.title.text()
    assert all("Mari" not in finding.first for finding in page.pane._findings)


def test_undoing_its_opening_leaves_what_was_typed(town, maria, walk):
    before = town.referral_list.counts().open
    page = walk.begin(maria)
    assert town.undo_label == "Open referral"
    town.undo()
    assert town.referral_list.counts().open == before
    assert page.need.sentence.value() == "Needs a room by December 1."
    walk.say("Needs a room.")
    assert town.referral_list.counts().open == before + 1
    assert town.referrals.facts(page.referral_id).draft.sentence == "Needs a room."


def test_undoing_an_edit_shows_what_was_there_before(town, maria, walk):
    page = walk.begin(maria)
    walk.say("Something else.")
    town.undo()
    assert page.need.sentence.value() == "Needs a room by December 1."


def test_what_happened_changes_the_state_and_sets_the_next_step(shell, town, maria, answers):
    row = next(
        row
        for group in town.referral_list.read(ReferralQuery()).groups
        for row in group.rows
        if row.client_id == maria and row.state is ReferralState.SENT
    )
    shell.go("refer", row.id)

    def fill(dialog):
        dialog.form.set_values(
            {"state": ReferralState.RECEIVED.value, "told_by": ToldBy.PROVIDER.value, "note": "Renee has it."}
        )
        return True

    answers.run(fill)
    shell.page.standing.happened.click()
    assert town.referrals.facts(row.id).state is ReferralState.RECEIVED
    assert town.referrals.happened(row.id)[0].note == "Renee has it."
    assert len(town.followups.open_steps(maria, row.id)) == 1


def test_a_packet_number_opens_its_referral(shell, town, maria, rooms, walk):
    page = walk.begin(maria, rooms.id)
    number = town.disclosures.packet_number(page.referral_id)
    shell.go("referrals")
    shell.page.packet.setText(f"{number[:3]} {number[3:]}")
    assert shell.current_id == "refer"
    assert shell.page.referral_id == page.referral_id


def test_an_unknown_packet_number_is_said(shell):
    shell.go("referrals")
    shell.page.packet.setText("000 000")
    assert shell.current_id == "referrals"
    assert shell.page.packet.text() == "000 000"


@pytest.mark.parametrize("wanted", [each.value for each in ReferralFilter])
def test_each_filter_shows_as_many_as_its_chip_counts(shell, town, wanted):
    shell.go("referrals")
    page = shell.page
    page.chips.chip(wanted).click()
    rows = [row for row in page._model.rows if hasattr(row, "client_id")]
    counts = town.referral_list.counts()
    assert len(rows) == getattr(counts, wanted)


def test_today_can_ask_for_referrals_without_a_next_step(shell):
    shell.go("referrals", "loose")
    rows = [row for row in shell.page._model.rows if hasattr(row, "client_id")]
    assert rows
    assert all(row.act == "no_step" for row in rows)


def test_a_next_step_set_from_the_row_leaves_the_group(shell, town, answers):
    shell.go("referrals", "loose")
    row = next(row for row in shell.page._model.rows if hasattr(row, "client_id"))

    def fill(dialog):
        dialog.form.set_values({"due_on": town.clock.today()})
        return True

    answers.run(fill)
    shell.page.table.acted.emit(row.id, "step")
    assert town.followups.open_steps(row.client_id, row.id)


def test_new_referral_asks_who_first(shell, maria, answers):
    shell.go("referrals")

    def choose(dialog):
        dialog.field.setText("delgado")
        return bool(dialog.client_id)

    answers.run(choose)
    shell.context.commands.run("referral.new")
    assert shell.current_id == "refer"
    assert shell.page.client_id == maria


def test_a_release_for_another_agency_lets_nothing_be_told(town, rooms):
    client_id = _new_client(town, first_name="Ada")
    other = next(
        card
        for row in town.matching.match(ClientFacts(), Need.FOOD_CLOTHES).rows
        if (card := town.services.card(row.service_id)).organization_id != rooms.organization_id
    )
    release_id = _release(town, client_id, other, scopes=(ReleaseScope.IDENTITY, ReleaseScope.REASON))
    referral_id = town.referrals.open(client_id, ReferralDraft(service_id=rooms.id, release_id=release_id))
    town.disclosures.packet_number(referral_id)
    paper = Paper(audience=Audience.PROVIDER, kinds=(PageKind.COVER,), pages=1, content=b"%PDF")
    with pytest.raises(Invalid):
        town.disclosures.file_packet(referral_id, [paper], how=DisclosureHow.PRINTED, again=None)


def test_whoever_must_not_be_contacted_is_on_the_form_without_a_name(town, maria, rooms, walk):
    town.clients.add_person(maria, PersonDraft(name="Rick Dent", relationship="neighbor"))
    page = walk.begin(maria, rooms.id)
    text = "".join(pdf.text(place) for pdf in page.pane.preview.pdfs for place in range(pdf.page_count))
    assert "Ex-partner" in text
    assert "R. D." not in text
    assert "Rick" not in text


def test_a_message_never_covers_print_and_file(shell, maria, qtbot):
    shell.say("The referral was begun.")
    shell.go("refer", f"client:{maria}")
    foot, bar, port = shell.page.foot, shell.message, shell.stack
    assert bar.isVisible()
    qtbot.waitUntil(lambda: not bar.geometry().intersects(QRect(foot.mapTo(port, QPoint()), foot.size())))

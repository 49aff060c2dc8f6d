import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFocusFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from crisisdesk.resources import resource
from crisisdesk.ui import theme
from crisisdesk.ui.cover import Cover, initials
from crisisdesk.ui.dress import dress
from crisisdesk.ui.icons import icon
from crisisdesk.ui.tokens import Role, Scheme, State
from crisisdesk.ui.widgets.banner import Banner, Strip
from crisisdesk.ui.widgets.buttons import button, icon_button, link, small
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.chips import Chips, Option
from crisisdesk.ui.widgets.labels import Elided, label, paragraph, plain_tip
from crisisdesk.ui.widgets.marks import Badge, CountPill, KeyCap, StateMark
from crisisdesk.ui.widgets.message import FOOT, MessageBar
from crisisdesk.ui.widgets.overlay import Overlay
from crisisdesk.ui.widgets.search import SearchField
from crisisdesk.ui.widgets.segments import Segments

ICONS = sorted({file.stem for file in resource("icons").glob("*.svg")} - {"app"})  # the program's has its own colours
HOSTILE = "<b>O'Neil</b> & <img src=file:///etc/passwd> =cmd()"


@pytest.fixture
def page(qtbot):
    made = QWidget()
    made.resize(900, 500)
    QVBoxLayout(made)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def put(page, *widgets):
    for widget in widgets:
        page.layout().addWidget(widget)
    settle(page)
    return widgets[0]


def settle(page):
    page.layout().addStretch(1)
    QApplication.processEvents()
    QApplication.processEvents()


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_is_painted_in_the_colour_that_is_asked_for(qapp, name):
    del qapp
    picture = icon(name, "danger").pixmap(40, 40).toImage()
    seen = {
        picture.pixelColor(x, y).name() for x in range(40) for y in range(40) if picture.pixelColor(x, y).alpha() == 255
    }
    assert seen == {theme.hexed("danger").lower()}


def test_an_icon_follows_the_scheme_without_being_set_again(qapp):
    made = icon("lock", "text")
    colours = []
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        dress(qapp, scheme=scheme)
        picture = made.pixmap(40, 40).toImage()
        colours.append(
            {
                picture.pixelColor(x, y).name()
                for x in range(40)
                for y in range(40)
                if picture.pixelColor(x, y).alpha() == 255
            }
        )
    assert colours == [{"#14201e"}, {"#e8efed"}]


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_an_icon_is_drawn_at_the_resolution_of_the_screen(qapp, ratio):
    del qapp
    picture = icon("menu", "text").pixmap(QSize(20, 20), ratio)
    assert (picture.width(), picture.devicePixelRatio()) == (round(20 * ratio), ratio)


def test_a_wrong_icon_fails_where_it_is_asked_for():
    with pytest.raises(FileNotFoundError):
        icon("unicorn")


@pytest.mark.parametrize(
    "made",
    [
        lambda: label(HOSTILE),
        lambda: paragraph(HOSTILE),
        lambda: Elided(HOSTILE),
        lambda: StateMark(State.DANGER, HOSTILE),
        lambda: Badge(State.DANGER, HOSTILE),
        lambda: Banner(State.DANGER, HOSTILE, HOSTILE, HOSTILE),
        lambda: Strip("clients", HOSTILE),
        lambda: Card(HOSTILE, icon="phone"),
    ],
)
def test_what_a_person_typed_is_never_read_as_markup(qtbot, made):
    widget = made()
    qtbot.addWidget(widget)
    labels = [widget] if isinstance(widget, QLabel) else widget.findChildren(QLabel)
    assert labels
    assert {each.textFormat() for each in labels} == {Qt.TextFormat.PlainText}


def test_a_tooltip_is_escaped():
    assert "<b>" not in plain_tip("<b>x</b>")


@pytest.mark.parametrize(
    ("made", "height"),
    [
        (lambda: button("Log try"), 32),
        (lambda: button("Log try", look="primary", icon="plus", key="F9"), 32),
        (lambda: button("Log try", look="row"), 28),
        (lambda: small("Log try"), 28),
        (QLineEdit, 32),
        (lambda: Badge(State.DONE, "Checked"), 20),
        (lambda: CountPill(3), 20),
        (lambda: Chips([Option("a", "Open")]).chip("a"), 28),
    ],
)
def test_controls_have_the_heights_of_the_design(page, made, height):
    widget = put(page, made())
    assert widget.sizeHint().height() == height


def test_a_button_is_as_wide_as_what_it_shows_in_the_weight_it_is_shown_in(page):
    plain, heavy = button("Refer here"), button("Refer here", look="primary")
    put(page, plain, heavy)
    assert heavy.sizeHint().width() >= plain.sizeHint().width()


def test_an_icon_button_has_a_name_and_a_tooltip(page):
    made = put(page, icon_button("lock", "Lock now", key="Ctrl+L"))
    assert (made.width(), made.height()) == (32, 32)
    assert made.accessibleName() == "Lock now"
    assert "Ctrl+L" in made.toolTip()


def rings(page):
    return [frame for frame in page.findChildren(QFocusFrame) if frame.isVisible()]


def test_one_ring_follows_the_focus_and_goes_with_it(page, qtbot):
    one, two = QLineEdit(), QPushButton("Go")
    put(page, one, two)
    for widget in (one, two, one):
        widget.setFocus()
        qtbot.waitUntil(widget.hasFocus)
        assert [frame.widget() for frame in rings(page)] == [widget]
    one.deleteLater()
    qtbot.waitUntil(lambda: not rings(page) or rings(page)[0].widget() is two)


def test_chips_say_what_is_chosen_in_order_and_clear_goes_back(page):
    chips = Chips(
        [Option("a", "Open", 41), Option("b", "Closed", 118), Option("c", "Waiting")], many=True, clearable=True
    )
    put(page, chips)
    chips.choose(["a"], as_start=True)
    told = []
    chips.changed.connect(lambda: told.append(chips.chosen()))
    chips.chip("c").click()
    chips.chip("b").click()
    chips.chip("a").click()
    chips.clear()
    assert told == [("a", "c"), ("a", "c", "b"), ("c", "b"), ("a",)]


def test_one_of_several_chips_excludes_the_others(page):
    chips = put(page, Chips([Option("a", "Open"), Option("b", "Closed")]))
    chips.chip("a").click()
    chips.chip("b").click()
    assert chips.chosen() == ("b",)
    chips.chip("b").click()
    assert chips.chosen() == ("b",)


def test_chips_wrap_and_none_is_cut(page):
    chips = put(page, Chips([Option(str(n), f"A rather long option {n}") for n in range(12)]))
    page.resize(420, 500)
    settle(page)
    boxes = [chips.chip(str(n)).geometry() for n in range(12)]
    assert all(chips.rect().contains(box) for box in boxes)
    assert not any(box.intersects(other) for place, box in enumerate(boxes) for other in boxes[place + 1 :])


def test_segments_choose_one(page):
    segments = put(page, Segments([Option("a", "Same day"), Option("b", "72 h"), Option("c", "Routine")]))
    told = []
    segments.changed.connect(lambda: told.append(segments.chosen()))
    QTest.mouseClick(segments._parts["b"], Qt.MouseButton.LeftButton)
    assert told == ["b"]
    segments.choose("c")
    assert (segments.chosen(), told) == ("c", ["b"])
    segments.choose("")
    assert segments.chosen() == ""


def test_the_search_field_types_at_once_goes_down_and_escapes_in_two_steps(page):
    field = put(page, SearchField("Name, phone"))
    told: list[str] = []
    field.typed.connect(told.append)
    field.down.connect(lambda: told.append("down"))
    field.left.connect(lambda: told.append("left"))
    QTest.keyClicks(field, "ab")
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert told == ["a", "ab", "down", "", "left"]


def test_a_message_stays_ten_seconds_or_while_it_is_used(page):
    bar = MessageBar(page)
    bar.say("The next step was moved to Friday.", undo=True)
    assert bar.isVisible()
    assert bar._timer.interval() == 10_000
    bar._undo.setFocus()
    bar._leave()
    assert bar.isVisible(), "it has the focus"
    page.setFocus()
    bar._undo.clearFocus()
    QTest.mouseMove(page, QPoint(5, 5))
    bar._leave()
    assert not bar.isVisible()


def test_undo_in_the_message_is_told_once_and_the_message_goes(page):
    bar = MessageBar(page)
    told = []
    bar.undo_asked.connect(lambda: told.append(True))
    bar.say("Moved.", undo=True)
    bar._undo.click()
    assert (told, bar.isVisible()) == ([True], False)
    bar.say("Printed.")
    assert not bar.can_undo


def test_a_message_lies_at_the_bottom_and_follows_the_page(page):
    bar = MessageBar(page)
    bar.say("Moved.")
    page.resize(700, 400)
    assert bar.geometry().bottom() == 400 - 16 - 1
    assert (bar.geometry().left(), bar.width()) == (24, 700 - 48)


def test_a_long_message_takes_as_many_lines_as_it_needs_and_none_is_cut(page):
    bar = MessageBar(page)
    bar.say("Moved.", undo=True)
    assert bar.height() == 40
    bar.say("The drive is the disk of the vault: if it fails, both are lost. " * 3, undo=True)
    assert bar.height() >= 60
    words = bar._words
    assert words.height() >= words.heightForWidth(words.width())
    assert bar.geometry().bottom() == page.height() - 16 - 1
    bar.say("Moved.")
    assert bar.height() == 40


def test_a_message_stands_above_the_acts_at_a_pages_foot(page):
    foot = QWidget(page)
    foot.setObjectName(FOOT)
    foot.resize(300, 56)
    foot.show()
    bar = MessageBar(page)
    bar.say("Moved.")
    assert bar.geometry().bottom() == page.height() - 56 - 16 - 1
    foot.resize(300, 80)
    assert bar.geometry().bottom() == page.height() - 80 - 16 - 1
    foot.hide()
    assert bar.geometry().bottom() == page.height() - 16 - 1


def test_a_card_over_the_window_keeps_the_focus_inside_and_gives_it_back(page, qtbot):
    behind = put(page, QLineEdit())
    behind.setFocus()
    qtbot.waitUntil(behind.hasFocus)
    card = QWidget()
    inner = QVBoxLayout(card)
    first, last = QLineEdit(), QPushButton("Save")
    inner.addWidget(first)
    inner.addWidget(last)
    card.setFocusProxy(first)
    closed = []
    overlay = Overlay(page, card, width=400, on_close=lambda: closed.append(True))
    assert page.focusWidget() is first
    for _step in range(5):
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        assert overlay.isAncestorOf(page.focusWidget())
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert closed == [True]
    overlay.end()
    assert page.focusWidget() is behind


def test_the_window_behind_a_card_is_dimmed(page):
    before = page.grab().toImage().pixelColor(5, 5)
    overlay = Overlay(page, QWidget(), width=300, on_close=lambda: None)
    after = page.grab().toImage().pixelColor(5, 5)
    assert after.lightness() < before.lightness() / 2
    overlay.end()


def test_a_card_shows_its_count_its_act_and_what_will_stand_there(page):
    card = put(page, Card("Waiting on agencies", icon="waiting", state=State.WAITING))
    done = []
    card.set_act("All", lambda: done.append(True)).click()
    card.set_count(6)
    card.set_empty("Referrals without an answer will stand here.")
    settle(page)
    shown = [each.text() for each in card.findChildren(QLabel) if each.isVisible()]
    assert {"Waiting on agencies", "6", "Referrals without an answer will stand here."} <= set(shown)
    card.set_count(0)
    card.set_empty("")
    shown = [each.text() for each in card.findChildren(QLabel) if each.isVisible()]
    assert "6" not in shown
    assert done == [True]


def test_a_banner_takes_two_lines_at_most(page):
    banner = put(
        page, Banner(State.DANGER, "Visit in pairs.", "Ex-partner hit an officer here. " * 20, "Review by Dec 15")
    )
    page.resize(420, 500)
    settle(page)
    assert banner.height() <= 2 * 20 + 14


def test_initials_stand_for_names_while_they_are_covered():
    cover = Cover()
    told = []
    cover.changed.connect(lambda: told.append(cover.is_on))
    assert cover.name("Maria Delgado") == "Maria Delgado"
    cover.turn(on=True)
    cover.turn(on=True)
    assert (cover.name("Maria Delgado"), told) == ("M. D.", [True])


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Maria Delgado", "M. D."),
        ("Łukasz", "Ł."),
        ("Nguyễn Văn An", "N. V. A."),
        ("O'Neil", "O."),
        ("Anna-Lena Berg", "A. L. B."),
        ("Unknown man, Elm Street bridge", "Unknown man"),
        ("?", ""),
        ("", ""),
    ],
)
def test_initials(name, short):
    assert initials(name) == short


def test_no_widget_flashes_up_as_a_window_of_its_own(qapp, qtbot):
    """A child that is shown before it has a parent is a window for a moment, and takes the focus from the real one."""
    before = set(qapp.topLevelWidgets())
    made = [Card("A", icon="phone"), Chips([Option("a", "A")], clearable=True), MessageBar(QWidget())]
    made += [link("x"), KeyCap("F9"), label("x", Role.TITLE)]
    for widget in made:
        qtbot.addWidget(widget)
    flashed = [widget for widget in set(qapp.topLevelWidgets()) - before if widget.isVisible()]
    assert flashed == []

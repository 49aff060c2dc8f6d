import re

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from crisisdesk.ui import theme
from crisisdesk.ui.dress import dress
from crisisdesk.ui.sheet import style_sheet
from crisisdesk.ui.tokens import TOKENS, Scheme, State, contrast

GROUNDS = ("surface", "window", "sunk", "accent_tint")
STATES = [state for state in State if state is not State.PLAIN]
SCHEMES = ("light", "dark")


def pick(token, scheme):
    return getattr(TOKENS[token], scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ink", ["text", "text2", "text3", "accent"])
def test_text_is_legible_on_every_ground(ink, scheme):
    assert all(contrast(pick(ink, scheme), pick(ground, scheme)) >= 4.5 for ground in GROUNDS)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", [*GROUNDS, "frame"])
def test_the_focus_ring_stands_out_on_every_ground(ground, scheme):
    assert contrast(pick("focus", scheme), pick(ground, scheme)) >= 3.0


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["surface", "window", "sunk"])
def test_the_border_of_a_control_stands_out(ground, scheme):
    assert contrast(pick("control", scheme), pick(ground, scheme)) >= 3.0


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("state", STATES)
def test_a_state_is_legible_on_the_page_on_its_tint_and_on_a_selected_row(state, scheme):
    grounds = ("surface", "window", state.tint, "accent_tint")
    assert all(contrast(pick(state.value, scheme), pick(ground, scheme)) >= 4.5 for ground in grounds)
    assert contrast(pick("text", scheme), pick(state.tint, scheme)) >= 11.6


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_words_on_a_primary_button_are_legible(scheme):
    for ground in ("accent", "accent_hi"):
        assert contrast(pick("on_accent", scheme), pick(ground, scheme)) >= 4.5


def test_the_ratios_are_those_that_the_design_names():
    named = {("text", "surface"): 16.7, ("text3", "accent_tint"): 4.7, ("control", "surface"): 3.6}
    for (ink, ground), ratio in named.items():
        assert contrast(TOKENS[ink].light, TOKENS[ground].light) == pytest.approx(ratio, abs=0.06)
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_every_state_has_an_icon_of_its_own_so_that_colour_is_never_alone():
    icons = [state.icon for state in State]
    assert len(icons) == len(set(icons))


def test_dark_and_light_change_every_open_widget_at_once(qapp, qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    dress(qapp, scheme=Scheme.DARK)
    qapp.processEvents()
    assert widget.palette().window().color().name().upper() == TOKENS["window"].dark
    dress(qapp, scheme=Scheme.LIGHT)
    assert widget.palette().window().color().name().upper() == TOKENS["window"].light


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_the_text_size_grows_fonts_and_sizes_together(qapp, percent):
    dress(qapp, scheme=Scheme.LIGHT, percent=percent)
    assert qapp.font().pointSizeF() == pytest.approx(10 * percent / 100, abs=0.1)
    assert theme.px(32) == round(32 * percent / 100)


def test_a_text_size_out_of_range_is_brought_into_it(qapp):
    dress(qapp, scheme=Scheme.LIGHT, percent=900)
    assert theme.factor() == 2.0


def test_the_sheet_has_no_colour_that_is_not_a_token():
    known = {token.light.upper() for token in TOKENS.values()}
    assert {found.upper() for found in re.findall(r"#[0-9A-Fa-f]{6}", style_sheet())} <= known


def test_figures_stand_in_columns_and_hyphens_stay_whole():
    tag = QFont.Tag("tnum")
    assert theme.font(text="10:30").isFeatureSet(tag)
    assert not theme.font(text="Quick call-out 2").isFeatureSet(tag)


def test_the_same_dress_again_touches_no_widget(qapp, qtbot):
    seen: list[QEvent.Type] = []

    class Watched(QWidget):
        def changeEvent(self, event):  # noqa: N802  Qt's name
            seen.append(event.type())

    watched = Watched()
    qtbot.addWidget(watched)
    watched.show()
    dress(qapp, scheme=Scheme.LIGHT)
    seen.clear()
    dress(qapp, scheme=Scheme.LIGHT)
    assert seen == []
    dress(qapp, scheme=Scheme.DARK)
    assert QEvent.Type.StyleChange in seen

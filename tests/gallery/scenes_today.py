"""Today, the window's own parts, and Clients."""

from collections.abc import Callable, Mapping
from functools import partial

from crisisdesk.desk.client_list import ClientFilter
from crisisdesk.ui import ask
from crisisdesk.ui.forms.steps import StepActs, TryDialog
from crisisdesk.ui.pages.clients import ClientsPage
from crisisdesk.ui.pages.today import TodayPage
from tests.gallery.stage import Stage


def _today(stage: Stage) -> TodayPage:
    stage.go("today")
    return stage.find(TodayPage)


def _step(stage: Stage) -> str:
    """Choose the first step of the list and return it."""
    page = _today(stage)
    page.list.setFocus()
    page.list.choose_first()
    stage.settle()
    return page.list.current_id()


def _step_dialog(stage: Stage, act: str) -> None:
    step = _step(stage)
    StepActs(stage.context, stage.window).do(act, step)


def _row_menu(stage: Stage) -> None:
    step = _step(stage)
    stage.find(TodayPage).list.acted.emit(step, "more")


def _done(stage: Stage) -> None:
    _step_dialog(stage, "done")


def _try_refused(stage: Stage) -> None:
    """Press "Log it" with nothing said, as a hurried hand does."""
    step = stage.context.desk.followups.facts(_step(stage))
    dialog = TryDialog(stage.context, step, step.client_id)
    dialog.check()
    ask.run(dialog)


def _menu(stage: Stage) -> None:
    stage.shell.top.menu_button.click()


def _new_menu(stage: Stage) -> None:
    menu = stage.shell.top.new.menu()
    button = stage.shell.top.new
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


def _palette(stage: Stage, text: str) -> None:
    stage.run("palette.open")
    field = stage.shell.top.field
    field.setText(text)
    field.typed.emit(text)
    stage.wait(50)


def _whole(stage: Stage) -> None:
    _today(stage)._act("", "all")
    stage.settle()


def _clients(stage: Stage, text: str = "", chosen: ClientFilter | None = None) -> None:
    stage.go("clients")
    page = stage.find(ClientsPage)
    if chosen is not None:
        page.chips.choose([chosen.value])
    page.field.setText(text)
    page.field.typed.emit(text)
    stage.settle()


def _confirm(stage: Stage) -> None:
    ask.confirm(
        stage.window,
        "Take out “County list”?",
        "1,876 services go. 2 that you have used, checked or edited stay as your own.",
        act="Take out",
        keep="Keep it",
        danger=True,
    )


SCENES: Mapping[str, Callable[[Stage], object]] = {
    "today": _today,
    "dialog-try": partial(_step_dialog, act="try"),
    "dialog-move": partial(_step_dialog, act="move"),
    "dialog-next-step": partial(_step_dialog, act="edit"),
    "dialog-question": _confirm,
    "menu": _menu,
    "palette": partial(_palette, text="del"),
    "clients": _clients,
}
DETAILS: Mapping[str, Callable[[Stage], object]] = {
    "today-row": _step,
    "today-row-menu": _row_menu,
    "today-done": _done,
    "today-all": _whole,
    "today-initials": lambda stage: stage.run("cover.initials"),
    "covered": lambda stage: stage.run("cover.show"),
    "dialog-try-refused": _try_refused,
    "dialog-drop": partial(_step_dialog, act="drop"),
    "dialog-sorry": lambda stage: stage.program.sorry("T-1A2B"),
    "menu-new": _new_menu,
    "palette-commands": partial(_palette, text="new"),
    "palette-nothing": partial(_palette, text="zzz"),
    "clients-found": partial(_clients, text="mar"),
    "clients-nobody": partial(_clients, text="zzz"),
    "clients-waiting": partial(_clients, chosen=ClientFilter.WAITING),
}
EMPTY_SCENES: Mapping[str, Callable[[Stage], object]] = {
    "today-empty": lambda stage: stage.go("today"),
    "clients-empty": lambda stage: stage.go("clients"),
}

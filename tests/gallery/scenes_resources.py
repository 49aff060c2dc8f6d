"""Resources, a service's forms, bringing in a list, and Settings."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from crisisdesk.ui.forms.service import ServiceForm
from crisisdesk.ui.pages.import_list import ImportCard
from crisisdesk.ui.pages.lists_card import ListsCard
from crisisdesk.ui.pages.resources import ResourcesPage
from tests.exchange.samples import tables_of, write_tables
from tests.gallery import town
from tests.gallery.directory import OHANA
from tests.gallery.stage import Stage


def _resources(stage: Stage, text: str = "") -> ResourcesPage:
    stage.go("resources")
    page = stage.find(ResourcesPage)
    page.field.setText(text)
    page.field.typed.emit(text)
    stage.settle()
    return page


def _run(stage: Stage, command: str) -> None:
    stage.go("resources")
    stage.run(command)


def _act(stage: Stage, act: str) -> None:
    service = town.service(stage.town)
    stage.go("resources", service)
    stage.find(ResourcesPage).card.act(service, act)
    stage.settle()


def _refused(stage: Stage) -> None:
    ServiceForm.open_card(stage.context)
    stage.find(ServiceForm).finish()
    stage.settle()


def _import(stage: Stage, path: Path) -> ImportCard:
    stage.go("resources")
    stage.run("directory.import")
    card = stage.find(ImportCard)
    card.read(path)
    stage.settle()
    return card


def _summary(stage: Stage) -> ImportCard:
    return _import(stage, write_tables(stage.home / "county", tables_of(OHANA)))


def _wrong_file(stage: Stage) -> None:
    path = stage.home / "list.json"
    path.write_bytes(b'{"services": [{"id": ')
    _import(stage, path)


def _brought_in(stage: Stage) -> None:
    _summary(stage).bring_in()
    stage.wait(100)


def _lists(stage: Stage) -> None:
    _brought_in(stage)
    stage.run("directory.lists")


def _take_out(stage: Stage) -> None:
    _lists(stage)
    stage.find(ListsCard)._take_out(stage.context.desk.directory.data_sets()[0])


SCENES: Mapping[str, Callable[[Stage], object]] = {
    "resources": _resources,
    "resources-read": partial(_act, act="read"),
    "form-service-new": partial(_run, command="service.new"),
    "form-service-edit": partial(_act, act="edit"),
    "form-private": partial(_act, act="private"),
    "dialog-check": partial(_act, act="check"),
    "import": partial(_run, command="directory.import"),
    "import-summary": _summary,
    "lists": _lists,
    "settings": lambda stage: stage.go("settings"),
    "dialog-take-out": _take_out,
}
DETAILS: Mapping[str, Callable[[Stage], object]] = {
    "resources-found": partial(_resources, text="a room for tonight"),
    "resources-nothing": partial(_resources, text="zzz"),
    "resources-more": partial(_act, act="more"),
    "form-service-refused": _refused,
    "dialog-service-aside": partial(_act, act="aside"),
    "import-refused": _wrong_file,
    "import-done": _brought_in,
}
EMPTY_SCENES: Mapping[str, Callable[[Stage], object]] = {
    "resources-empty": lambda stage: stage.go("resources"),
}

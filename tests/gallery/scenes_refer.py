"""Referrals and Refer."""

from collections.abc import Callable, Mapping

from crisisdesk.desk.referral_list import ReferralFilter, ReferralQuery
from crisisdesk.documents.preflight import Fix
from crisisdesk.records.choices import Need, ReferralState
from crisisdesk.ui import ask
from crisisdesk.ui.pages.refer import ReferPage
from crisisdesk.ui.pages.refer_dialogs import FileDialog
from crisisdesk.ui.pages.referrals import ReferralsPage
from tests.gallery import town
from tests.gallery.stage import Stage

_WORDS = ("unicycle", "cramp", "retinal", "quaking")


def _referral(stage: Stage, state: ReferralState) -> str:
    """Return a referral that stands so."""
    filters = (ReferralFilter.OPEN, ReferralFilter.CLOSED)
    pages = (stage.town.referral_list.read(ReferralQuery(filter=each)) for each in filters)
    return next(row.id for page in pages for group in page.groups for row in group.rows if row.state is state)


def _begin(stage: Stage, name: str = town.MARIA) -> ReferPage:
    """Open Refer for a client, with nothing said yet."""
    stage.go("refer", f"client:{town.client(stage.town, name)}")
    return stage.find(ReferPage)


def _filled(stage: Stage, name: str = town.MARIA, service: str = "Hope House") -> ReferPage:
    """Say what is needed and where, as far as it goes without a release."""
    page = _begin(stage, name)
    page.need.need.set_value(Need.PLACE_TO_LIVE)
    page.need.need.changed.emit()
    page.need.sentence.set_value("Needs a room of her own by December 1, for herself and a small dog.")
    page.where.choose(town.service(stage.town, service), told=True)
    page.keep()
    stage.settle()
    return page


def _blocked(stage: Stage) -> ReferPage:
    return _filled(stage, "Ruth Okafor")


def _anyway(stage: Stage) -> None:
    _blocked(stage)._fix(Fix.ANYWAY)


def _release(stage: Stage) -> None:
    _blocked(stage)._fix(Fix.RELEASE)


def _search(stage: Stage) -> None:
    page = _begin(stage)
    page.where.search()
    page.where.field.setText("food")
    page.where.field.typed.emit("food")
    stage.settle()


def _large(stage: Stage) -> None:
    _filled(stage)._show_large()


def _standing(stage: Stage) -> ReferPage:
    stage.go("refer", town.referral(stage.town))
    return stage.find(ReferPage)


def _happened(stage: Stage) -> None:
    _standing(stage)._stand("happened")


def _draft(stage: Stage) -> None:
    stage.go("refer", _referral(stage, ReferralState.DRAFT))


def _who(stage: Stage) -> None:
    stage.go("referrals")
    stage.run("referral.new")


def _file(stage: Stage) -> None:
    _standing(stage)
    ask.run(FileDialog(stage.window, _WORDS))


def _referrals(stage: Stage, argument: str = "") -> ReferralsPage:
    stage.go("referrals", argument)
    return stage.find(ReferralsPage)


def _row_menu(stage: Stage) -> None:
    page = _referrals(stage)
    page.table.acted.emit(page.table.current_id(), "more")


SCENES: Mapping[str, Callable[[Stage], object]] = {
    "referrals": _referrals,
    "refer": _filled,
    "refer-blocked": _blocked,
    "refer-large": _large,
    "refer-standing": _standing,
    "dialog-who": _who,
    "dialog-anyway": _anyway,
    "dialog-happened": _happened,
    "dialog-file": _file,
}
DETAILS: Mapping[str, Callable[[Stage], object]] = {
    "referrals-closed": lambda stage: _referrals(stage, ReferralFilter.CLOSED.value),
    "referrals-row-menu": _row_menu,
    "refer-new": _begin,
    "refer-search": _search,
    "refer-draft": _draft,
    "refer-release": _release,
}
EMPTY_SCENES: Mapping[str, Callable[[Stage], object]] = {
    "referrals-empty": lambda stage: stage.go("referrals"),
}

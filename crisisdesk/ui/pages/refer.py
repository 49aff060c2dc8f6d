"""Refer: what is needed, where, how, and the packet beside it; one page, each part skipped and come back to freely."""

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from crisisdesk.desk.matching import ClientFacts
from crisisdesk.desk.referrals import ReferralDraft
from crisisdesk.desk.when import short_day
from crisisdesk.desk.words import Tone, years_between
from crisisdesk.documents.gather import reply_by
from crisisdesk.documents.packet_number import grouped
from crisisdesk.documents.preflight import Fix, preflight
from crisisdesk.errors import DeskError, NotFound
from crisisdesk.i18n import _
from crisisdesk.records.choices import Audience, CheckHow, CheckResult, HandOff, ReferralState
from crisisdesk.ui import ask
from crisisdesk.ui.forms.steps import FollowUpDialog, StepActs
from crisisdesk.ui.page import Context, Page, PageHead
from crisisdesk.ui.pages.refer_dialogs import AnywayDialog, HappenedDialog, ReleaseDialog
from crisisdesk.ui.pages.refer_layout import PaperFoot, ReferLayout
from crisisdesk.ui.pages.refer_need import HowCard, NeedCard
from crisisdesk.ui.pages.refer_packet import PacketPane
from crisisdesk.ui.pages.refer_print import Outgoing, Order, make_papers, next_ask_day, order, usual_pages
from crisisdesk.ui.pages.refer_standing import Standing, badge_of
from crisisdesk.ui.pages.refer_where import WhereCard
from crisisdesk.ui.pages.refer_words import refer_words
from crisisdesk.ui.tokens import State
from crisisdesk.ui.widgets.buttons import button
from crisisdesk.ui.widgets.labels import label
from crisisdesk.ui.widgets.marks import Badge, StateMark
from crisisdesk.ui.widgets.pdf_preview import LargePreview, Pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crisisdesk.desk.chart import ChartHead
    from crisisdesk.desk.referrals import ReferralFacts
    from crisisdesk.documents.packet import PaperFor
    from crisisdesk.ui.jobs import Running
    from crisisdesk.vault.changes import Changes

_PAUSE = 700  # milliseconds after the last key; then the draft is kept and the pages are made anew

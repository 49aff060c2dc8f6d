"""What to know before going, and what worked last time."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, Identified, Settable, coded, ref, text_column
from crisisdesk.records.choices import FlagKind, Severity


class SafetyFlag(Identified, Settable, Base, kw_only=True, repr=False):
    """A warning on a chart. It ends by its review, never by being clicked away."""

    __tablename__ = "safety_flag"

    client_id: Mapped[str] = mapped_column(ref("client.id"), index=True)
    kind: Mapped[FlagKind] = coded(FlagKind)
    words: Mapped[str] = text_column()  # what the badge says, if not the kind's own words ("Dog in yard")
    severity: Mapped[Severity] = coded(Severity, default=Severity.CAUTION)
    reason: Mapped[str] = text_column()
    source: Mapped[str] = text_column()
    set_on: Mapped[date | None] = mapped_column(default=None)
    review_on: Mapped[date | None] = mapped_column(default=None)


class ResponsePlan(Identified, Base, kw_only=True, repr=False):
    """What helps and what makes it worse: the three lines at the head of a chart, and more behind them."""

    __tablename__ = "response_plan"

    client_id: Mapped[str] = mapped_column(ref("client.id"), unique=True)
    opens_with: Mapped[str] = text_column()
    avoid: Mapped[str] = text_column()
    ask_for: Mapped[str] = text_column()
    planned_on: Mapped[date | None] = mapped_column(default=None)
    reviewed_with_client: Mapped[bool] = mapped_column(default=False)

"""The practice's own settings, and what is half typed."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, Moment, text_column


class Setting(Base, kw_only=True, repr=False):
    """One setting of the practice (letterhead, reply days, pick-lists), as JSON text."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = text_column()


class Draft(Base, kw_only=True, repr=False):
    """A form as it was last typed; gone once the form is saved. Not in the journal, nor in the audit."""

    __tablename__ = "draft"
    __journaled__: ClassVar[bool] = False

    form: Mapped[str] = mapped_column(String(40), primary_key=True)  # "note", "client"
    ref: Mapped[str] = mapped_column(String(80), primary_key=True)  # what it is about: an id, or "" for a new one
    body: Mapped[str] = text_column()  # JSON
    at: Mapped[datetime] = mapped_column(Moment)


class NumberSeries(Base, kw_only=True, repr=False):
    """The last number given out of a series in a year: clients, encounters, referrals."""

    __tablename__ = "number_series"
    __journaled__: ClassVar[bool] = False  # an undone referral's number is not given out twice

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)

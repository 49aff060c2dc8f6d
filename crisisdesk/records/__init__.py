"""What a thing is: mapped dataclasses, coded choices and their rules. No session, no Qt."""

from crisisdesk.records import (  # every table is known once this package is
    attachments,
    clients,
    directory,
    disclosures,
    encounters,
    followups,
    keeping,
    lines,
    notes,
    practice,
    referrals,
    releases,
    safety,
)

__all__ = [
    "attachments",
    "clients",
    "directory",
    "disclosures",
    "encounters",
    "followups",
    "keeping",
    "lines",
    "notes",
    "practice",
    "referrals",
    "releases",
    "safety",
]

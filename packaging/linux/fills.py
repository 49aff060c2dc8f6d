"""Fills the templates of this folder: what the program is called and what is new in it, said in one place each."""

import os
import re
import textwrap
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import crisisdesk

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_GAP = re.compile(r"@([A-Z_]+)@")


def built_at() -> datetime:
    """Return the moment that files are dated, the same for the same sources; build.py gives it to every step."""
    return datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), tz=UTC)


def fill(name: str, **more: str) -> str:
    """Return a template with its gaps filled; one that nobody fills, or a value that has no gap, is a KeyError."""
    text = (HERE / name).read_text(encoding="utf-8")
    facts = {
        "NAME": crisisdesk.NAME,
        "APP_ID": crisisdesk.APP_ID,
        "PUBLISHER": crisisdesk.PUBLISHER,
        "SUMMARY": crisisdesk.SUMMARY,
        "VERSION": crisisdesk.__version__,
        "DATE": f"{built_at():%Y-%m-%d}",
        **more,
    }
    unasked = more.keys() - set(_GAP.findall(text))
    if unasked:
        raise KeyError(*sorted(unasked))
    return _GAP.sub(lambda gap: facts[gap[1]], text)


def news(changelog: str) -> list[str]:
    """Return what the newest part of the changelog tells the people who use CrisisDesk, a paragraph each."""
    newest = changelog.split("\n## ")[1]
    items = re.findall(r"(?ms)^- (.*?)(?=^- |^$|\Z)", newest)
    return [" ".join(item.split()).replace("`", "") for item in items if "dev.py" not in item]


def is_released(changelog: str) -> bool:
    """Say whether the newest part of the changelog is a version and not what is still to come."""
    return not changelog.split("\n## ")[1].startswith("[Unreleased]")


def metainfo() -> str:
    """Return what software centres show of the program."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    items = "\n".join(f"          <li>{escape(item, quote=False)}</li>" for item in news(changelog))
    return fill(
        "share/metainfo.xml",
        KIND="stable" if is_released(changelog) else "development",
        CHANGES=f"        <ul>\n{items}\n        </ul>",
    )


def changes() -> str:
    """Return the changelog in Debian's form."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    items = "\n".join(
        textwrap.fill(item, 80, initial_indent="  * ", subsequent_indent="    ") for item in news(changelog)
    )
    head = f"crisisdesk ({crisisdesk.__version__}) stable; urgency=medium"
    return f"{head}\n\n{items}\n\n -- {MAINTAINER}  {built_at():%a, %d %b %Y %T +0000}\n"


# Debian asks for an address, and this project has none to give: ".invalid" is what the standards keep for that.
MAINTAINER = f"{crisisdesk.PUBLISHER} <nobody@crisisdesk.invalid>"

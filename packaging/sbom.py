"""Write the list of parts that machines read: CycloneDX 1.6, with hashes, who needs whom, and answers to findings."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

import bundled
from bundled import IncompleteError
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.impact_analysis import ImpactAnalysisJustification, ImpactAnalysisState
from cyclonedx.model.vulnerability import BomTarget, Vulnerability, VulnerabilityAnalysis, VulnerabilitySource
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.markers import Marker

import crisisdesk

_LICENCES = LicenseFactory()
SYSTEMS = {"linux": "Linux x64", "win32": "Windows x64", "darwin": "macOS arm64"}


def built_at() -> datetime:
    """Return the moment that a build is dated with: the same sources give the same files."""
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if said is None:
        line = ["git", "log", "-1", "--format=%ct"]
        said = subprocess.run(line, cwd=bundled.ROOT, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  our own line
    return datetime.fromtimestamp(int(said), UTC)


# --- components ------------------------------------------------------------------------------------------------------


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _application() -> Component:
    return Component(
        name=crisisdesk.NAME,
        version=bundled.version(),
        type=ComponentType.APPLICATION,
        bom_ref=bundled.OURS,
        description=crisisdesk.SUMMARY,
        publisher=crisisdesk.PUBLISHER,
        supplier=OrganizationalEntity(name=crisisdesk.PUBLISHER),
        licenses=[_LICENCES.make_from_string("Apache-2.0")],
        purl=PackageURL("generic", None, bundled.OURS, bundled.version()),
        properties=[Property(name="crisisdesk:system", value=SYSTEMS.get(sys.platform, sys.platform))],
    )


def _distribution(name: str, entries: dict[str, bundled.Locked]) -> Component:
    version, entry = bundled.distributions()[name].version, entries.get(name)
    if entry is None or entry.version != version:
        raise IncompleteError(f"{name} {version} is installed, and requirements.lock doesn't name it: run dev.py once.")
    return Component(
        name=name,
        version=version,
        bom_ref=f"pypi/{name}",
        licenses=[_LICENCES.make_from_string(bundled.licence_of(name))],
        # One for each file of that version, whatever the system: pip took one of them, or would have refused.
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=content) for content in entry.hashes],
        purl=PackageURL("pypi", None, name, version),
    )


def _inside(part: bundled.Inside, kind: str) -> Component:
    slug = _slug(part.name) if kind == "generic" else part.name
    is_known = re.match(r"\d", part.version)
    return Component(
        name=part.name,
        version=part.version if is_known else None,
        bom_ref=f"{kind}/{part.within}/{slug}",
        licenses=[_LICENCES.make_from_string(part.licence)],
        purl=PackageURL(kind, None, slug, part.version if is_known else None),
        properties=[Property(name="crisisdesk:inside", value=part.within)],
    )


def _known(by_ref: dict[str, Component]) -> list[Vulnerability]:
    """Return what is known of the parts, and why it doesn't reach this program (VEX)."""
    answers = []
    for known in bundled.facts()["known"]:
        part = by_ref[f"generic/{known['within']}/{_slug(known['part'])}"]
        if part.version != known["version"]:
            raise IncompleteError(
                f"{known['part']} inside {known['within']} is {part.version} now, and licences.toml answers for "
                f"{known['version']}: read what is known of it, then change the entry."
            )
        answers += [_answer(part, each, known["why"]) for each in known["ids"]]
    return answers


def _answer(part: Component, finding: str, why: str) -> Vulnerability:
    return Vulnerability(
        bom_ref=f"{part.bom_ref.value}/{finding}",
        id=finding,
        source=VulnerabilitySource(name="NVD"),
        analysis=VulnerabilityAnalysis(
            state=ImpactAnalysisState.NOT_AFFECTED,
            justification=ImpactAnalysisJustification.CODE_NOT_REACHABLE,
            detail=why,
        ),
        affects=[BomTarget(ref=str(part.bom_ref.value))],
    )


# --- the whole -------------------------------------------------------------------------------------------------------


def _needs(components: dict[str, Component]) -> list[Dependency]:
    wants: dict[str, set[str]] = {ref: set() for ref in components}
    for name in (bundled.OURS, *bundled.distributions()):
        ref = name if name == bundled.OURS else f"pypi/{name}"
        wants[ref] = {f"pypi/{needed}" for needed in bundled.needs(name)}
    python = f"generic/{bundled.OURS}/python"
    for ref in components:
        kind, _, rest = ref.partition("/")
        owner = rest.partition("/")[0]
        if kind in {"generic", "cargo"}:
            holder = {bundled.OURS: bundled.OURS, bundled.PYTHON: python}.get(owner, f"pypi/{owner}")
            wants[holder].add(ref)
    return [
        Dependency(ref=BomRef(ref), dependencies=[Dependency(ref=BomRef(each)) for each in sorted(needed)])
        for ref, needed in wants.items()
    ]


def missing(said: str) -> list[str]:
    """Return a sentence for each distribution that requirements.lock says is needed, and that a list of parts lacks.

    It goes another way than ``make``: by what the lock says of who brought whom, not by what is installed.
    """
    entries = bundled.locked(bundled.LOCK.read_text(encoding="utf-8"))
    here = {name for name, entry in entries.items() if not entry.marker or Marker(entry.marker).evaluate()}
    wanted = set(bundled.needs(bundled.OURS))
    while True:
        brought = {name for name in here if wanted & set(entries[name].via)} - set(bundled.facts()["left_out"])
        if brought <= wanted:
            break
        wanted |= brought
    listed = {part["purl"] for part in json.loads(said)["components"] if "purl" in part}
    lacking = sorted(name for name in wanted if f"pkg:pypi/{name}@{entries[name].version}" not in listed)
    return [
        f"{name} {entries[name].version} is in requirements.lock, and not in the list of parts." for name in lacking
    ]


def make() -> str:
    """Return the list of parts of the program on this system, the same for the same sources."""
    entries = bundled.locked(bundled.LOCK.read_text(encoding="utf-8"))
    parts = [_distribution(name, entries) for name in bundled.distributions()]
    parts += [_inside(part, "generic") for part in bundled.inside()]
    parts += [_inside(part, "cargo") for part in bundled.crates()]
    by_ref = {str(part.bom_ref.value): part for part in parts}
    if len(by_ref) != len(parts):
        raise IncompleteError("Two parts in licences.toml have one name and one owner.")
    application = _application()
    bom = Bom(
        serial_number=UUID(int=0),
        metadata=BomMetaData(component=application, timestamp=built_at()),
        components=parts,
        vulnerabilities=_known(by_ref),
        dependencies=_needs({bundled.OURS: application} | by_ref),
    )
    bom.serial_number = uuid5(NAMESPACE_URL, JsonV1Dot6(bom).output_as_string())
    return JsonV1Dot6(bom).output_as_string(indent=2, allow_overwrite=True) + "\n"

"""Small made-up directories, as ``exchange`` hands them over."""

from dataclasses import replace
from typing import Any

from crisisdesk.records.incoming import (
    IncomingAddress,
    IncomingContact,
    IncomingDirectory,
    IncomingLanguage,
    IncomingLocation,
    IncomingOrganization,
    IncomingPhone,
    IncomingRequiredDocument,
    IncomingSchedule,
    IncomingService,
    IncomingServiceAtLocation,
    IncomingServiceTerm,
    IncomingTaxonomyTerm,
)

ROOMS, SHELTER, CLINIC = "1", "2", "3"  # what the publisher calls its services


def harlow(**changes: Any) -> IncomingDirectory:
    """Return the directory of a made-up town: two organizations, three services, all that hangs on them."""
    directory = IncomingDirectory(
        kind="HSDS 3.0 JSON",
        title="Harlow County",
        organizations=(
            IncomingOrganization(source_id="1", name="Hope House"),
            IncomingOrganization(source_id="2", name="Nguyễn Clinic"),
        ),
        services=(
            IncomingService(
                source_id=ROOMS,
                organization_id="1",
                name="Single rooms",
                description="A safe room for one adult.",
                status="active",
                status_given=True,
                payments="Medicaid",
                minimum_age=18,
                needs=("place_to_live",),
            ),
            IncomingService(
                source_id=SHELTER,
                organization_id="1",
                name="Shelter",
                description="A bed for the night.",
                needs=("bed_tonight", "safe_at_home"),
            ),
            IncomingService(
                source_id=CLINIC,
                organization_id="2",
                name="Walk-in clinic",
                description="A doctor without an appointment.",
                status="active",
                status_given=True,
                needs=("doctor_medicine",),
            ),
        ),
        locations=(
            IncomingLocation(source_id="1", organization_id="1", name="Cedar Street"),
            IncomingLocation(source_id="2", organization_id="2", name="Mill Street"),
        ),
        service_at_locations=(
            IncomingServiceAtLocation(source_id="1", service_id=ROOMS, location_id="1"),
            IncomingServiceAtLocation(source_id="2", service_id=SHELTER, location_id="1"),
            IncomingServiceAtLocation(source_id="3", service_id=CLINIC, location_id="2"),
        ),
        addresses=(
            IncomingAddress(source_id="1", location_id="1", address_1="41 Cedar Street", city="Harlow Falls"),
            IncomingAddress(source_id="2", location_id="2", address_1="7 Mill Street", city="Harlow Falls"),
        ),
        contacts=(IncomingContact(source_id="1", organization_id="1", name="Renee Aldous"),),
        phones=(
            IncomingPhone(source_id="1", service_id=ROOMS, contact_id="1", number="555-0171"),
            IncomingPhone(source_id="2", organization_id="2", number="555-0180"),
        ),
        schedules=(
            IncomingSchedule(
                source_id="1", service_id=ROOMS, freq="WEEKLY", byday="MO,TU", opens_at="09:00", closes_at="17:00"
            ),
        ),
        languages=(IncomingLanguage(source_id="1", service_id=ROOMS, name="Spanish"),),
        taxonomy_terms=(
            IncomingTaxonomyTerm(source_id="1", name="Housing"),
            IncomingTaxonomyTerm(source_id="2", name="Rooms", parent_id="1"),
            IncomingTaxonomyTerm(source_id="3", name="Health"),
        ),
        service_terms=(
            IncomingServiceTerm(service_id=ROOMS, term_id="2"),
            IncomingServiceTerm(service_id=CLINIC, term_id="3"),
        ),
        required_documents=(IncomingRequiredDocument(source_id="1", service_id=ROOMS, document="Any ID"),),
    )
    return replace(directory, **changes)


def another_publisher() -> IncomingDirectory:
    """Return a directory of somebody else, who counts from 1 as well."""
    return IncomingDirectory(
        kind="Ohana CSV",
        title="Other County",
        organizations=(IncomingOrganization(source_id="1", name="Juniper House"),),
        services=(IncomingService(source_id="1", organization_id="1", name="Night shelter"),),
    )


def with_service(directory: IncomingDirectory, source_id: str, **changes: Any) -> IncomingDirectory:
    """Return a directory in which one service says something else."""
    return replace(
        directory,
        services=tuple(replace(s, **changes) if s.source_id == source_id else s for s in directory.services),
    )


def without_service(directory: IncomingDirectory, source_id: str) -> IncomingDirectory:
    """Return a directory that has one service less, and nothing that hangs on it."""
    parts = ("service_at_locations", "phones", "schedules", "languages", "service_terms", "required_documents")
    left: dict[str, Any] = {
        name: tuple(r for r in getattr(directory, name) if r.service_id != source_id) for name in parts
    }
    return replace(directory, services=tuple(s for s in directory.services if s.source_id != source_id), **left)

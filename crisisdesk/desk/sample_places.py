"""The places of the practice data: organizations and their services, as the town's file tells of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from crisisdesk.desk.names import fold
from crisisdesk.records.choices import AddressType, CheckHow, Need, PhoneType, ServiceStatus
from crisisdesk.records.directory import (
    Address,
    Location,
    Organization,
    Phone,
    PrivateNotes,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceCheck,
    ServiceNeed,
)
from crisisdesk.vault.write import Write


class Places:
    """Builds the directory of the made-up town."""

    def __init__(self, s: Write, now: datetime, signature: str) -> None:
        self._s = s
        self._now = now
        self._signature = signature
        self._services: dict[str, Service] = {}

    def build(self, town: Mapping[str, Any]) -> dict[str, Service]:
        """Add all organizations and return their services by name."""
        self._city = town["town"]
        for spec in town["organizations"]:
            self._organization(spec)
        return self._services

    def _organization(self, spec: Mapping[str, Any]) -> None:
        organization = Organization(name=spec["name"], description=spec["description"])
        location = Location(
            organization_id=organization.id,
            name=spec["name"],
            transportation=spec["transportation"],
            is_private=spec["private_address"],
        )
        self._s.add_all((organization, location))
        self._s.add(
            Address(
                location_id=location.id,
                address_type=AddressType.PHYSICAL,
                address_1=spec["address"],
                city=self._city,
            )
        )
        for service in spec["services"]:
            self._service(organization, location, service)

    def _service(self, organization: Organization, location: Location, spec: Mapping[str, Any]) -> None:
        checked = spec.get("checked_days")
        ages = spec.get("ages", (None, None))
        service = Service(
            organization_id=organization.id,
            name=spec["name"],
            list_name=fold(spec["name"]),
            description=spec["description"],
            status=ServiceStatus(spec.get("status", "active")),
            application_process=spec["get_in"],
            fees_description=spec["cost"],
            insurance=spec["insurance"],
            eligibility_description=spec["eligibility"],
            minimum_age=ages[0],
            maximum_age=ages[1],
            documents=spec.get("bring", ""),
            what_happens=spec.get("happens", ""),
            say_this=spec.get("say", ""),
            languages=spec["languages"],
            checked_on=None if checked is None else (self._now - timedelta(days=checked)).date(),
        )
        self._s.add(service)
        self._services[spec["name"]] = service
        self._s.add(ServiceAtLocation(service_id=service.id, location_id=location.id))
        self._s.add_all(ServiceNeed(service_id=service.id, need=Need(need)) for need in spec["needs"])
        numbers = (("phone", PhoneType.VOICE, ""), ("intake", PhoneType.INTAKE, "intake"), ("fax", PhoneType.FAX, ""))
        self._s.add_all(
            Phone(service_id=service.id, position=i, number=spec[key], type=kind, description=words)
            for i, (key, kind, words) in enumerate(numbers)
            if spec.get(key)
        )
        self._s.add_all(
            Schedule(service_id=service.id, freq="WEEKLY", byday=days, opens_at=opens, closes_at=closes)
            for days, opens, closes in spec["hours"]
        )
        if checked is not None:
            self._s.add(
                ServiceCheck(
                    service_id=service.id,
                    checked_on=(self._now - timedelta(days=checked)).date(),
                    how=CheckHow.PHONE,
                    by=self._signature,
                )
            )
        if spec.get("private"):
            self._s.add(PrivateNotes(service_id=service.id, **spec["private"]))

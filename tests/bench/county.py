"""A made-up directory of any size in the layout that Ohana and iCarol write."""

from pathlib import Path

from tests.exchange.samples import Tables, write_tables

_SAYS = "OVERVIEW: A place for people who need one, with somebody at the desk. " * 8


def write_county(folder: Path, services: int) -> Path:
    """Write a directory with so many services, two fifths as many organizations, a place and hours each."""
    agencies = services * 2 // 5
    tables: Tables = {
        "organizations": [{"id": str(i), "name": f"Agency {i}", "description": _SAYS} for i in range(agencies)],
        "locations": [_location(i, agencies) for i in range(services)],
        "services": [_service(i) for i in range(services)],
        "addresses": [_address(i) for i in range(services)],
        "phones": [_phone(i, services, agencies) for i in range(services * 2)],
        "contacts": [{"id": str(i), "organization_id": str(i), "name": f"Person {i}"} for i in range(agencies)],
        "regular_schedules": [_hours(i) for i in range(services * 5)],
        "categories": [
            {"bom": "", "id": str(i), "name": f"Kind {i}", "taxonomy_id": f"{101 + i}", "type": "service"}
            for i in range(60)
        ],
    }
    return write_tables(folder, tables)


def _location(i: int, agencies: int) -> dict[str, str]:
    return {"id": str(i), "organization_id": str(i % agencies), "name": f"House {i}", "description": _SAYS}


def _service(i: int) -> dict[str, str]:
    return {
        "id": str(i),
        "location_id": str(i),
        "name": f"Help {i}",
        "description": _SAYS,
        "status": "active",
        "eligibility": "18 and older",
        "accepted_payments": "Medicaid, cash",
        "languages": "Spanish, English",
        "keywords": "warm, near the bus, any day",
        "taxonomy_ids": f"{101 + i % 60}",
    }


def _address(i: int) -> dict[str, str]:
    return {
        "id": str(i),
        "location_id": str(i),
        "address_1": f"{i} Elm Street",
        "city": "Harlow Falls",
        "country": "us",
    }


def _phone(i: int, services: int, agencies: int) -> dict[str, str]:
    service = i % services
    return {
        "id": str(i),
        "location_id": str(service),
        "organization_id": str(service % agencies),
        "service_id": str(service) if i < services else "",
        "number": f"555-01{i % 100:02d}",
        "number_type": "voice",
    }


def _hours(i: int) -> dict[str, str]:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    return {
        "id": str(i),
        "location_id": "",
        "service_id": str(i // 5),
        "weekday": days[i % 5],
        "opens_at": "9:00",
        "closes_at": "5:00 PM",
    }

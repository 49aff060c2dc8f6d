"""What each search document says, gathered from the records.

Each function takes ids and gives, for those that are there and not set aside, the id and the text of each column of
its FTS5 table.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from crisisdesk.records.clients import Client, ClientAddress, ClientName, ClientPhone, RelatedPerson
from crisisdesk.records.directory import (
    Address,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    ServiceTerm,
    TaxonomyTerm,
)
from crisisdesk.records.disclosures import Packet
from crisisdesk.records.encounters import Encounter
from crisisdesk.records.notes import Note
from crisisdesk.records.referrals import Referral
from crisisdesk.vault import spelling

Text = tuple[str, tuple[str, ...]]


def clients(connection: Connection, ids: Sequence[str]) -> Iterator[Text]:
    """Give each client's name, sound and other words."""
    named = _grouped(connection, select(ClientName.client_id, ClientName.name).where(ClientName.client_id.in_(ids)))
    around = _grouped(
        connection,
        select(ClientAddress.client_id, ClientAddress.address).where(ClientAddress.client_id.in_(ids)),
        select(RelatedPerson.client_id, RelatedPerson.name).where(
            RelatedPerson.client_id.in_(ids), RelatedPerson.set_aside_at.is_(None)
        ),
    )
    people = select(
        Client.id,
        Client.first_name,
        Client.middle_name,
        Client.last_name,
        Client.goes_by,
        Client.described_as,
        Client.email,
        Client.born_on,
    ).where(Client.id.in_(ids), Client.set_aside_at.is_(None))
    for who, first, middle, last, goes_by, described, email, born_on in connection.execute(people):
        called = (first, middle, last, goes_by, *named[who])
        words = [spelling.normal(word) for word in (*around[who], email, spelling.month_words(born_on))]
        plain = spelling.name_forms(around[who])
        yield (
            who,
            (spelling.name_forms((*called, described)), spelling.sounds(called), spelling.joined((*words, plain))),
        )


def numbers(connection: Connection, ids: Sequence[str]) -> Iterator[Text]:
    """Give each client's numbers."""
    phones = _grouped(
        connection,
        select(ClientPhone.client_id, ClientPhone.number).where(ClientPhone.client_id.in_(ids)),
        select(RelatedPerson.client_id, RelatedPerson.phone).where(
            RelatedPerson.client_id.in_(ids), RelatedPerson.set_aside_at.is_(None)
        ),
    )
    filed = _grouped(
        connection,
        *(
            select(Encounter.client_id, one).where(
                Encounter.client_id.in_(ids), Encounter.set_aside_at.is_(None), one != ""
            )
            for one in (Encounter.number, Encounter.incident_number, Encounter.report_number)
        ),
        select(Referral.client_id, Referral.number).where(Referral.client_id.in_(ids), Referral.set_aside_at.is_(None)),
        select(Packet.client_id, Packet.number).where(Packet.client_id.in_(ids)),
    )
    worded = _grouped(
        connection,
        select(ClientAddress.client_id, ClientAddress.address).where(ClientAddress.client_id.in_(ids)),
        select(ClientName.client_id, ClientName.name).where(ClientName.client_id.in_(ids)),
    )
    people = select(
        Client.id,
        Client.number,
        Client.born_on,
        Client.first_name,
        Client.middle_name,
        Client.last_name,
        Client.goes_by,
        Client.described_as,
    ).where(Client.id.in_(ids), Client.set_aside_at.is_(None))
    for who, number, born_on, *called in connection.execute(people):
        forms = (
            spelling.number_forms(number),
            spelling.date_forms(born_on),
            *map(spelling.phone_forms, phones[who]),
            *map(spelling.number_forms, filed[who]),
            *map(spelling.numbers_in, (*worded[who], *called)),
        )
        yield who, (spelling.joined(*forms),)


def services(connection: Connection, ids: Sequence[str]) -> Iterator[Text]:
    """Give each service's name, agency, other words and numbers."""
    others = _grouped(
        connection,
        select(ServiceTerm.service_id, TaxonomyTerm.name)
        .join(TaxonomyTerm, TaxonomyTerm.id == ServiceTerm.term_id)
        .where(ServiceTerm.service_id.in_(ids)),
        *(_at_locations(ids, one) for one in (Location.name, Location.alternate_name, Address.address_1, Address.city)),
    )
    for service_id, need in connection.execute(
        select(ServiceNeed.service_id, ServiceNeed.need).where(ServiceNeed.service_id.in_(ids))
    ):
        others[service_id].append(need.label)
    figures = _service_numbers(connection, ids)
    found = (
        select(
            Service.id,
            Service.name,
            Service.alternate_name,
            Organization.name,
            Organization.alternate_name,
            Service.description,
            Service.keywords,
            Service.eligibility_description,
            Service.languages,
        )
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.id.in_(ids), Service.set_aside_at.is_(None))
    )
    for service_id, name, short, agency, agency_short, *words in connection.execute(found):
        yield (
            service_id,
            (
                spelling.name_forms((name, short)),
                spelling.name_forms((agency, agency_short)),
                " ".join(map(spelling.normal, (*words, *others[service_id]))),
                spelling.joined(*map(spelling.phone_forms, figures[service_id])),
            ),
        )


def notes(connection: Connection, ids: Sequence[str]) -> Iterator[Text]:
    """Give each note's body."""
    found = select(Note.id, Note.body).where(Note.id.in_(ids), Note.set_aside_at.is_(None))
    for note_id, body in connection.execute(found):
        yield note_id, (spelling.normal(body),)


def _service_numbers(connection: Connection, ids: Sequence[str]) -> defaultdict[str, list[str]]:
    """Return the phones and postal codes of services: their own, their places' and their agencies'."""
    of_agency = (
        select(Service.id, Phone.number)
        .join(Phone, Phone.organization_id == Service.organization_id)
        .where(Service.id.in_(ids), Phone.service_id.is_(None), Phone.location_id.is_(None))
    )
    at_place = (
        select(ServiceAtLocation.service_id, Phone.number)
        .join(Phone, Phone.location_id == ServiceAtLocation.location_id)
        .where(ServiceAtLocation.service_id.in_(ids), Phone.service_id.is_(None))
    )
    own = select(Phone.service_id, Phone.number).where(Phone.service_id.in_(ids))
    return _grouped(connection, own, at_place, of_agency, _at_locations(ids, Address.postal_code))


def _at_locations(ids: Sequence[str], one: InstrumentedAttribute[str]) -> Select[str, str]:
    return (
        select(ServiceAtLocation.service_id, one)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .outerjoin(Address, Address.location_id == Location.id)
        .where(ServiceAtLocation.service_id.in_(ids), Location.set_aside_at.is_(None))
    )


def _grouped(connection: Connection, *pairs: Select[Any, str]) -> defaultdict[str, list[str]]:
    """Return the texts that selects of (id, text) give, by id; null and empty ones left out."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in pairs:
        for key, words in connection.execute(each):
            if words:
                found[key].append(words)
    return found

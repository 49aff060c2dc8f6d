"""Which everyday needs a service answers."""

import pytest

from crisisdesk.exchange.needs import Term, needs
from crisisdesk.exchange.needs_table import SITUATIONS, TERMS, UNSURE, WORDS
from crisisdesk.records.choices import Need
from tests.exchange.samples import good_tables, read, write_tables

ALL = {need.value for need in Need}


def of(*terms: str, name: str = "", description: str = "") -> tuple[str, ...]:
    """Return the needs of a service; a term may name those above it: "Residential Treatment < Mental Health"."""
    made = [Term(names=tuple(term.split(" < "))) for term in terms]
    return needs(made, names=(name,), description=description)


def test_every_code_is_a_need_and_every_need_has_words():
    named = {need for table in (TERMS, SITUATIONS, UNSURE) for needs_of in table.values() for need in needs_of}
    assert named <= ALL
    assert {word.need for word in WORDS} == ALL
    assert named == ALL


def test_titles_stand_in_one_table_only_and_are_lower_case():
    assert not TERMS.keys() & UNSURE.keys()
    assert all(title == title.lower().strip() for table in (TERMS, SITUATIONS, UNSURE) for title in table)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("Emergency Shelter", ("bed_tonight",)),
        ("Emergency Shelter < Emergency", ("bed_tonight",)),
        ("Short-Term Housing < Housing", ("place_to_live",)),
        ("Food Pantry < Food", ("food_clothes",)),
        ("Help Escape Violence < Immediate Safety", ("safe_at_home",)),
        ("Methadone < Opioid Use Disorders < Substance Use Disorder < Health", ("stop_using",)),
        ("(Level 3.3) Residential Treatment < Recovery Housing < Substance Use Disorder", ()),
        ("Outpatient mental health centers < Outpatient Treatment < Mental Health", ("someone_to_talk_to",)),
        ("Bus Passes < Help Pay for Transit < Transit", ("getting_around",)),
        ("Notary < Legal", ()),
        ("Guardianship < Advocacy & Legal Aid < Legal", ("legal_help",)),
        ("Health Education < Health", ()),
        ("Homeless Shelters", ("bed_tonight",)),  # of another taxonomy: by its words
        ("BH-1800.8500", ()),  # an opaque code
    ],
)
def test_a_category_means_its_need_or_that_of_the_nearest_above(term, expected):
    assert of(term) == expected


def test_a_category_that_publishers_put_on_much_counts_only_where_the_words_agree():
    assert of("Advocacy & Legal Aid < Legal", description="Works for better bus lines.") == ()
    assert of("Advocacy & Legal Aid < Legal", description="Gives legal advice to tenants.") == ("legal_help",)


def test_a_situation_names_people_and_seldom_a_need():
    homeless = Term(names=("Homeless", "Housing"), is_situation=True)
    survivors = Term(names=("Domestic Violence Survivors", "Survivors"), is_situation=True)
    assert needs([homeless], names=("",), description="") == ()
    assert needs([survivors], names=("",), description="") == ("safe_at_home",)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Westside Emergency Shelter", {"bed_tonight"}),
        ("Animal Rescue & Care Shelter", set()),
        ("Animal Control and Shelter", set()),
        ("Druid Heights Transitional Housing", {"place_to_live"}),
        ("Credit Counseling Service", {"money_benefits"}),
        ("Family Counseling Center", {"someone_to_talk_to"}),
        ("Legal Clinic", {"legal_help"}),
        ("Dental Clinic", {"doctor_medicine"}),
        ("Adult Medical Day Care", {"help_for_elder"}),
        ("Day Care Center", {"help_for_child"}),
        ("Narcotics Anonymous", {"stop_using"}),
        ("Meals on Wheels", {"food_clothes", "help_for_elder"}),
        ("Department of Motor Vehicles", {"getting_around"}),
        ("New Vision Baptist Church", set()),
        ("Code Blue at Monroe Middle School", set()),
        ("988 Suicide & Crisis Lifeline", {"someone_to_talk_to"}),
        ("Fair Housing Council", {"legal_help"}),
    ],
)
def test_a_name_says_what_it_says_and_no_more(name, expected):
    assert set(of(name=name)) == expected


def test_the_description_counts_only_where_nothing_else_does_and_not_its_paragraphs_for_donors():
    donations = "DONATIONS: In need of clothing for the free clothing closet.\n\nVOLUNTEERS: Drive for meals on wheels."
    assert of(description=f"OVERVIEW: Lends books.\n\n{donations}") == ()
    assert of(description="Provides free clothing and groceries.") == ("food_clothes",)
    assert of("Tax Preparation", description="Also provides free clothing.") == ("money_benefits",)


def test_a_directory_comes_in_with_its_needs(tmp_path):
    directory = read(write_tables(tmp_path, good_tables()))
    assert [service.needs for service in directory.services] == [
        ("bed_tonight",),
        ("food_clothes",),
        ("someone_to_talk_to",),
    ]

"""The search for leaks finds what it is to find: else the journey's silence would prove nothing."""

import sqlite3

import pytest

from tests.journeys.leaks import leaks, pairs_of

NAME = "Nguyễn O'Neil"


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
def test_a_plain_database_gives_everything_away(tmp_path, encoding):
    file = tmp_path / "plain.db"
    with sqlite3.connect(file) as plain:
        plain.execute(f"PRAGMA encoding = '{encoding}'")
        plain.execute("CREATE TABLE client (name TEXT)")
        plain.execute("INSERT INTO client VALUES (?)", (NAME,))
    plain.close()
    assert leaks(tmp_path, [NAME]) == [f"plain.db: {NAME}"]
    assert leaks(tmp_path, ["Łukasz"]) == []


def test_capitals_and_accents_hide_nothing(tmp_path):
    (tmp_path / "log.txt").write_text("opened the chart of NGUYEN O'NEIL", "utf-8")
    assert leaks(tmp_path, [NAME]) == [f"log.txt: {NAME}"]


def test_a_file_name_counts(tmp_path):
    (tmp_path / "Nguyễn O'Neil.pdf").touch()
    assert leaks(tmp_path, [NAME]) == [f"the name of Nguyễn O'Neil.pdf: {NAME}"]


def test_a_passphrase_is_looked_for_by_two_words():
    assert pairs_of("one two three") == ["one two", "two three"]

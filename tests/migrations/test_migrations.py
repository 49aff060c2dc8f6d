"""The revisions of the vault's tables, walked up and down on real encrypted files."""

import ast
import importlib
import pkgutil
import shutil

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import crisisdesk.records
import crisisdesk.vault.store
from crisisdesk.errors import VaultTooNew
from crisisdesk.paths import VaultPaths
from crisisdesk.records.base import Base
from crisisdesk.vault import upgrade
from crisisdesk.vault.connection import connect, create_database, make_engine
from crisisdesk.vault.store import Store
from tests.migrations import schemas
from tests.vault.fast import CODE, PASSPHRASE, create, unlock
from tests.vault.people import add_client

EVERY = range(1, upgrade.SCHEMA + 1)

INDEXES = ("fts_client", "fts_note", "fts_number", "fts_service")

HEADING = f"""
from alembic import op

revision = "{upgrade.SCHEMA + 1:04d}"
down_revision = "{upgrade.SCHEMA:04d}"

def upgrade():
"""
FAILING = """
    op.execute("CREATE TABLE half (id INTEGER PRIMARY KEY)")
    op.execute("UPDATE client SET last_name = 'Lost'")
    op.execute("DROP TABLE encounter")
    op.execute("CREATE TABLE half (id INTEGER PRIMARY KEY)")
"""
LOOSENING = """
    op.execute("DELETE FROM client")
"""


@pytest.fixture
def paths(tmp_path):
    """Make a vault without any tables of ours."""
    paths = VaultPaths(tmp_path / "vault")
    master = create(paths, PASSPHRASE, CODE)
    with create_database(paths, master) as connection:
        engine = make_engine(lambda: connection)
        upgrade.move(engine, 1)
        upgrade.move(engine, 0)
    return paths


@pytest.fixture
def engine(paths):
    connection = connect(paths, unlock(paths, PASSPHRASE), maintenance=True)
    engine = make_engine(lambda: connection)
    yield engine
    engine.dispose()


def _with_data_at(engine, schema):
    """Bring the tables to a revision, fill them, and return their rows."""
    upgrade.move(engine, schema)
    with engine.begin() as connection:
        schemas.fill(connection)
        return schemas.rows(connection)


def _read(engine, what, *more):
    with engine.connect() as connection:
        return what(connection, *more)


def _scripts():
    config = Config()
    config.set_main_option("script_location", str(upgrade.SCRIPTS))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def _with_one_more(folder, body):
    """Return a copy of the revisions with one more."""
    scripts = shutil.copytree(upgrade.SCRIPTS, folder / "migrations")
    (scripts / "versions" / "one_more.py").write_text(HEADING + body, "utf-8")
    return scripts


def _import_all_records():
    for module in pkgutil.iter_modules(crisisdesk.records.__path__):
        importlib.import_module(f"crisisdesk.records.{module.name}")


def test_revisions_are_numbered_one_after_the_other():
    revisions = [each.revision for each in _scripts().walk_revisions()]
    assert revisions == [f"{number:04d}" for number in reversed(EVERY)]


def test_revisions_import_nothing_of_ours():
    for path in (upgrade.SCRIPTS / "versions").glob("*.py"):
        imports = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
        assert {node.module for node in imports} <= {"alembic"}, path.name


def test_head_equals_the_models(engine):
    _import_all_records()
    upgrade.upgrade(engine)

    def ours(name, kind, _parents):
        return kind != "table" or (not name.startswith("fts_") and name != "alembic_version")

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        assert compare_metadata(context, Base.metadata) == []


def test_head_equals_the_models_to_the_last_column(engine):
    _import_all_records()
    upgrade.upgrade(engine)
    fresh = sqlalchemy.create_engine("sqlite://")
    Base.metadata.create_all(fresh)
    for table in _read(fresh, schemas.tables):
        assert _read(engine, schemas.facts, table) == _read(fresh, schemas.facts, table), table
    assert _read(engine, schemas.tables) == sorted({*_read(fresh, schemas.tables), *INDEXES})
    fresh.dispose()


@pytest.mark.parametrize("schema", EVERY)
def test_every_revision_goes_up(engine, schema):
    upgrade.move(engine, schema - 1)
    upgrade.move(engine, schema)
    assert upgrade.schema_of(engine) == schema


@pytest.mark.parametrize("schema", EVERY)
def test_every_revision_goes_up_with_data_of_the_one_before(engine, schema):
    before = _with_data_at(engine, schema - 1)
    upgrade.move(engine, schema)
    after = _read(engine, schemas.rows)
    for table in before.keys() & after.keys():
        assert len(after[table]) == len(before[table]), table


@pytest.mark.parametrize("schema", EVERY)
def test_every_revision_goes_down(engine, schema):
    upgrade.move(engine, schema)
    upgrade.move(engine, schema - 1)
    assert upgrade.schema_of(engine) == schema - 1


@pytest.mark.parametrize("schema", EVERY)
def test_every_revision_goes_down_with_data(engine, schema):
    before = _with_data_at(engine, schema)
    assert all(len(rows) == 1 for rows in before.values())
    upgrade.move(engine, schema - 1)
    after = _read(engine, schemas.rows)
    for table in before.keys() & after.keys():
        assert len(after[table]) == len(before[table]), table


@pytest.mark.parametrize("schema", EVERY)
def test_the_tables_are_the_same_after_up_and_down(engine, schema):
    upgrade.move(engine, schema - 1)
    before = _read(engine, schemas.statements)
    upgrade.move(engine, schema)
    upgrade.move(engine, schema - 1)
    assert _read(engine, schemas.statements) == before


def test_a_failed_upgrade_leaves_the_file_as_it_was(engine, tmp_path):
    before = _with_data_at(engine, upgrade.SCHEMA)
    made = _read(engine, schemas.statements)
    with pytest.raises(sqlalchemy.exc.OperationalError, match="half already exists"):
        upgrade.move(engine, upgrade.SCHEMA + 1, scripts=_with_one_more(tmp_path, FAILING))
    assert upgrade.schema_of(engine) == upgrade.SCHEMA
    assert _read(engine, schemas.statements) == made
    assert _read(engine, schemas.rows) == before
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_an_upgrade_that_leaves_rows_without_what_they_refer_to_is_refused(engine, tmp_path):
    before = _with_data_at(engine, upgrade.SCHEMA)
    with pytest.raises(RuntimeError, match="refer to nothing"):
        upgrade.move(engine, upgrade.SCHEMA + 1, scripts=_with_one_more(tmp_path, LOOSENING))
    assert _read(engine, schemas.rows) == before


def test_an_older_vault_is_brought_up_to_date_when_it_is_opened(paths, clock):
    store = Store.open(paths, unlock(paths, PASSPHRASE), clock)
    add_client(store)
    store.close()


def test_a_vault_of_a_newer_program_is_refused_and_left_alone(paths, engine, clock):
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 9999")
    engine.dispose()
    before = paths.database.read_bytes()
    with pytest.raises(VaultTooNew, match="newer CrisisDesk"):
        Store.open(paths, unlock(paths, PASSPHRASE), clock)
    assert paths.database.read_bytes() == before

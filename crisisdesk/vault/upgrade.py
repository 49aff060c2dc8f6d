"""Bring a vault's tables to the form that this program knows, by Alembic's revisions in ``migrations/versions``.

Revisions are numbered: "0001", "0002". The file's ``user_version`` is the number of the last one that was applied, so
that an up-to-date vault opens without loading Alembic, and one from a newer program is refused before anything is read.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine

from crisisdesk.vault.faults import too_new

SCHEMA = 2  # the newest revision's number
SCRIPTS = Path(__file__).with_name("migrations")


def upgrade(engine: Engine) -> None:
    """Bring the tables up to date, in one transaction: a failed upgrade leaves the file as it was.

    The connection must have no guard yet. Raises VaultTooNew.
    """
    found = schema_of(engine)
    refuse_newer(found)
    if found < SCHEMA:
        move(engine, SCHEMA)


def refuse_newer(schema: int) -> None:
    """Raise VaultTooNew if tables of that revision were made by a program newer than this one."""
    if schema > SCHEMA:
        raise too_new()


def schema_of(engine: Engine) -> int:
    """Return the number of the revision that a vault's tables have; 0 if it has none."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def move(engine: Engine, schema: int, *, scripts: Path = SCRIPTS) -> None:
    """Bring the tables to a revision, forth or back, in one transaction.

    Only tests go back, or bring scripts of their own.
    """
    if schema == schema_of(engine):
        return
    _set_foreign_keys(engine, on=False)  # a rebuilt table is gone for a moment
    try:
        with engine.begin() as connection:
            _migrate(connection, schema, scripts)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise RuntimeError("The upgrade left rows that refer to nothing.")
            connection.exec_driver_sql(f"PRAGMA user_version = {schema:d}")
    finally:
        _set_foreign_keys(engine, on=True)


def _migrate(connection: Connection, schema: int, scripts: Path) -> None:
    # Alembic takes a fifth of a second to load, and most starts need none of it.
    from alembic import command  # noqa: PLC0415  as above
    from alembic.config import Config  # noqa: PLC0415  as above

    found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if schema > found:
        command.upgrade(config, f"{schema:04d}")
    else:
        command.downgrade(config, f"{schema:04d}" if schema else "base")


def _set_foreign_keys(engine: Engine, *, on: bool) -> None:
    """Switch the checking of references. SQLite takes it only outside of a transaction, hence past SQLAlchemy."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
    finally:
        raw.close()

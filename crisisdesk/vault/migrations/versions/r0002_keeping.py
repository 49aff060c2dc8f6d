"""What keeps the vault safe: which key file is the present one, legal holds, what was purged, and where copies lie."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = {
    "vault_meta": """
    CREATE TABLE vault_meta (
        id INTEGER NOT NULL, min_app VARCHAR(20) NOT NULL, header_gen INTEGER NOT NULL,
        created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_vault_meta PRIMARY KEY (id)
    )
    """,
    "legal_hold": """
    CREATE TABLE legal_hold (
        client_id VARCHAR(36), reason VARCHAR DEFAULT '' NOT NULL, set_at VARCHAR(24) NOT NULL,
        lifted_at VARCHAR(24), lift_reason VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL,
        created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_legal_hold PRIMARY KEY (id),
        CONSTRAINT fk_legal_hold_client_id FOREIGN KEY(client_id) REFERENCES client (id)
        DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "tombstone": """
    CREATE TABLE tombstone (
        subject_id VARCHAR(36) NOT NULL, kind VARCHAR(40) NOT NULL, retention_class VARCHAR(40) NOT NULL,
        purged_at VARCHAR(24) NOT NULL, reason VARCHAR DEFAULT '' NOT NULL, "rows" INTEGER NOT NULL,
        certificate VARCHAR(12) DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        CONSTRAINT pk_tombstone PRIMARY KEY (id)
    )
    """,
    "medium": """
    CREATE TABLE medium (
        serial VARCHAR(80) DEFAULT '' NOT NULL, label VARCHAR DEFAULT '' NOT NULL,
        holder VARCHAR DEFAULT '' NOT NULL, last_seq INTEGER NOT NULL, last_backup_at VARCHAR(24),
        retired_at VARCHAR(24), note VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL,
        created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_medium PRIMARY KEY (id)
    )
    """,
}
_INDEXES = ("CREATE INDEX ix_legal_hold_client_id ON legal_hold (client_id)",)

# What a hold keeps, and how each row tells whose it is.
_HELD = {
    "client": "OLD.id",
    "encounter": "OLD.client_id",
    "note": "OLD.client_id",
    "referral": "OLD.client_id",
    "release": "OLD.client_id",
    "packet": "OLD.client_id",
    "disclosure": "OLD.client_id",
    "attachment": "OLD.client_id",
}


def upgrade() -> None:
    """Make it all."""
    for statement in (*_TABLES.values(), *_INDEXES):
        op.execute(statement)
    for table, whose in _HELD.items():
        op.execute(
            f"""
            CREATE TRIGGER {table}_is_held BEFORE DELETE ON {table}
            WHEN EXISTS (
                SELECT 1 FROM legal_hold
                WHERE lifted_at IS NULL AND (client_id IS NULL OR client_id = {whose})
            )
            BEGIN SELECT RAISE(ABORT, 'a legal hold keeps this record'); END
            """  # noqa: S608  our own names
        )


def downgrade() -> None:
    """Take it all away."""
    for table in _HELD:
        op.execute(f"DROP TRIGGER {table}_is_held")
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")

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
    "audit_key": """
    CREATE TABLE audit_key (
        until_seq INTEGER NOT NULL, key BLOB NOT NULL, CONSTRAINT pk_audit_key PRIMARY KEY (until_seq)
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
    "kept_row": """
    CREATE TABLE kept_row (
        id INTEGER NOT NULL, client_id VARCHAR(36) NOT NULL, table_name VARCHAR(40) NOT NULL,
        row_key VARCHAR NOT NULL, image VARCHAR NOT NULL, removed_at VARCHAR(24) NOT NULL,
        CONSTRAINT pk_kept_row PRIMARY KEY (id)
    )
    """,
}
_INDEXES = (
    "CREATE INDEX ix_legal_hold_client_id ON legal_hold (client_id)",
    "CREATE INDEX ix_kept_row_client_id ON kept_row (client_id)",
    "CREATE INDEX ix_kept_row_table_key ON kept_row (table_name, row_key)",
)
# The audit log, which was there before, is read by whom a line is about, by what it tells, and by when.
_AUDIT_INDEXES = {
    "ix_audit_object_id": "object_id",
    "ix_audit_kind": "kind",
    "ix_audit_at_utc_kind": "at_utc, kind",
}

# What a hold keeps: the column that leads to the client, and the client it leads to.
_HELD = {
    "client": ("id", "OLD.id"),
    **dict.fromkeys(
        (
            *("attachment", "attempt", "client_address", "client_name", "client_phone", "disclosure", "encounter"),
            *("followup", "kept_row", "note", "packet", "referral", "related_person", "release", "response_plan"),
            "safety_flag",
        ),
        ("client_id", "OLD.client_id"),
    ),
    "disposition": ("encounter_id", "(SELECT client_id FROM encounter WHERE id = OLD.encounter_id)"),
    "referral_event": ("referral_id", "(SELECT client_id FROM referral WHERE id = OLD.referral_id)"),
}
# Rows that a form takes out and writes anew as she corrects it: under a hold they go once "kept_row" has them.
_LISTS = frozenset({"client_address", "client_name", "client_phone", "disposition"})

_IS_HELD = """
    EXISTS (
        SELECT 1 FROM legal_hold AS hold
        WHERE hold.lifted_at IS NULL AND (hold.client_id IS NULL OR hold.client_id = {whose})
    )
"""
_IS_KEPT = "EXISTS (SELECT 1 FROM kept_row WHERE table_name = '{table}' AND row_key = OLD.id)"
_REFUSE = "BEGIN SELECT RAISE(ABORT, '{words}'); END"
_HOLD_WORDS = "a legal hold keeps this record"

# Whose an image in the journal is: a row's first image, in or out, names the client, or what belongs to the client.
_JOURNAL_IS_HELD = """
    EXISTS (
        SELECT 1 FROM legal_hold AS hold
        WHERE hold.lifted_at IS NULL AND (
            hold.client_id IS NULL
            OR (OLD.table_name = 'client' AND OLD.row_key = hold.client_id)
            OR EXISTS (
                SELECT 1 FROM (
                    SELECT coalesce(made.after, made.before) AS image FROM journal_row AS made
                    WHERE made.table_name = OLD.table_name AND made.row_key = OLD.row_key
                    AND (made.after IS NULL OR made.before IS NULL)
                )
                WHERE hold.client_id IN (
                    json_extract(image, '$.client_id'),
                    (SELECT client_id FROM encounter WHERE id = json_extract(image, '$.encounter_id')),
                    (SELECT client_id FROM referral WHERE id = json_extract(image, '$.referral_id'))
                )
            )
        )
    )
"""
_HOLD_STANDS = """
    OLD.lifted_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.client_id IS NOT OLD.client_id
    OR NEW.reason <> OLD.reason OR NEW.set_at <> OLD.set_at
    OR (NEW.lifted_at IS NOT NULL AND trim(NEW.lift_reason) = '')
"""


# What a signed note says. It may be set aside, which takes nothing away.
_SIGNED = "client_id, encounter_id, amends_id, kind, status, body, written_at, signed_at, signed_by, created_at"


def _only_growing() -> dict[str, str]:
    """Return what keeps INSERT OR REPLACE from doing what UPDATE may not, and a signed note as it was signed."""
    grows, written = "the audit log only grows", "the journal is not rewritten"
    signed = _REFUSE.format(words="a signed note is not changed")
    is_there = "EXISTS (SELECT 1 FROM {table} AS own WHERE own.id = NEW.id{more})"
    signed_is_there = is_there.format(table="note", more=" AND own.status = 'signed'")
    row_is_there = is_there.format(table="journal_row", more="")
    is_no_next = "NEW.seq <= (SELECT max(seq) FROM audit)"
    return {
        "audit_refuses_insert": f"BEFORE INSERT ON audit WHEN {is_no_next} {_REFUSE.format(words=grows)}",
        "note_signed_stays": f"BEFORE UPDATE OF {_SIGNED} ON note WHEN OLD.status = 'signed' {signed}",
        "note_signed_refuses_insert": f"BEFORE INSERT ON note WHEN {signed_is_there} {signed}",
        "journal_row_refuses_insert": (
            f"BEFORE INSERT ON journal_row WHEN {row_is_there} {_REFUSE.format(words=written)}"
        ),
        "journal_step_refuses_update": f"BEFORE UPDATE ON journal_step {_REFUSE.format(words=written)}",
    }


def _triggers() -> dict[str, str]:
    """Return what the file itself refuses, by the triggers' names."""
    made: dict[str, str] = {}
    hold = _REFUSE.format(words=_HOLD_WORDS)
    for table, (column, whose) in _HELD.items():
        is_held = _IS_HELD.format(whose=whose)
        is_kept = f" AND NOT {_IS_KEPT.format(table=table)}" if table in _LISTS else ""
        made[f"{table}_is_held"] = f"BEFORE DELETE ON {table} WHEN {is_held}{is_kept} {hold}"
        columns = sorted({"id", column})
        moves = " OR ".join(f"NEW.{each} IS NOT OLD.{each}" for each in columns)
        made[f"{table}_stays"] = f"BEFORE UPDATE OF {', '.join(columns)} ON {table} WHEN ({moves}) AND {is_held} {hold}"
    made["journal_row_is_held"] = f"BEFORE DELETE ON journal_row WHEN {_JOURNAL_IS_HELD} {hold}"
    lifted = _REFUSE.format(words="a legal hold is lifted with a reason")
    made["legal_hold_is_lifted"] = f"BEFORE DELETE ON legal_hold WHEN OLD.lifted_at IS NULL {lifted}"
    made["legal_hold_stands"] = f"BEFORE UPDATE ON legal_hold WHEN {_HOLD_STANDS} {lifted}"
    for table, words in (("journal_row", "the journal"), ("kept_row", "what was kept"), ("tombstone", "a tombstone")):
        refuse = _REFUSE.format(words=f"{words} is not rewritten")
        made[f"{table}_refuses_update"] = f"BEFORE UPDATE ON {table} {refuse}"
    made |= _only_growing()
    made["tombstone_refuses_delete"] = f"BEFORE DELETE ON tombstone {_REFUSE.format(words='a tombstone stays')}"
    return made


def upgrade() -> None:
    """Make it all."""
    for statement in (*_TABLES.values(), *_INDEXES):
        op.execute(statement)
    for name, columns in _AUDIT_INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON audit ({columns})")
    for name, what in _triggers().items():
        op.execute(f"CREATE TRIGGER {name} {what}")


def downgrade() -> None:
    """Take it all away."""
    for name in _triggers():
        op.execute(f"DROP TRIGGER {name}")
    for name in _AUDIT_INDEXES:
        op.execute(f"DROP INDEX {name}")
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")

# What CrisisDesk uses of sqlcipher3, which has no types of its own: the standard sqlite3 module, and a key.

import sqlite3
from typing import Final

SQLITE_OK: Final[int]
SQLITE_DENY: Final[int]

SQLITE_ALTER_TABLE: Final[int]
SQLITE_ATTACH: Final[int]
SQLITE_CREATE_TEMP_TRIGGER: Final[int]
SQLITE_CREATE_INDEX: Final[int]
SQLITE_CREATE_TABLE: Final[int]
SQLITE_CREATE_TEMP_INDEX: Final[int]
SQLITE_CREATE_TEMP_TABLE: Final[int]
SQLITE_CREATE_TEMP_VIEW: Final[int]
SQLITE_CREATE_VIEW: Final[int]
SQLITE_CREATE_VTABLE: Final[int]
SQLITE_CREATE_TRIGGER: Final[int]
SQLITE_DELETE: Final[int]
SQLITE_DETACH: Final[int]
SQLITE_DROP_INDEX: Final[int]
SQLITE_DROP_TABLE: Final[int]
SQLITE_DROP_TEMP_INDEX: Final[int]
SQLITE_DROP_TEMP_TABLE: Final[int]
SQLITE_DROP_TEMP_TRIGGER: Final[int]
SQLITE_DROP_TEMP_VIEW: Final[int]
SQLITE_DROP_TRIGGER: Final[int]
SQLITE_DROP_VIEW: Final[int]
SQLITE_DROP_VTABLE: Final[int]
SQLITE_FUNCTION: Final[int]
SQLITE_PRAGMA: Final[int]
SQLITE_UPDATE: Final[int]

SQLITE_BUSY: Final[int]
SQLITE_CANTOPEN: Final[int]
SQLITE_CORRUPT: Final[int]
SQLITE_FULL: Final[int]
SQLITE_IOERR: Final[int]
SQLITE_LOCKED: Final[int]
SQLITE_NOTADB: Final[int]
SQLITE_PERM: Final[int]
SQLITE_READONLY: Final[int]

# Errors of its own, not those of sqlite3: an "except sqlite3.Error" would miss them.
class Error(Exception):
    sqlite_errorcode: int
    sqlite_errorname: str

class DatabaseError(Error): ...
class IntegrityError(DatabaseError): ...
class OperationalError(DatabaseError): ...
class ProgrammingError(DatabaseError): ...

# At run time no subclass of sqlite3.Connection, but with all of its methods.
class Connection(sqlite3.Connection):
    def set_key(self, key: str | bytes | bytearray, /) -> None: ...

def connect(
    database: str,
    *,
    timeout: float = ...,
    isolation_level: str | None = ...,
    check_same_thread: bool = ...,
    cached_statements: int = ...,
    uri: bool = ...,
) -> Connection: ...

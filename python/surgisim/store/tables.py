"""The tables of a store. What they hold is described in ``docs/records.md``.

Times are text, ``2026-11-30T09:15:02Z``, which sorts as it should in every database; seeds are text
because they may be larger than a database's integers. The schema is made and changed by the
migrations alone; a test compares them with these.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

__all__ = [
    "PARTS_OF_SESSION",
    "audit",
    "file",
    "metadata",
    "metric",
    "mistake",
    "note",
    "overrule",
    "person",
    "rating",
    "score_line",
    "session",
    "site",
]

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

ID = String(32)
HASH = String(64)
TIME = String(20)


def _session_key() -> Column[int]:
    return Column("session", ForeignKey("session.number"), primary_key=True)


site = Table(
    "site",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("uid", ID, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("audit_count", Integer, nullable=False),
    Column("audit_hash", HASH, nullable=False),
    Column("audit_mac", HASH, nullable=False),
)
"""One row: which key the store belongs to, and the signed head of the audit log."""

person = Table(
    "person",
    metadata,
    Column("id", ID, primary_key=True),
    Column("role", String(16)),
    Column("login", HASH, unique=True),
    Column("passphrase", String(200)),
    Column("data_key", LargeBinary, nullable=False),
    Column("since", TIME, nullable=False),
)
"""Pseudonyms: role, how they sign in, and their own key, sealed with the site key."""

session = Table(
    "session",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("uid", ID, nullable=False, unique=True),
    Column("person", ForeignKey("person.id"), index=True),
    Column("player", String(200), nullable=False),
    Column("procedure", String(200), nullable=False, index=True),
    Column("version", String(64)),
    Column("seed", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("begun_at", TIME, nullable=False),
    Column("ended_at", TIME),
    Column("outcome", String(16)),
    Column("completed", Boolean),
    Column("passed", Boolean),
    Column("score", Double),
    Column("pass_mark", Double),
    Column("duration_s", Double),
    Column("damaged", Text),
    Column("failed_by", Text),
    sqlite_autoincrement=True,  # a number is never given twice, also after an erasure
)
"""A session: ``state`` is ``begun``, then ``ended``; what only the end tells is NULL before."""

metric = Table(
    "metric",
    metadata,
    _session_key(),
    Column("name", String(200), primary_key=True),
    Column("value", Double),
    Column("unit", String(32), nullable=False),
)

score_line = Table(
    "score_line",
    metadata,
    _session_key(),
    Column("position", Integer, primary_key=True),
    Column("id", String(200), nullable=False),
    Column("title", Text, nullable=False),
    Column("value", Double),
    Column("unit", String(32), nullable=False),
    Column("points", Double, nullable=False),
    Column("out_of", Double, nullable=False),
    Column("moment_s", Double),
    Column("text", Text, nullable=False),
    Column("until_s", Double),
)

mistake = Table(
    "mistake",
    metadata,
    _session_key(),
    Column("position", Integer, primary_key=True),
    Column("id", String(200), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("time_s", Double, nullable=False),
    Column("text", Text, nullable=False),
)

file = Table(
    "file",
    metadata,
    _session_key(),
    Column("name", String(200), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("sha256", HASH, nullable=False),
    Column("sealed_sha256", HASH, nullable=False),
)
"""A session's files: size and hash of what was taken in, and the hash of what lies on the disk."""

overrule = Table(
    "overrule",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("session", ForeignKey("session.number"), nullable=False, index=True),
    Column("line", String(200), nullable=False),
    Column("points", Double),
    Column("passed", Boolean),
    Column("reason", LargeBinary, nullable=False),
    Column("by", ForeignKey("person.id")),
    Column("at", TIME, nullable=False),
    sqlite_autoincrement=True,
)
"""What a person said of a line or a verdict; the reason is sealed, and ``by`` NULL once erased."""

note = Table(
    "note",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("person", ForeignKey("person.id"), nullable=False, index=True),
    Column("text", LargeBinary, nullable=False),
    Column("by", ForeignKey("person.id")),
    Column("at", TIME, nullable=False),
    sqlite_autoincrement=True,
)
"""What was written down about a person, sealed."""

rating = Table(
    "rating",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("session", ForeignKey("session.number"), nullable=False, index=True),
    Column("scale", String(40), nullable=False),
    Column("rater", String(40), nullable=False),
    Column("blinded", Boolean, nullable=False),
    Column("seen", String(8), nullable=False),
    Column("scores", Text, nullable=False),
    Column("by", ForeignKey("person.id")),
    Column("at", TIME, nullable=False),
    sqlite_autoincrement=True,
)
"""What a person gave a session on a scale: ``scores`` as JSON, ``by`` NULL once they are erased."""

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("line", Text, nullable=False),
)

PARTS_OF_SESSION = (metric, score_line, mistake, file, overrule, rating)

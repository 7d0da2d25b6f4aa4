"""People by their pseudonyms, sessions with their results and files, and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID, _HASH, _TIME = sa.String(32), sa.String(64), sa.String(20)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "site",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("uid", _ID, nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("audit_count", sa.Integer, nullable=False),
        sa.Column("audit_hash", _HASH, nullable=False),
        sa.Column("audit_mac", _HASH, nullable=False),
    )
    op.create_table(
        "person",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("role", sa.String(16)),
        sa.Column("login", _HASH, unique=True),
        sa.Column("passphrase", sa.String(200)),
        sa.Column("data_key", sa.LargeBinary, nullable=False),
        sa.Column("since", _TIME, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("line", sa.Text, nullable=False),
    )
    _sessions()
    _parts_of_sessions()


def _sessions() -> None:
    op.create_table(
        "session",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("uid", _ID, nullable=False, unique=True),
        sa.Column("person", _ID, sa.ForeignKey("person.id"), index=True),
        sa.Column("player", sa.String(200), nullable=False),
        sa.Column("procedure", sa.String(200), nullable=False, index=True),
        sa.Column("version", sa.String(64)),
        sa.Column("seed", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("begun_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.Column("outcome", sa.String(16)),
        sa.Column("completed", sa.Boolean),
        sa.Column("passed", sa.Boolean),
        sa.Column("score", sa.Double),
        sa.Column("pass_mark", sa.Double),
        sa.Column("duration_s", sa.Double),
        sa.Column("damaged", sa.Text),
        sqlite_autoincrement=True,
    )


def _parts_of_sessions() -> None:
    def key() -> sa.Column[int]:
        return sa.Column("session", sa.Integer, sa.ForeignKey("session.number"), primary_key=True)

    op.create_table(
        "metric",
        key(),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("value", sa.Double),
        sa.Column("unit", sa.String(32), nullable=False),
    )
    op.create_table(
        "score_line",
        key(),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("value", sa.Double),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("points", sa.Double, nullable=False),
        sa.Column("out_of", sa.Double, nullable=False),
        sa.Column("moment_s", sa.Double),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "mistake",
        key(),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("time_s", sa.Double, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "file",
        key(),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", _HASH, nullable=False),
        sa.Column("sealed_sha256", _HASH, nullable=False),
    )

"""What persons say, scores overruled and notes about people; lines of intervals, not moments."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID, _TIME = sa.String(32), sa.String(20)


def upgrade() -> None:
    """Make the tables, and room for what failed a session and for the end of a line's interval."""
    op.add_column("session", sa.Column("failed_by", sa.Text))
    op.add_column("score_line", sa.Column("until_s", sa.Double))
    op.create_table(
        "overrule",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("session", sa.Integer, sa.ForeignKey("session.number"), nullable=False,
                  index=True),
        sa.Column("line", sa.String(200), nullable=False),
        sa.Column("points", sa.Double),
        sa.Column("passed", sa.Boolean),
        sa.Column("reason", sa.LargeBinary, nullable=False),
        sa.Column("by", _ID, sa.ForeignKey("person.id")),
        sa.Column("at", _TIME, nullable=False),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "note",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("person", _ID, sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("by", _ID, sa.ForeignKey("person.id")),
        sa.Column("at", _TIME, nullable=False),
        sqlite_autoincrement=True,
    )

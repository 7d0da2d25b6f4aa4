"""What persons gave a session on rating scales."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID, _TIME = sa.String(32), sa.String(20)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "rating",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("session", sa.Integer, sa.ForeignKey("session.number"), nullable=False,
                  index=True),
        sa.Column("scale", sa.String(40), nullable=False),
        sa.Column("rater", sa.String(40), nullable=False),
        sa.Column("blinded", sa.Boolean, nullable=False),
        sa.Column("seen", sa.String(8), nullable=False),
        sa.Column("scores", sa.Text, nullable=False),
        sa.Column("by", _ID, sa.ForeignKey("person.id")),
        sa.Column("at", _TIME, nullable=False),
        sqlite_autoincrement=True,
    )  # fmt: skip

"""Decision records, the tools they name, and signatures."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("begins", sa.String(40), nullable=False),
        sa.Column("ends", sa.String(40), nullable=False),
        sa.Column("review", sa.String(40), nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("stored", sa.String(32), nullable=False),
    )
    op.create_index("decisions_by_review", "decisions", ["review"])
    op.create_table(
        "decision_tools",
        sa.Column("decision", sa.String(64), sa.ForeignKey("decisions.id"), primary_key=True),
        sa.Column("tool", sa.String, primary_key=True),
    )
    op.create_table(
        "decision_signatures",
        sa.Column("decision", sa.String(64), sa.ForeignKey("decisions.id"), primary_key=True),
        sa.Column("person", sa.String, primary_key=True),
        sa.Column("key", sa.String(16), primary_key=True),
        sa.Column("at", sa.String(32), primary_key=True),
        sa.Column("value", sa.String(128), primary_key=True),
    )

"""The tables, the same for SQLite and PostgreSQL. ``migrations`` makes them; this is what queries are written with."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, MetaData, String, Table

metadata: Final = MetaData()

decisions: Final = Table(
    "decisions",
    metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of the document
    Column("document", LargeBinary, nullable=False),  # canonical bytes without signatures: their digest is signed
    Column("kind", String(16), nullable=False),
    Column("owner", String, nullable=False),
    Column("begins", String(40), nullable=False),  # as written in the record
    Column("ends", String(40), nullable=False),
    Column("review", String(40), nullable=False),
    Column("created", String(40), nullable=False),
    Column("stored", String(32), nullable=False),  # when it came into the database, UTC
    Index("decisions_by_review", "review"),
)
"""A row never changes once it is there."""

tools: Final = Table(
    "decision_tools",
    metadata,
    Column("decision", String(64), ForeignKey("decisions.id"), primary_key=True),
    Column("tool", String, primary_key=True),
)
"""Which tools a record names; none for a record about all."""

signatures: Final = Table(
    "decision_signatures",
    metadata,
    Column("decision", String(64), ForeignKey("decisions.id"), primary_key=True),
    Column("person", String, primary_key=True),
    Column("key", String(16), primary_key=True),
    Column("at", String(32), primary_key=True),
    Column("value", String(128), primary_key=True),  # a made-up signature keeps no good one out
)
"""Signatures are added and never taken away."""

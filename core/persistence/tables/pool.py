"""How many people of the pool there are of each kind, by month: what its charts are added up from.

`ledger.settle` counts each change in the same transaction (see `core/persistence/tallies.py`), by what stands settled
in the candidate's row; people who were merged away or erased are in none of it.
"""

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.facts import Unit
from core.domain.pool import Became
from core.persistence.tables.base import Table, one_of


class SilenceTally(Table):
    """By the months of the first meeting and of the last word either way (see `core.domain.pool.month_of`)."""

    __tablename__ = "silence_tally"
    __table_args__ = (CheckConstraint("number >= 0", name="is_a_count"), {"sqlite_with_rowid": False})

    owner_id: Mapped[int] = mapped_column(primary_key=True)
    """0: nobody's; TEAM: everybody's."""
    met_month: Mapped[int] = mapped_column(primary_key=True)
    last_month: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class SourceTally(Table):
    """By where they came from, what became of them, and the month of the last word."""

    __tablename__ = "source_tally"
    __table_args__ = (CheckConstraint("number >= 0", name="is_a_count"), {"sqlite_with_rowid": False})

    owner_id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(200), primary_key=True)
    became: Mapped[Became] = mapped_column(one_of(Became, "became"), primary_key=True)
    last_month: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class RhythmTally(Table):
    """By rhythm, and the day by which the next word is due to keep it; NEVER where none is owed at present."""

    __tablename__ = "rhythm_tally"
    __table_args__ = (CheckConstraint("number >= 0", name="is_a_count"), {"sqlite_with_rowid": False})

    owner_id: Mapped[int] = mapped_column(primary_key=True)
    rhythm_unit: Mapped[Unit] = mapped_column(one_of(Unit, "rhythm_unit"), primary_key=True)
    rhythm_count: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int]

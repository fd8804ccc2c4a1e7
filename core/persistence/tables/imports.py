"""Lists that were brought in: the batch, every row of it as it came, and how people said its columns are read."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.persistence.tables.base import PERSONAL, Json, Moment, Table, one_of


class RowOutcome(StrEnum):
    NEW = "new"
    ADDS = "adds"
    """Adds something to somebody known."""
    EXACT = "exact"
    """Known whole: nothing new."""
    LIKELY = "likely"
    REJECTED = "rejected"


class ImportBatch(Table):
    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(255), info=PERSONAL)
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(200), default="", info=PERSONAL)
    basis: Mapped[str] = mapped_column(String(30), default="")
    """On what ground its people are kept on record, as whoever imported said."""
    consent_until: Mapped[date | None]
    """Where that is their consent: its last day."""
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    imported_at: Mapped[datetime] = mapped_column(Moment, index=True)
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    counts: Mapped[dict[str, Any]] = mapped_column(Json)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class ImportRow(Table):
    """A row of a list, as it came. The database looks up neither the list nor whom it told of, of which there are as
    many as rows: `check` does."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_batch", "batch_id", "line"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int]
    line: Mapped[int]
    record: Mapped[int]
    outcome: Mapped[RowOutcome] = mapped_column(one_of(RowOutcome, "row_outcome"))
    reason: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    candidate_id: Mapped[int | None] = mapped_column(index=True)
    """Whom it made or added to; for a likely duplicate, whom it may be."""
    cells: Mapped[list[str]] = mapped_column(Json, info=PERSONAL)
    """As they stood in the file, under the headers of the batch's `counts`; none where a row names several people."""
    filled: Mapped[dict[str, Any] | None] = mapped_column(Json, info=PERSONAL)
    """Columns of somebody known that this row filled or put right: what stood there before, and after; for undo."""


class ImportMapping(Table):
    """How somebody read a list where Perennial by itself would have read it otherwise: for the next one like it."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("source_key", "header_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(200))
    source_key: Mapped[str] = mapped_column(String(200))
    header_key: Mapped[str] = mapped_column(String(64), index=True)
    fields: Mapped[list[Any]] = mapped_column(Json)
    """Header, which of those that read alike, and the field it was given; None: kept with the row."""
    date_orders: Mapped[dict[str, str]] = mapped_column(Json)
    kept_at: Mapped[datetime] = mapped_column(Moment)
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

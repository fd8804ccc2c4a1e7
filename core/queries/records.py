"""Whose rows a read of one person means: one record's, so that a range of an index is in order, or several's."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.orm import Session

from core.persistence.facts import merged_records
from core.persistence.tables import Fact


class Records(NamedTuple):
    """One record alone, or also those merged into it."""

    alone: bool
    parameters: dict[str, Any]
    ids: list[int]


def records_meant(session: Session, candidate_id: int) -> Records:
    records = list(merged_records(session, [candidate_id]))
    alone = len(records) == 1
    return Records(alone, {"records": records[0] if alone else records}, records)


def of(column: Any, *, alone: bool) -> ColumnElement[bool]:
    theirs: ColumnElement[bool] = column == bindparam("records")
    return theirs if alone else column.in_(bindparam("records", expanding=True))


def theirs(*, alone: bool) -> tuple[ColumnElement[bool], ...]:
    return of(Fact.__table__.c.candidate_id, alone=alone), Fact.__table__.c.undone_at.is_(None)

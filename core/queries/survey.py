"""How candidates score us, when they have been told how it ended: of a person, and all together, by outcome."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.facts import Result
from core.domain.own_page import net_score
from core.domain.percentiles import FEWEST
from core.persistence.facts import merged_records
from core.persistence.tables import Candidate, Opening, Process, SurveyAnswer
from core.queries.insights import InsightFilters
from core.queries.page import Page

PROCESS = Process.__table__
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Scored:
    """How one who was in an opening scored us."""

    process_id: int
    candidate_id: int
    """As the process was started."""
    name: str
    opening: str
    at: datetime
    result: Result
    score: int
    words: str


def scores_of(session: Session, candidate_id: int) -> dict[int, Scored]:
    """A person's, by the process."""
    records = list(merged_records(session, [candidate_id]))
    rows = session.execute(_SCORED.where(SurveyAnswer.candidate_id.in_(records)))
    return {row.process_id: Scored(*row) for row in rows}


_SCORED: Query = (
    select(
        SurveyAnswer.process_id,
        SurveyAnswer.candidate_id,
        Candidate.name,
        Opening.title,
        SurveyAnswer.at,
        SurveyAnswer.result,
        SurveyAnswer.score,
        SurveyAnswer.words,
    )
    .join(Candidate, Candidate.id == SurveyAnswer.candidate_id)
    .join(PROCESS, PROCESS.c.id == SurveyAnswer.process_id)
    .join(Opening, Opening.id == PROCESS.c.opening_id)
)


@dataclass(frozen=True, slots=True)
class NetScore:
    """cNPS of those who were told one outcome, or of all of them."""

    n: int
    net: int | None
    """None: they are too few to say."""


def net_scores(
    session: Session, filters: InsightFilters, *, calendar: Calendar
) -> tuple[NetScore, dict[Result, NetScore]]:
    """By the outcome they had been told, and all together; of the months in which they scored us."""
    query = _narrowed(
        select(SurveyAnswer.result, SurveyAnswer.score, func.count()).group_by(SurveyAnswer.result, SurveyAnswer.score),
        filters,
        calendar,
        is_joined=False,
    )
    by_result: dict[Result, Counter[int]] = {}
    for result, score, number in session.execute(query):
        by_result.setdefault(result, Counter())[score] += number
    together = sum(by_result.values(), Counter[int]())
    return _net(together), {result: _net(by_result[result]) for result in Result if result in by_result}


def scored(session: Session, filters: InsightFilters, *, calendar: Calendar, page: Page) -> list[Scored]:
    """What is behind it, the latest first."""
    query = _narrowed(_SCORED, filters, calendar, is_joined=True).order_by(
        SurveyAnswer.at.desc(), SurveyAnswer.id.desc()
    )
    return [Scored(*row) for row in session.execute(page.cut(query))]


def _net(scores: Counter[int]) -> NetScore:
    n = scores.total()
    return NetScore(n, net_score(scores) if n >= FEWEST else None)


def _narrowed(query: Query, filters: InsightFilters, calendar: Calendar, *, is_joined: bool) -> Query:
    if filters.begin is not None:
        query = query.where(SurveyAnswer.at >= calendar.start_of(filters.begin))
    if filters.end is not None:
        query = query.where(SurveyAnswer.at < calendar.start_of(filters.end))
    if not is_joined and (filters.owner_id or filters.client_id):
        query = query.join(PROCESS, PROCESS.c.id == SurveyAnswer.process_id)
        query = query.join(Opening, Opening.id == PROCESS.c.opening_id)
    if filters.owner_id:
        query = query.where(PROCESS.c.owner_id == filters.owner_id)
    if filters.client_id:
        query = query.where(Opening.client_id == filters.client_id)
    return query

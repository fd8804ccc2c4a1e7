"""Erasing somebody empties every column that may name them or hold their words, of whatever table."""

from sqlalchemy import select

from core.commands.candidates import erase_candidate
from core.domain.facts import Result
from core.persistence.tables import (
    Claim,
    ClaimSource,
    Closing,
    Meeting,
    PlacementEnd,
    Question,
    Recommendation,
    SurveyAnswer,
    Table,
)
from core.persistence.work import THE_PROGRAM
from tests.make import (
    MONDAY,
    a_candidate,
    a_client,
    a_closing,
    a_meeting,
    a_placement,
    a_process,
    an_opening,
    saved,
)

MARK = "zxq-marker"
NEW = (Question, Recommendation, Claim, Closing, Meeting, PlacementEnd, SurveyAnswer)


def personal(table):
    return [column for column in table.__table__.columns if column.info.get("personal")]


def everywhere(store):
    """Each column that holds the marker, of all tables."""
    found = []
    with store.reading() as session:
        for table in Table.metadata.sorted_tables:
            for row in session.execute(select(table)).mappings():
                found += [f"{table.name}.{name}" for name, value in row.items() if MARK in str(value)]
    return found


def test_no_personal_column_keeps_a_word_of_somebody_who_was_erased(store, ben):
    noor = saved(store, a_candidate(f"Noor {MARK}", language="pl", notes=MARK))
    opening = saved(store, an_opening(client_id=saved(store, a_client())))
    process = saved(store, a_process(opening, candidate_id=noor))
    with store.working(ben) as work:
        recommendation = Recommendation(candidate_id=noor, process_id=process, made_at=MONDAY, summary=MARK)
        work.session.add(recommendation)
        work.session.flush()
        work.session.add_all(
            [
                Claim(
                    recommendation_id=recommendation.id,
                    position=0,
                    text=MARK,
                    source=ClaimSource.SAID,
                    source_note=MARK,
                    own_word_at=MONDAY,
                    correction=MARK,
                ),
                SurveyAnswer(
                    process_id=process, candidate_id=noor, at=MONDAY, result=Result.REJECTED, score=3, words=MARK
                ),
                Question(
                    candidate_id=noor,
                    process_id=process,
                    text=MARK,
                    noted_at=MONDAY,
                    answer=MARK,
                    answered_at=MONDAY,
                ),
            ]
        )
        work.record("made", recommendation)
    placement = saved(store, a_placement(candidate_id=noor, process_id=process))
    saved(store, PlacementEnd(candidate_id=noor, placement_id=placement, reason=MARK))
    saved(store, a_meeting(candidate_id=noor, process_id=process, place=MARK, note=MARK))
    saved(store, a_closing(process, candidate_id=noor, note=MARK))
    planted = {f"{table.__tablename__}.{column.name}" for table in NEW for column in personal(table)}
    assert planted <= set(everywhere(store))
    with store.working(THE_PROGRAM) as work:
        erase_candidate(work, noor)
    assert everywhere(store) == []

"""How the made-up candidates score the team, when they have been told how it ended."""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from core.domain.facts import Result
from core.persistence.store import Store
from core.persistence.tables import Candidate, Process, SurveyAnswer
from core.persistence.viewer import THE_PROGRAM

MOST, EVERY = 600, 3
"""Of the last so many who were told, one in so many answers."""
GLAD = {
    Result.HIRED: (7, 8, 9, 9, 10, 10),
    Result.REJECTED: (3, 6, 7, 8, 9, 9),
    Result.WITHDRAWN: (5, 7, 8, 9),
    Result.OPENING_CLOSED: (4, 6, 7, 8, 9),
    Result.NOT_NOW: (7, 8, 9, 10),
}
WORDS = {
    range(7): ("I waited too long to hear why.", "Nobody asked me before it was decided.", ""),
    range(7, 9): ("Honest, if a little slow.", "You wrote when you said you would.", "", ""),
    range(9, 11): ("I always knew where I stood.", "The reasons helped me. Thank you.", "", ""),
}


def score(store: Store, rng: Random) -> None:
    """The later they were told, the sorrier they are."""
    told = (
        Process.told_days.is_not(None),
        Process.result.is_not(None),
        Process.undone_at.is_(None),
        Candidate.erased_at.is_(None),
    )
    with store.working(THE_PROGRAM) as work:
        processes = work.session.scalars(
            select(Process)
            .join(Candidate, Candidate.id == Process.candidate_id)
            .where(*told)
            .order_by(Process.closed_at.desc(), Process.id)
            .limit(MOST)
        )
        answers = []
        for process in processes:
            at = (process.closed_at or work.now) + timedelta(days=(process.told_days or 0) + rng.randrange(1, 9))
            if rng.randrange(EVERY) or at > work.now or process.result is None or process.candidate_id is None:
                continue
            points = max(rng.choice(GLAD[process.result]) - (process.told_days or 0) // 2, 0)
            words = rng.choice(next(said for of, said in WORDS.items() if points in of))
            answer = SurveyAnswer(
                process_id=process.id,
                candidate_id=process.candidate_id,
                at=at,
                result=process.result,
                score=points,
                words=words,
            )
            answers.append(answer)
        if answers:
            work.session.add_all(answers)
            work.record(
                "made-up scores added", work.session.get_one(Process, answers[0].process_id), scores=len(answers)
            )

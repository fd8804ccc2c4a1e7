"""What came of a recommendation: how far the person who was recommended has come with us since."""

from enum import StrEnum

from core.domain.facts import Closed, MeetingKind, MeetingResult, Placed, Result
from core.domain.life import Facts, Process
from core.domain.order import END, Order


class CameTo(StrEnum):
    """The farthest of these, in this order. Whoever was hired counts as met, whatever is on record of it."""

    NOTHING = "nothing yet"
    CONSIDERED = "considered"
    INTERVIEW = "interview"
    HIRED = "hired"


MET = (CameTo.INTERVIEW, CameTo.HIRED)


def came_to(life: Facts, since: Order) -> CameTo:
    """Only what went on after the recommendation counts: a process that began before and still ran then does."""
    if any(_is_hire(process, since) for process in life.processes) or any(p.order > since for p in life.of(Placed)):
        return CameTo.HIRED
    held = (m for m in life.meetings if m.outcome is not None and m.outcome.result is MeetingResult.HELD)
    if any(meeting.planned.kind is MeetingKind.INTERVIEW and meeting.ends > since[0] for meeting in held):
        return CameTo.INTERVIEW
    if any(_ends(process) > since for process in life.processes):
        return CameTo.CONSIDERED
    return CameTo.NOTHING


def _is_hire(process: Process, since: Order) -> bool:
    closings = [fact for fact in process.facts if isinstance(fact, Closed)]
    return (
        not process.is_active(END) and bool(closings) and closings[-1].result is Result.HIRED and _ends(process) > since
    )


def _ends(process: Process) -> Order:
    """When it ended for good; one that runs has no end yet."""
    last = process.active[-1].end
    return last.order if last is not None else END

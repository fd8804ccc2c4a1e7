"""What waits for each member this morning: lives written by hand up to today, where the rest is left to chance."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from core.demo.lives import CHECK_IN_DAYS, Life
from core.demo.world import Vacancy, day_later
from core.domain.facts import Absent, Answer, MeetingResult, Result, Rhythm, Turn, Unit, Way
from core.persistence.tables import FactKind

Story = Callable[[Life], None]
TWO_YEARS_AGO, LONG_AGO, LATELY = 514, 420, 32
"""Working days since they came in: known for long, or in a process now."""


def unanswered(life: Life) -> None:
    """Somebody known for long wrote, and nobody has answered."""
    _known_for_long(life, last=22)
    _hears(life, 3, 440, "pool_question")


def untold(life: Life) -> None:
    """The process has ended, and they don't know."""
    _in_process(life, last=6)
    life.record_contact(Way.CLIENT_FROM, life.words("client_no"), process=life.process)
    _at(life, 5, 200)
    life.end(Result.REJECTED, Answer.OWED)


def no_outcome(life: Life) -> None:
    """An interview was yesterday, and nobody has noted how it went."""
    _in_process(life, last=2)
    _interview(life, planned=4, on=1)
    _at(life, 2, 300)
    life.say("update")


def we_missed(life: Life) -> None:
    """They came, and we did not."""
    _in_process(life, last=5)
    _interview(life, planned=4, on=1)
    _at(life, 2, 320)
    life.say("update")
    _at(life, 1, 175)
    assert life.meeting is not None
    life.outcome(life.meeting, MeetingResult.MISSED, Absent.US)


def quiet_client(life: Life) -> None:
    """The client does not answer, and was last asked some days ago; the candidate knows."""
    _in_process(life, last=9)
    _to_the_client(life, days_ago=8)
    _says(life, 7, 200, "update")
    _at(life, 5, 90)
    life.record_contact(Way.CLIENT_TO, life.words("to_client"), process=life.process)
    _says(life, 4, 100, "delay")
    _says(life, 2, 140, "update")


def long_silent(life: Life) -> None:
    """Somebody known for long has heard nothing for longer than they should."""
    three_months_ago = life.calendar.day(life.world.now) - relativedelta(months=3)
    last = life.world.today - life.days.index_of(three_months_ago - timedelta(days=12))
    _known_for_long(life, last=last)


def worth_a_word(life: Life) -> None:
    """In touch every three months, and today is the day: there is something that was said then to come back to."""
    three_months_ago = life.calendar.day(life.world.now) - relativedelta(months=3)
    _known_for_long(life, last=life.world.today - life.days.index_of(three_months_ago))
    asked = life.days.at(life.world.today - 190, 200)
    if asked > life.person.added_at:
        wants, advice, _ = life.words("growth").split(" | ")
        said: dict[str, Any] = {
            "wants": wants,
            "advice": advice,
            "revisit_on": None,
            "came_of_it": None,
            "came_of_it_at": None,
        }
        life.record(FactKind.GROWTH_NOTE, at=asked, **said)


def left_in_peace(life: Life) -> None:
    """They asked to be left in peace until today."""
    _known_for_long(life, last=80)
    life.pass_minutes(20, 60)
    life.record(FactKind.QUIET_PERIOD, until_on=life.calendar.day(life.world.now))


def two_years_in_the_job(life: Life) -> None:
    """Found a job through us two years ago, was asked how it is for a year, and has been in touch since."""
    _arrives(life)
    starts, today = day_later(life.calendar.day(life.t), 6), life.world.today
    life.record(FactKind.PLACEMENT, starts_on=starts)
    for days in CHECK_IN_DAYS:
        day = life.days.index_of(life.calendar.working_on_or_after(day_later(starts, days)))
        if day < today - 70:
            life.t = life.days.at(day, 240)
            life.say("check_in")
            life.record_contact(Way.FROM, life.words("check_in_back"), needs_answer=False)
    _in_touch(life, last=66)


def nothing_new(life: Life) -> None:
    """In a process, without a word for too long."""
    _in_process(life, last=5)


def forgotten(life: Life) -> None:
    """We said we would come back to them yesterday."""
    _in_process(life, last=2)
    _promise(life, said=2, due=1, minutes=360)


def asked_yesterday(life: Life) -> None:
    _known_for_long(life, last=30)
    _hears(life, 1, 370, "pool_question")


def news_due(life: Life) -> None:
    _in_process(life, last=3)


def interview_today(life: Life) -> None:
    _in_process(life, last=1)
    _interview(life, planned=2, on=0, minutes=300)
    _says(life, 1, 400, "update")


def promised_today(life: Life) -> None:
    _in_process(life, last=3)
    _promise(life, said=2, due=0, minutes=420)


def month_in_the_job(life: Life) -> None:
    """Hired two months ago, at work for a month today."""
    _in_process(life, last=1, since=75, until=58)
    life.pass_minutes(5, 9)
    process = life.process
    life.say("feedback", process=process, text_style="feedback_hired")
    life.pass_minutes(3, 9)
    life.end(Result.HIRED, Answer.TOLD)
    starts = day_later(life.days.day(life.world.today), -30)
    placement = life.record(FactKind.PLACEMENT, process=process, starts_on=starts)
    for days in (0, 7):
        life.t = life.days.at(life.days.index_of(life.calendar.working_on_or_after(day_later(starts, days))), 240)
        word = life.say("check_in")
        word.process = None
        life.record_contact(Way.FROM, life.words("check_in_back"), needs_answer=False)
    life.owed.clear()
    assert placement.person is life.person


def recommended(life: Life) -> None:
    """They recommended a friend two days ago."""
    _known_for_long(life, last=40)
    _hears(life, 2, 100, "refer", needs_answer=False)
    others = life.world.closings
    friend = life.friend
    if friend is not None and friend.number not in others:
        life.pass_minutes(5, 9)
        life.record(FactKind.REFERRAL, referred_id=friend)


def taken_over(life: Life) -> None:
    """Handed over in the middle of a process; the new owner has not introduced themselves yet."""
    to, life.owner = life.owner, life.former
    _in_process(life, last=4)
    _at(life, 5, 30)
    _at(life, 3, 30)
    life.owner = to
    life.record(FactKind.HANDOVER, to_id=to)


def just_met(life: Life) -> None:
    """Gave an interview two days ago, and waits to hear how it went."""
    _in_process(life, last=4)
    _interview(life, planned=4, on=2)
    _says(life, 3, 60, "update")
    _at(life, 2, 190)
    assert life.meeting is not None
    life.outcome(life.meeting, MeetingResult.HELD)
    life.meeting = None


def consent_ends(life: Life) -> None:
    """Their consent lapses in two weeks."""
    until = day_later(life.calendar.day(life.world.now), 13)
    _known_for_long(life, last=18, consent_until=until)


def to_look_at_again(life: Life) -> None:
    """Told us a month ago what they want to become; this week we said we would look again."""
    _known_for_long(life, last=20)
    _at(life, 19, 200)
    wants, advice, _ = life.words("growth career changer").split(" | ")
    on = life.calendar.working_on_or_after(day_later(life.calendar.day(life.world.now), 2))
    life.record(FactKind.GROWTH_NOTE, wants=wants, advice=advice, revisit_on=on, came_of_it=None, came_of_it_at=None)


def put_off(life: Life) -> None:
    """We said when we would come back, and put it off with a reason."""
    _in_process(life, last=2)
    _promise(life, said=3, due=1, minutes=360)
    owed = next(o for o in life.owed if o.style == "follow_up")
    _at(life, 1, 60)
    life.put_off(owed)


def interview_to_come(life: Life) -> None:
    _in_process(life, last=1)
    _interview(life, planned=2, on=-2, minutes=120)
    _says(life, 1, 380, "update")


def interview_tomorrow(life: Life) -> None:
    _in_process(life, last=1)
    _interview(life, planned=3, on=-1, minutes=180)
    _says(life, 1, 350, "update")


def role_on_hold(life: Life) -> None:
    """The client put the role on hold yesterday, and they are owed the news today."""
    _in_process(life, last=2, since=15, vacancy=next(v for v in life.world.vacancies if v.held == life.world.today - 1))


def offered(life: Life) -> None:
    """The last step: they think the offer over, and the role is nearly filled."""
    _in_process(life, last=2, since=22, vacancy=_nearly_filled(life))
    _at(life, 4, 60)
    life.record_contact(Way.CLIENT_FROM, life.words("client_yes"), process=life.process)
    life.move_to("Offer")
    life.turn(Turn.CANDIDATE)
    _says(life, 1, 90, "update")


def runner_up(life: Life) -> None:
    """Met for the same role, and told that somebody else is asked first."""
    _in_process(life, last=1, since=20, vacancy=_nearly_filled(life))


def on_the_board(life: Life) -> None:
    """One of many in a role that has long been open: nothing is late, and everybody stands somewhere else."""
    number = life.person.number
    stage = BOARD[number % len(BOARD)]
    since = 4 + number * 7 % 19
    _in_process(life, last=1, since=since, stage=stage if stage in ("Screening", "Interview") else "Screening")
    if stage == "With client":
        _to_the_client(life, days_ago=2)
        _says(life, 1, 380, "update")
    elif stage == "Offer":
        _at(life, 1, 300)
        life.move_to("Offer")
        life.turn(Turn.CANDIDATE)
        _says(life, 1, 330, "update")
    elif stage == "Interview" and number % 2:
        _interview(life, planned=1, on=-2 - number % 3, minutes=60 + number % 5 * 60)


BOARD = ("Screening", "With client", "Interview", "With client", "Screening", "Interview", "Offer")
"""Where those on a board stand, in turn."""
MANY = ((on_the_board, LATELY),) * 11


MORNINGS: tuple[tuple[tuple[Story, int], ...], ...] = (
    (
        (unanswered, LONG_AGO),
        (long_silent, LONG_AGO),
        (nothing_new, LATELY),
        (asked_yesterday, LONG_AGO),
        (worth_a_word, LONG_AGO),
        (two_years_in_the_job, TWO_YEARS_AGO),
        (news_due, LATELY),
        (consent_ends, LONG_AGO),
        (interview_today, LATELY),
        (interview_tomorrow, LATELY),
        (to_look_at_again, LONG_AGO),
        *MANY,
    ),
    (
        (unanswered, LONG_AGO),
        (no_outcome, LATELY),
        (untold, LATELY),
        (long_silent, LONG_AGO),
        (interview_today, LATELY),
        (promised_today, LATELY),
        (worth_a_word, LONG_AGO),
        (just_met, LATELY),
        (interview_tomorrow, LATELY),
        (offered, LATELY),
        (runner_up, LATELY),
        (runner_up, LATELY),
        *MANY,
    ),
    (
        (we_missed, LATELY),
        (quiet_client, LATELY),
        (unanswered, LONG_AGO),
        (nothing_new, LATELY),
        (month_in_the_job, 80),
        (recommended, LONG_AGO),
        (asked_yesterday, LONG_AGO),
        (left_in_peace, LONG_AGO),
        (role_on_hold, LATELY),
        (role_on_hold, LATELY),
        (interview_today, LATELY),
        (interview_tomorrow, LATELY),
        (role_on_hold, LATELY),
        *MANY,
    ),
    (
        (untold, LATELY),
        (forgotten, LATELY),
        (no_outcome, LATELY),
        (long_silent, LONG_AGO),
        (taken_over, LATELY),
        (asked_yesterday, LONG_AGO),
        (two_years_in_the_job, TWO_YEARS_AGO),
        (put_off, LATELY),
        (interview_to_come, LATELY),
        (interview_today, LATELY),
        (interview_tomorrow, LATELY),
        *MANY,
    ),
)
"""For each member in turn, what waits and how many working days ago those people came in."""


# what the stories share


def _at(life: Life, days_ago: int, minutes: float) -> None:
    life.t = max(life.t, life.days.at(life.world.today - days_ago, minutes))
    life.pass_minutes(0, 20)


def _says(life: Life, days_ago: int, minutes: float, style: str) -> None:
    _at(life, days_ago, minutes)
    life.say(style)


def _hears(life: Life, days_ago: int, minutes: float, style: str, *, needs_answer: bool = True) -> None:
    _at(life, days_ago, minutes)
    life.record_contact(Way.FROM, life.words(style), process=life.process, needs_answer=needs_answer)


def _arrives(life: Life) -> None:
    life.is_mute = True  # nothing by chance
    life.record(
        FactKind.ARRIVAL,
        at=life.t,
        owner_id=life.person.owner,
        rhythm_count=None,
        rhythm_unit=None,
        first_on=None,
    )
    life.pass_minutes(5, 20)
    life.say("outreach")
    life.t = life.days.at(life.days.index(life.t) + 1, 430)
    life.record_contact(Way.FROM, life.words("answer_yes"))
    life.t = life.days.at(life.days.index(life.t) + 1, 90)
    life.say("reply")


def _known_for_long(life: Life, *, last: int, consent_until: date | None = None) -> None:
    """In touch every three months, the last time so many working days ago."""
    _arrives(life)
    life.pass_minutes(10, 20)
    if consent_until is not None:
        life.consent(consent_until)
    _in_touch(life, last=last)


def _in_touch(life: Life, *, last: int) -> None:
    """From now on every three months."""
    life.pass_minutes(5, 9)
    life.rhythm = Rhythm(3, Unit.MONTHS)
    life.record(FactKind.RHYTHM_CHANGE, rhythm_count=3, rhythm_unit=Unit.MONTHS)
    first, end = life.days.index(life.t), life.world.today - last
    for day in range(end, first + 20, -58):
        if day - 58 <= first + 20:
            start = day
            break
    else:
        start = end
    for day in range(start, end + 1, 58):
        life.t = max(life.t, life.days.at(day, 150 + day % 7 * 30))
        life.say("touch")
        if (end - day) // 58 % 2:
            life.t = life.days.at(day + 1, 300)
            life.record_contact(Way.FROM, life.words("touch_back"), needs_answer=False)
    life.owed.clear()


def _in_process(
    life: Life,
    *,
    last: int,
    since: int = 24,
    until: int = 0,
    stage: str = "Interview",
    vacancy: Vacancy | None = None,
) -> None:
    """In a process, with a word every three working days, the last one so many working days ago."""
    _arrives(life)
    today = life.world.today
    _at(life, since, 100)
    life.start_process(vacancy or _vacancy(life))
    days = range(today - last - until, today - since, -3)
    for number, day in enumerate(reversed(days)):
        if day <= life.days.index(life.t):
            continue
        life.t = max(life.t, life.days.at(day, 130 + number % 5 * 25))
        life.say("update")
        if number == 1:
            life.pass_minutes(3, 9)
            life.move_to(_one_of(life, stage))
            life.pass_minutes(20, 50)
            life.record_contact(Way.FROM, life.words("answer_short"), process=life.process, needs_answer=False)
    life.owed.clear()


def _vacancy(life: Life) -> Vacancy:
    """Their own board."""
    return next((v for v in life.world.boards if v.owner == life.person.owner), life.world.boards[0])


def _nearly_filled(life: Life) -> Vacancy:
    return next(v for v in life.world.vacancies if v.opens == life.world.today - 45 and v.ends_at is None)


def _one_of(life: Life, stage: str) -> str:
    """The stage, or what comes nearest in this opening."""
    assert life.vacancy is not None
    return next((s for s in life.vacancy.stages if stage.lower() in s.lower()), life.vacancy.stages[0])


def _to_the_client(life: Life, *, days_ago: int) -> None:
    _at(life, days_ago, 60)
    assert life.process is not None
    life.move_to("With client")
    text = life.recommend(life.process)
    sent = life.record_contact(Way.CLIENT_TO, text, process=life.process)
    assert life.recommendation is not None
    life.recommendation.values["sent_id"] = sent
    life.turn(Turn.CLIENT)


def _interview(life: Life, *, planned: int, on: int, minutes: float = 120) -> None:
    _at(life, planned, 60)
    starts = life.days.at(life.world.today - on, minutes)
    while starts in life.world.booked[life.owner]:
        starts += timedelta(hours=1)
    life.world.booked[life.owner].add(starts)
    assert life.process is not None
    life.meet(life.process, starts, life.owner)
    life.agenda.clear()


def _promise(life: Life, *, said: int, due: int, minutes: float) -> None:
    """We say when we come back to them."""
    _at(life, said, 200)
    what = life.words("next")
    due_at = life.days.at(life.world.today - due, minutes)
    word = life.record_contact(Way.TO, life.words("update"), process=life.process, next_what=what, next_due_at=due_at)
    life.last_word = life.t
    life.owe("follow_up", due_at, about=word, what=what)

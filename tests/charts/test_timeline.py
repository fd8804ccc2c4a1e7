"""The timeline is a value: read through its frame and .to_dict(), for a long life and for none."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.charts import timeline
from core.charts.dress import palette
from core.charts.timeline import (
    finding,
    is_short,
    milestones_in,
    silences,
    timeline_chart,
    timeline_frame,
)
from core.domain.calendar import Calendar
from core.domain.facts import Result, Rhythm, Turn, Unit
from core.domain.promises import Kind, State, Status
from core.domain.warmth import Answers, Ties
from core.persistence.tables import FactKind
from core.queries.candidate import InOpening, Kept, Life, Milestone, Profile, Shape, Ticks
from core.queries.placements import CheckIn, Placed

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
QUARTER = Rhythm(3, Unit.MONTHS)
NO_TICKS = Ticks({}, are_months=False)


def a_profile(**columns) -> Profile:
    return Profile(
        **{
            "id": 1,
            "version": 1,
            "name": "Marta Kowalczyk",
            "pronoun": "she",
            "begins_as": None,
            "language": "",
            "title": "",
            "company": "",
            "location": "",
            "source": "",
            "tags": [],
            "notes": "",
            "met_on": None,
            "added_at": NOW,
            "owner_id": None,
            "owner": "",
            "rhythm": QUARTER,
            "quiet_until": None,
            "do_not_contact": False,
            "ties": Ties(met_on=None, last_to_at=None, last_from_at=None, answers=Answers(), meetings=0),
            "handles": [],
            "skills": [],
            **columns,
        }
    )


def a_life(**parts) -> Life:
    return Life(
        **{
            "profile": a_profile(),
            "last_to": None,
            "last_from": None,
            "last_words": [],
            "owed": [],
            "kept": Kept(on_time=0, late=0, waived=0, overdue=0),
            "processes": [],
            "from_us": NO_TICKS,
            "from_them": NO_TICKS,
            "promises": [],
            "milestones": [],
            "placements": [],
            "reasons": (),
            "requests": [],
            "merges": {},
            **parts,
        }
    )


def a_process(start: date, end: date | None, client: str = "Nordbank", result: Result | None = None) -> InOpening:
    def at(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

    return InOpening(
        id=1,
        opening_id=1,
        opening="Python developer",
        client=client,
        stage="Interview",
        turn=Turn.OURS,
        is_held=False,
        started_at=at(start),
        since=at(start),
        next_due_at=None,
        closed_at=at(end) if end else None,
        result=result,
        owner_id=1,
        owner="Ben",
    )


LONG = a_life(
    from_us=Ticks(
        {date(2020, 6, 1): 1, date(2023, 9, 1): 2, date(2025, 1, 7): 1, date(2026, 2, 20): 1}, are_months=False
    ),
    from_them=Ticks({date(2020, 6, 3): 1}, are_months=False),
    processes=[
        a_process(date(2026, 2, 1), None),
        a_process(date(2020, 6, 1), date(2020, 8, 1), "Fintree", Result.NOT_NOW),
    ],
    promises=[
        Shape(Kind.REPLY, State.KEPT_ON_TIME, NOW - timedelta(days=900), NOW - timedelta(days=901)),
        Shape(Kind.KEEP_IN_TOUCH, State.KEPT_LATE, NOW - timedelta(days=800), NOW - timedelta(days=420)),
        Shape(Kind.FEEDBACK, State.OVERDUE, NOW - timedelta(days=4), None),
        Shape(Kind.CONSENT, State.UPCOMING, NOW + timedelta(days=20), None),
    ],
    kept=Kept(on_time=19, late=3, waived=0, overdue=1),
)


def frame_of(life: Life):
    return timeline_frame(life, NOW, Calendar())


def marks(life: Life, what: str) -> list[dict]:
    frame = frame_of(life).to_pandas()
    return frame[frame["what"] == what].to_dict("records")


def drawn(life: Life, appearance: str = "light", whom: str = "her") -> dict:
    frame = frame_of(life)
    return timeline.cut(timeline_chart(frame, palette(appearance)).to_dict(), frame, whom)


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_the_chart_has_four_lanes_and_a_layer_for_each_mark(appearance):
    made = drawn(LONG, appearance)
    lanes = [layer["encoding"]["y"]["scale"]["domain"] for layer in made["layer"] if "y" in layer["encoding"]]
    assert all(there == [0, 2, 3, 5] for there in lanes)
    assert made["height"] == timeline.HEIGHT
    assert made["background"] == "transparent"
    axes = [layer["encoding"]["y"]["axis"]["labelExpr"] for layer in made["layer"] if "y" in layer["encoding"]]
    assert set(axes) == {'["processes", "jobs", "from us", "from her", "milestones", "promises"][datum.value]'}
    kinds = [layer["mark"]["type"] for layer in made["layer"]]
    assert {"rect", "bar", "tick", "rule", "point", "text"} == set(kinds)
    legends = [layer["encoding"]["color"].get("legend") for layer in made["layer"] if layer["mark"]["type"] == "point"]
    assert legends[0]["values"] == ["kept", "late", "overdue", "upcoming"]


def test_a_name_in_a_lane_is_text_and_nothing_else():
    axis = drawn(LONG, whom='Bo"]; x["')["layer"][-1]["encoding"]["y"]["axis"]
    assert r'"from us", "from Bo\"]; x[\"", "milestones", "promises"][datum.value]' in axis["labelExpr"]


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_nothing_said_yet_is_an_empty_frame_and_still_a_chart(appearance):
    frame = frame_of(a_life())
    assert frame.num_rows == 0
    assert drawn(a_life(), appearance)["layer"] == []
    assert finding(a_life(), "them", NOW, Calendar()) == "Nothing was said yet."


def test_every_mark_says_in_words_what_it_is():
    for what in ("silence", "process", "word", "wait", "promise"):
        assert marks(LONG, what)
        assert all(mark["tip"] for mark in marks(LONG, what)), what
    assert marks(LONG, "process")[0]["tip"] == "Python developer at Nordbank: now. From 1 Feb 2026 to now."
    assert marks(LONG, "word")[0]["tip"] == "1 word from us, 1 Jun 2020"
    assert "Feedback: due 26 Feb 2026, not kept yet" in [mark["tip"] for mark in marks(LONG, "promise")]


def test_a_late_word_has_a_line_to_the_day_it_was_kept_and_an_overdue_one_to_today():
    late, overdue = marks(LONG, "wait")
    assert (late["state"], (late["end"] - late["start"]).days) == ("late", 380)
    assert (overdue["state"], overdue["end"].date()) == ("overdue", date(2026, 3, 2))


def test_the_worst_is_drawn_last():
    assert [mark["state"] for mark in marks(LONG, "promise")] == ["kept", "upcoming", "late", "overdue"]


def test_names_stand_where_there_is_room_the_newest_first():
    crowded = a_life(
        from_us=Ticks({date(2020, 1, 1): 1, date(2026, 3, 1): 1}, are_months=False),
        processes=[
            a_process(date(2026, 2, 20), None),
            a_process(date(2026, 1, 10), date(2026, 2, 1), "Lumen", Result.REJECTED),
            a_process(date(2022, 1, 10), date(2022, 3, 1), "Orbis", Result.HIRED),
        ],
    )
    assert [mark["label"] for mark in marks(crowded, "name-right")] == ["Nordbank, now"]
    assert [mark["label"] for mark in marks(crowded, "name")] == ["Orbis, placed"]


@pytest.mark.parametrize(
    ("days", "rhythm", "found"),
    [
        ([], QUARTER, []),
        ([date(2026, 2, 20)], QUARTER, []),
        ([date(2025, 9, 2)], QUARTER, []),  # exactly twice the rhythm is no silence yet
        ([date(2025, 9, 1)], QUARTER, ["6 months"]),
        ([date(2023, 9, 1), date(2025, 1, 7), date(2026, 2, 20)], QUARTER, ["16 months", "13 months"]),
        ([date(2025, 4, 1)], None, []),  # without a rhythm a year is silence
        ([date(2025, 3, 1)], None, ["12 months"]),
        ([date(2025, 3, 1)], Rhythm(6, Unit.WEEKS), ["12 months"]),
        ([date(2020, 3, 1)], QUARTER, ["6 years"]),
    ],
)
def test_silence_is_longer_than_twice_the_rhythm(days, rhythm, found):
    assert [silence.length for silence in silences(days, date(2026, 3, 2), rhythm)] == found


def test_a_long_silence_is_named_in_its_band():
    assert "silent 16 months" in [mark["label"] for mark in marks(LONG, "silent")]


def test_many_words_are_one_mark_a_month_with_their_number():
    many = a_life(from_us=Ticks({date(2025, month, 1): 40 + month for month in range(1, 13)}, are_months=True))
    assert [mark["number"] for mark in marks(many, "month")][:2] == [41, 42]
    assert marks(many, "month")[0]["tip"] == "41 words from us in January 2025"
    sizes = [layer["encoding"]["size"] for layer in drawn(many)["layer"] if layer["mark"]["type"] == "tick"]
    assert [size["field"] for size in sizes] == ["number"]


def test_a_short_story_is_told_in_months_a_long_one_in_years():
    short = a_life(from_us=Ticks({date(2026, 1, 1): 1}, are_months=False))
    assert is_short(frame_of(short))
    assert not is_short(frame_of(LONG))
    formats = [layer["encoding"]["x"]["axis"]["format"] for layer in drawn(short)["layer"]]
    assert set(formats) == {"%b %Y"}


def test_the_finding_is_one_sentence():
    assert finding(LONG, "her", NOW, Calendar()) == (
        "5 words from us and 1 from her since Jun 2020; silent for 38 months to Sep 2023; "
        "19 of 23 promises kept on time."
    ).replace("38 months", timeline.Silence(date(2020, 6, 3), date(2023, 9, 1)).length)


# jobs, and what stands out


def a_job(starts_on: date, ended: date | None = None) -> Placed:
    asked = datetime(starts_on.year, starts_on.month, starts_on.day, 12, tzinfo=UTC) + timedelta(days=30)
    common = {"due_at": asked, "channel": "phone", "on": asked.date()}
    return Placed(
        id=1,
        starts_on=starts_on,
        opening="Python developer",
        client="Orbis",
        recorded_by="Ben",
        ended_at=datetime(ended.year, ended.month, ended.day, 12, tzinfo=UTC) if ended else None,
        reason="",
        check_ins=(
            CheckIn(
                days=30,
                status=Status.KEPT_ON_TIME,
                state=State.KEPT_ON_TIME,
                said_at=asked,
                text="It is as was said.",
                **common,
            ),
            CheckIn(days=90, status=Status.OPEN, state=State.UPCOMING, said_at=None, text="", **common),
        ),
    )


WORKED = a_life(
    from_us=Ticks({date(2022, 6, 1): 1}, are_months=False),
    placements=[a_job(date(2024, 3, 1)), a_job(date(2022, 3, 1), date(2023, 5, 1))],
    milestones=[
        Milestone(FactKind.MEETING, datetime(2022, 2, 1, 12, tzinfo=UTC), "interview"),
        Milestone(FactKind.GROWTH_NOTE, datetime(2024, 5, 1, 12, tzinfo=UTC), "lead a team"),
        Milestone(FactKind.REFERRAL, datetime(2025, 5, 1, 12, tzinfo=UTC), "Ewa Lis"),
    ],
)


def test_a_job_is_a_span_with_the_days_on_which_they_were_asked_how_it_goes():
    assert [(job["state"], job["tip"]) for job in marks(WORKED, "job")] == [
        ("active", "Python developer, Orbis: from 1 Mar 2024 to now."),
        ("ended", "Python developer, Orbis: from 1 Mar 2022 to 1 May 2023."),
    ]
    assert marks(WORKED, "job")[0]["end"].date() == NOW.date()
    assert [check["tip"] for check in marks(WORKED, "check")] == [
        "Asked about day 30, 31 Mar 2024: It is as was said.",
        "Asked about day 30, 31 Mar 2022: It is as was said.",
    ]
    assert {name["label"] for name in marks(WORKED, "name") if name["row"] == timeline.JOBS} == {"Orbis"}


def test_a_job_that_is_to_begin_is_there_already():
    (job,) = marks(a_life(placements=[a_job(date(2026, 4, 1))]), "job")
    assert job["tip"] == "Python developer, Orbis: from 1 Apr 2026 on."
    assert (job["end"] - job["start"]).days == 1


def test_what_stands_out_says_in_words_what_it_was():
    assert [mark["tip"] for mark in marks(WORKED, "milestone")] == [
        "Interview held, 1 Feb 2022",
        "Growth, 1 May 2024: lead a team",
        "Recommended Ewa Lis, 1 May 2025",
    ]
    assert milestones_in(frame_of(WORKED)) == (
        "A square is a meeting, a leaf is what they want to become, an arrowhead is somebody they recommended."
    )
    assert milestones_in(frame_of(LONG)) == ""


def test_lanes_for_jobs_and_what_stands_out_are_there_where_something_is_in_them():
    made = drawn(WORKED)
    (domain,) = {
        tuple(layer["encoding"]["y"]["scale"]["domain"]) for layer in made["layer"] if "y" in layer["encoding"]
    }
    assert domain == (0, 1, 2, 3, 4, 5)
    assert made["height"] == timeline.HEIGHT + 2 * timeline.LANE
    assert "met once" in finding(WORKED, "her", NOW, Calendar())

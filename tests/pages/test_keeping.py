"""How each kind of promise is kept from a page: the command, and the marks it takes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from core.commands.consents import give_consent, withdraw_consent
from core.commands.contacts import log_contact
from core.commands.meetings import note_outcome
from core.domain.drafts import Occasion, draft
from core.domain.facts import Absent, MeetingResult, Turn, Way
from core.domain.promises import Kind, State
from core.domain.refusal import Refused
from core.persistence.tables.team import Role
from core.persistence.work import Viewer
from core.queries.last_words import LastWord
from core.queries.promises import Waiting
from pages.parts.keeping import (
    ASKED,
    CANCELLED,
    HELD,
    NOT_CLIENT,
    NOT_US,
    RENEWED,
    WITHDRAWN,
    choices,
    keeping,
    usual_choice,
)
from tests.make import MONDAY

BEN = Viewer(2, "Ben", Role.RECRUITER)


def a_row(kind: Kind, **columns: Any) -> Waiting:
    columns.setdefault("occasion", Occasion(kind=kind, name="Noor Haddad"))
    row = Waiting(
        promise_id=1,
        candidate_id=7,
        name="Noor Haddad",
        kind=kind,
        state=State.OVERDUE,
        due_at=MONDAY,
        opened_at=MONDAY - timedelta(days=1),
        is_snoozed=False,
        rule_due_at=MONDAY,
        owner_id=BEN.id,
        owner="Ben",
        process_id=5,
        turn=Turn.OURS,
        about_id=9,
        meeting_id=4,
        is_on_hold=False,
        keeps_from=None,
        occasion=columns.pop("occasion"),
        from_them=None,
        from_us=None,
    )
    return replace(row, **columns)


@pytest.mark.parametrize(
    ("kind", "choice", "marks"),
    [
        (Kind.REPLY, "E-mail", {"way": Way.TO, "channel": "e-mail"}),
        (Kind.REPLY, "Phone", {"way": Way.TALKED, "channel": "phone"}),
        (Kind.UPDATE, "In person", {"way": Way.TALKED, "channel": "in person"}),
        (Kind.DEBRIEF, "Message", {"way": Way.TO}),
        (Kind.AMENDS, "Phone", {"way": Way.TALKED}),
        (Kind.CHASE, "Phone", {"way": Way.CLIENT_TO}),
        (Kind.FEEDBACK, "E-mail", {"is_feedback": True}),
        (Kind.THANKS, "E-mail", {"is_thanks": True}),
        (Kind.CHECK_IN, "Phone", {"is_check_in": True}),
        (Kind.FOLLOW_UP, "E-mail", {"keeps": [9]}),
        (Kind.REVISIT, "E-mail", {"keeps": [9]}),
        (Kind.INTRODUCE, "E-mail", {"way": Way.TO}),
        (Kind.KEEP_IN_TOUCH, "E-mail", {"way": Way.TO}),
    ],
)
def test_a_word_takes_the_marks_of_its_kind(kind: Kind, choice: str, marks: dict[str, Any]):
    how = keeping(a_row(kind), BEN, choice=choice, text="They decide on Friday.")
    assert (how.command, how.args) == (log_contact, (7,))
    assert how.plain | marks == how.plain
    assert (how.plain["process_id"], how.plain["text"]) == (5, "They decide on Friday.")
    unmarked = {"is_feedback", "is_thanks", "is_check_in", "keeps"} - set(marks)
    assert not unmarked & set(how.plain)


def test_no_answer_is_an_attempt_and_takes_no_mark():
    how = keeping(a_row(Kind.FEEDBACK), BEN, choice="No answer")
    assert how.plain["way"] is Way.ATTEMPT
    assert "is_feedback" not in how.plain
    assert "still waiting" in how.done


def test_an_outcome_says_who_was_absent():
    row = a_row(Kind.OUTCOME)
    assert keeping(row, BEN, choice=HELD).args == (4, MeetingResult.HELD)
    assert keeping(row, BEN, choice=CANCELLED).args == (4, MeetingResult.CANCELLED)
    ours, theirs = keeping(row, BEN, choice=NOT_US), keeping(row, BEN, choice=NOT_CLIENT)
    assert (ours.command, ours.args, ours.plain) == (
        note_outcome,
        (4, MeetingResult.MISSED),
        {"absent": Absent.US, "absent_member_id": BEN.id},
    )
    assert theirs.plain == {"absent": Absent.CLIENT, "absent_member_id": None}
    assert NOT_CLIENT not in choices(replace(row, process_id=None))
    assert usual_choice(row) is None


def test_a_consent_is_asked_for_renewed_or_withdrawn():
    row, until = a_row(Kind.CONSENT), date(2027, 3, 2)
    assert keeping(row, BEN, choice=RENEWED, until=until).args == (7, until)
    assert keeping(row, BEN, choice=RENEWED, until=until).command is give_consent
    assert keeping(row, BEN, choice=WITHDRAWN).command is withdraw_consent
    asked = keeping(row, BEN, choice=ASKED, text="May we keep it?")
    assert (asked.command, asked.plain["way"]) == (log_contact, Way.TO)
    with pytest.raises(Refused, match="until when"):
        keeping(row, BEN, choice=RENEWED)


@pytest.mark.parametrize(
    ("row", "said", "why"),
    [
        (a_row(Kind.REPLY), {"choice": None, "text": "Yes"}, "Say how"),
        (a_row(Kind.OUTCOME), {"choice": None}, "how the meeting went"),
        (a_row(Kind.CONSENT), {"choice": None}, "asked"),
        (a_row(Kind.FEEDBACK), {"choice": "E-mail", "text": " "}, "needs the words"),
        (a_row(Kind.INTRODUCE, owner_id=3, owner="Maya"), {"choice": "E-mail", "text": "Hi"}, "Only Maya"),
        (
            a_row(Kind.UPDATE),
            {
                "choice": "E-mail",
                "text": draft(Occasion(kind=Kind.UPDATE, name="Noor Haddad"), me="Ben", language="en"),
                "draft": draft(Occasion(kind=Kind.UPDATE, name="Noor Haddad"), me="Ben", language="en"),
            },
            "own words",
        ),
    ],
)
def test_what_is_missing_is_said(row: Waiting, said: dict[str, Any], why: str):
    with pytest.raises(Refused, match=why):
        keeping(row, BEN, **said)


@pytest.mark.parametrize(
    ("theirs", "usual"),
    [
        (None, "E-mail"),
        (LastWord(MONDAY, "Hi", "e-mail"), "E-mail"),
        (LastWord(MONDAY, "Hi", "linkedin"), "Message"),
        (LastWord(MONDAY, "", "phone", was_live=True), "Phone"),
    ],
)
def test_the_usual_way_is_theirs(theirs: LastWord | None, usual: str):
    row = a_row(Kind.REPLY, from_them=theirs)
    assert usual_choice(row) == usual
    assert usual in choices(row)

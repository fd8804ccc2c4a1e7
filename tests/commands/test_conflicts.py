"""Two people saving the same thing at once: one text is kept, the other's writer is shown it, and neither is lost."""

from datetime import timedelta

import pytest

from core.commands.candidates import add_candidate
from core.commands.clients import add_client
from core.commands.growth import note_growth
from core.commands.handovers import Share, offer_people
from core.commands.meetings import plan_meeting
from core.commands.openings import add_opening, save_stage_template
from core.commands.processes import start_process
from core.commands.questions import note_question
from core.commands.recommendations import Said, recommend
from core.domain.facts import MeetingKind
from core.persistence.check import disagreements
from core.persistence.handovers import Whom
from core.persistence.tables import Table
from tests.faults.forms import FORMS, at_once

ROUNDS = 2


def lay_out(store, ana, ben):
    """One of everything that is saved over what was there."""
    with store.working(ben) as work:
        add_client(work, "Nordbank")
        opening = add_opening(work, "Tester", stages=["Screening", "Interview", "Offer"])
        noor = add_candidate(work, name="Noor Haddad")
        process = start_process(work, noor, opening)
        save_stage_template(work, "Short", ["Talk"])
        recommend(work, process, [Said(text="She builds")], summary="Quick.")
        note_growth(work, noor, "To lead.")
        note_question(work, noor, "Would you move?")
        starts_at = work.now + timedelta(days=1)
        plan_meeting(work, noor, kind=MeetingKind.TALK, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
        offer_people(work, ben.id, [Share(Whom(of_id=ben.id), (ana.id,))])


@pytest.mark.parametrize("name", FORMS)
def test_of_two_who_save_at_once_one_is_kept_and_the_other_is_shown_it(store, ana, ben, name):
    lay_out(store, ana, ben)
    for number in range(ROUNDS):
        assert at_once(store, FORMS[name], (ana, ben), number) == []
    assert list(disagreements(store, workers=0)) == []


def test_every_table_with_a_version_is_saved_over_by_one_of_these():
    versioned = {table.name for table in Table.metadata.tables.values() if "version" in table.columns}
    people = {"candidate", "client", "opening", "process", "meeting"}
    assert versioned - people - {"stage_template", "message_template", "recommendation"} == set()

"""Recommendations: claims with sources, sent once, and answered."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.commands.clients import add_client
from core.commands.openings import add_opening
from core.commands.processes import start_process
from core.commands.recommendations import (
    Said,
    edit_recommendation,
    note_client_answer,
    recommend,
    send_recommendation,
)
from core.commands.undo import undo_fact
from core.domain.facts import Turn
from core.domain.refusal import Refused, Stale
from core.persistence.tables import Claim, ClaimSource, Process, Recommendation
from tests.make import a_candidate, act, saved


@pytest.fixture
def process(store, ben):
    client = act(store, ben, add_client, "Nordbank")
    opening = act(store, ben, add_opening, "Python developer", client_id=client)
    return act(store, ben, start_process, saved(store, a_candidate()), opening)


def turn_of(store, process):
    with store.reading() as session:
        return session.get_one(Process, process).turn


CLAIMS = [Said(text="Led a team of four", source=ClaimSource.CV), Said(text="Speaks Swedish")]


def test_it_goes_out_with_a_word_to_the_client_whose_turn_it_is_until_it_answers(store, ben, clock, process):
    written = act(store, ben, recommend, process, CLAIMS, summary="Look at her.")
    clock.forward(hours=1)
    sent = act(store, ben, send_recommendation, written)
    assert turn_of(store, process) is Turn.CLIENT
    clock.forward(days=1)
    with pytest.raises(Refused, match="gone out already"):
        act(store, ben, send_recommendation, written)
    act(store, ben, note_client_answer, written, "We would like to meet her.")
    assert turn_of(store, process) is Turn.OURS
    with store.reading() as session:
        assert session.get_one(Recommendation, written).sent_id == sent


def test_no_answer_is_older_than_what_it_answers(store, ben, clock, process):
    clock.forward(days=2)
    written = act(store, ben, recommend, process, CLAIMS)
    act(store, ben, send_recommendation, written, at=clock.now - timedelta(days=1))
    with pytest.raises(Refused, match="only since after that"):
        act(store, ben, note_client_answer, written, "Gladly.", at=clock.now - timedelta(days=1, hours=1))
    act(store, ben, note_client_answer, written, "Gladly.", at=clock.now - timedelta(days=1))  # the same day, both
    assert turn_of(store, process) is Turn.OURS


def test_what_was_sent_is_not_edited_until_the_sending_is_taken_back(store, ben, process):
    written = act(store, ben, recommend, process, CLAIMS)
    sent = act(store, ben, send_recommendation, written)
    with pytest.raises(Refused, match="gone out already"):
        act(store, ben, edit_recommendation, written, CLAIMS[:1], summary="", version=2)
    act(store, ben, undo_fact, sent)
    with store.reading() as session:
        version = session.get_one(Recommendation, written).version
    with pytest.raises(Stale):
        act(store, ben, edit_recommendation, written, CLAIMS[:1], summary="", version=version - 1)
    act(store, ben, edit_recommendation, written, CLAIMS[:1], summary="", version=version)
    with store.reading() as session:
        assert session.scalars(select(Claim.text)).all() == ["Led a team of four"]


def test_an_answer_needs_words_and_something_that_was_sent(store, ben, process):
    written = act(store, ben, recommend, process, CLAIMS)
    with pytest.raises(Refused, match="not gone out"):
        act(store, ben, note_client_answer, written, "Yes.")
    act(store, ben, send_recommendation, written)
    with pytest.raises(Refused, match="what the client said"):
        act(store, ben, note_client_answer, written, " ")


def test_saying_nothing_recommends_nobody(store, ben, process):
    with pytest.raises(Refused, match="at least one thing"):
        act(store, ben, recommend, process, [Said(text=" ")])


def test_a_summary_that_is_too_long_is_refused_and_never_cut(store, ben, process):
    with pytest.raises(Refused, match="2,001 characters"):
        act(store, ben, recommend, process, CLAIMS, summary="x" * 2_001)

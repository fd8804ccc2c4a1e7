"""The large databases of bench and load are as the facts say, and cost what a team's own would."""

import pytest
from sqlalchemy import func, select

from core.persistence.check import disagreements
from core.persistence.store import open_store
from core.persistence.tables import Candidate, MatchKey
from tests.bench import multiplied

LIVES, TIMES = 60, 3


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return (
        f"sqlite:///{tmp_path / 'multiplied.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue("postgresql_url")
    )


def test_copies_agree_with_the_rules_as_their_originals_do(url, monkeypatch):
    monkeypatch.setattr(multiplied, "HONEST", LIVES)
    multiplied.make(url, LIVES * TIMES, say=lambda _: None)
    store = open_store(url)
    with store.reading() as session:
        assert session.scalar(select(func.count(Candidate.id))) == LIVES * TIMES
        known = select(func.count(MatchKey.candidate_id.distinct()))
        assert session.scalar(known) == TIMES * session.scalar(known.where(MatchKey.candidate_id <= LIVES)) > 100
    assert list(disagreements(store, workers=1)) == []
    store.engine.dispose()

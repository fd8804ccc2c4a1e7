"""The words by which people are found, kept beside them one to a row, so that a beginning of one is a range."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.domain.names import folded
from core.persistence.tables import Candidate, SearchWord

LONGEST = 40
"""Longer words are found by their beginning."""

AT_A_STROKE = 5_000
AS_ROWS = {"synchronize_session": False}
_WORD = re.compile(r"[^\W_]+[+#]*")  # C++ and C# are words
_APOSTROPHES = re.compile(r"(?<=\w)['’`´](?=\w)")
_LAST = "\U0010ffff"

Written = tuple[int, str, str, str, str, Sequence[str]]
"""A candidate's id, name, company, title, location and tags."""


def tag_word(tag: str) -> str:
    """A tag as one word, which nobody comes upon by typing it: #contractor, #open to work."""
    return f"#{folded(tag)}"


def tag_words(tags: Iterable[str]) -> set[str]:
    return {tag_word(tag) for tag in tags}


def words_of(name: str, company: str = "", title: str = "", location: str = "") -> set[str]:
    """The folded words of what is known of somebody; O'Neil is found as `neil` and as `oneil`."""
    return {*_told_in(name), *_words_again(company), *_words_again(title), *_words_again(location)}


@lru_cache(maxsize=16384)
def _words_again(text: str) -> tuple[str, ...]:
    """Companies, titles and places come again and again; names hardly ever."""
    return _told_in(text)


def _told_in(text: str) -> tuple[str, ...]:
    """The words with and without their apostrophes."""
    if not _APOSTROPHES.search(text):
        return _words(text)
    return (*_words(text), *_words(_APOSTROPHES.sub("", text)))


def typed_words(text: str) -> tuple[str, ...]:
    """What somebody typed, as beginnings of words; one that another begins with says nothing and is left out."""
    typed = sorted(set(_words(text)))
    return tuple(word for word, after in zip(typed, [*typed[1:], ""], strict=False) if not after.startswith(word))


def begins_with(column: InstrumentedAttribute[str], beginning: str) -> ColumnElement[bool]:
    """A range of an index, on either database: never LIKE, which reads all of it."""
    return and_(column >= beginning, column < beginning + _LAST)


def index_words(session: Session, candidate: Candidate) -> None:
    """Bring the words of one candidate in line with what is written of them."""
    known = set(session.scalars(select(SearchWord.word).where(SearchWord.candidate_id == candidate.id)))
    words = words_of(candidate.name, candidate.company, candidate.title, candidate.location)
    words |= tag_words(candidate.tags or ())
    if gone := known - words:
        theirs = SearchWord.candidate_id == candidate.id
        session.execute(delete(SearchWord).where(theirs, SearchWord.word.in_(sorted(gone))), execution_options=AS_ROWS)
    _add(session, [{"word": word, "candidate_id": candidate.id} for word in sorted(words - known)])


def index_words_of_many(session: Session, candidate_ids: Sequence[int]) -> None:
    """The same for many at once."""
    for start in range(0, len(candidate_ids), 1_000):
        some = candidate_ids[start : start + 1_000]
        known: dict[int, set[str]] = {id_: set() for id_ in some}
        for word, id_ in session.execute(
            select(SearchWord.word, SearchWord.candidate_id).where(SearchWord.candidate_id.in_(some))
        ):
            known[id_].add(word)
        columns = (Candidate.id, Candidate.tags, Candidate.name, Candidate.company, Candidate.title, Candidate.location)
        rows: list[tuple[str, int]] = []
        for id_, tags, *written in session.execute(select(*columns).where(Candidate.id.in_(some))):
            words = words_of(*written) | tag_words(tags or ())
            rows += [(word, id_) for word in words - known[id_]]
            if gone := known[id_] - words:
                theirs = SearchWord.candidate_id == id_
                session.execute(
                    delete(SearchWord).where(theirs, SearchWord.word.in_(sorted(gone))), execution_options=AS_ROWS
                )
        _add(session, [{"word": word, "candidate_id": id_} for word, id_ in sorted(rows)])


def index_words_of_new(session: Session, people: Iterable[Written]) -> None:
    """The words of many who have none yet, in the order of the table's key, as an import wants it."""
    rows: list[tuple[str, int]] = []
    for id_, name, company, title, location, tags in people:
        rows.extend((word, id_) for word in words_of(name, company, title, location) | tag_words(tags))
    rows.sort()
    _add(session, [{"word": word, "candidate_id": id_} for word, id_ in rows])


def _add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_A_STROKE):
        session.connection().execute(insert(SearchWord), rows[start : start + AT_A_STROKE])


def _words(text: str) -> tuple[str, ...]:
    return tuple(word[:LONGEST] for word in _WORD.findall(folded(text)))

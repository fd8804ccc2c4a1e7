"""What the matcher is told of everybody stored, and the keys by which it finds them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, text
from sqlalchemy.orm import Session

from core.domain.handles import Handle as Address
from core.domain.matching import MOST_NEAR, Key, Known, Person, Ref, key, person, values_by_kind
from core.domain.names import company_key, name_key
from core.persistence.bulk import AS_LIST, as_list, strokes
from core.persistence.facts import FACT, kept_records
from core.persistence.tables import AuditEntry, Candidate, Contact, Handle, MatchKey
from core.persistence.tables.people import HandleKind

HANDLES = frozenset(kind.value for kind in HandleKind)
ROW = key("row", "")
CONTACT, MATCH_KEY = Contact.__table__, MatchKey.__table__


class Stored:
    """Everybody stored, as an import asks for them. It remembers what it answered, to tell whether that still holds."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._last_entry = _last_entry(session)
        self._asked: set[Key] = set()
        self._asked_words: set[str] = set()
        self._known: set[Known] = set()
        self._words: set[str] = set()

    def known_by(self, keys: Collection[Key]) -> Iterable[Known]:
        found = known_by(self._session, keys)
        self._asked.update(keys)
        self._known.update(found)
        return found

    def words_known(self, source_keys: Collection[str]) -> Collection[str]:
        found = set[str]()
        for some in strokes(source_keys):
            query = select(CONTACT.c.source_key).join(FACT, FACT.c.id == CONTACT.c.id)
            found.update(self._session.scalars(query.where(CONTACT.c.source_key.in_(some), FACT.c.undone_at.is_(None))))
        self._asked_words.update(source_keys)
        self._words.update(found)
        return found

    @property
    def keys(self) -> set[Key]:
        """Every key of everybody it told of."""
        return {one for known in self._known for one in known.person.keys}

    def still_holds(self, session: Session) -> bool:
        """Whether it would answer the same now. Where nobody has done anything since, it need not ask."""
        if _last_entry(session) == self._last_entry:
            return True
        again = Stored(session)
        again.known_by(self._asked)
        again.words_known(self._asked_words)
        return again._known == self._known and again._words == self._words


def index_match_keys(session: Session, *candidate_ids: int) -> None:
    """Bring the keys of these in line with what is written of them; those of the rows they came in stay."""
    for some in strokes(candidate_ids, 1_000):
        people = _people(session, some)
        stored: dict[int, set[str]] = {id_: set() for id_ in people}
        query = select(MatchKey.key, MatchKey.candidate_id).where(MatchKey.candidate_id.in_(some))
        for stored_key, id_ in session.execute(query):
            if not stored_key.startswith(ROW):
                stored[id_].add(stored_key)
        handles = _handles(session, some)
        new: list[dict[str, Any]] = []
        gone: list[dict[str, Any]] = []
        for id_, (name, company) in people.items():
            now: set[str] = set(match_keys(name, company, handles.get(id_, ())))
            gone += [{"of": id_, "kept_under": one} for one in sorted(stored[id_] - now)]
            new += [{"key": one, "candidate_id": id_} for one in sorted(now - stored[id_])]
        if gone:
            of_theirs = (MATCH_KEY.c.candidate_id == bindparam("of"), MATCH_KEY.c.key == bindparam("kept_under"))
            session.connection().execute(delete(MATCH_KEY).where(*of_theirs), gone)
        if new:
            session.connection().execute(insert(MATCH_KEY), new)


def match_keys(name: str, company: str, handles: Iterable[Address]) -> list[Key]:
    """What people are compared by, besides their handles."""
    return not_handles(person(name_key(name), company_key(company), handles).keys)


def not_handles(keys: Iterable[Key]) -> list[Key]:
    return [one for one in dict.fromkeys(keys) if one.partition(":")[0] not in HANDLES]


def people_asking(session: Session, candidate_ids: list[int]) -> dict[int, Person]:
    """These records as somebody who is looked for: with all that they ask for."""
    handles = _handles(session, candidate_ids)
    return {
        id_: person(name_key(name), company_key(company), handles.get(id_, ()))
        for id_, (name, company) in _people(session, candidate_ids).items()
    }


def known_by(session: Session, keys: Collection[Key]) -> list[Known]:
    ids: set[int] = set()
    by_kind: Mapping[Any, list[str]] = values_by_kind(keys)
    for kind in sorted(HANDLES & by_kind.keys()):
        for some in strokes(by_kind[kind]):
            query = select(Handle.candidate_id).where(Handle.kind == HandleKind(kind), Handle.value.in_(some))
            ids.update(session.scalars(query))
    for others in strokes(one for one in keys if one.partition(":")[0] not in HANDLES):
        ids.update(_first_under(session, others))
    return [known for people in strokes(sorted(ids)) for known in _known(session, people)]


def _first_under(session: Session, keys: list[Key]) -> Iterable[int]:
    """The first few under each of these keys: a thousand people of one name in one company cost no more than those."""
    dialect = session.get_bind().dialect.name
    query = f"""
        SELECT match_key.candidate_id FROM ({AS_LIST[dialect]}) AS asked JOIN match_key ON match_key.key = asked.value
        AND match_key.candidate_id <= coalesce(
            (SELECT later.candidate_id FROM match_key AS later WHERE later.key = asked.value
             ORDER BY later.candidate_id LIMIT 1 OFFSET {MOST_NEAR - 1}), 9223372036854775807)
    """  # noqa: S608 - our own words
    return session.scalars(text(query), {"list": as_list(dialect, keys)})


def _known(session: Session, ids: list[int]) -> Iterable[Known]:
    people, handles, kept = _people(session, ids), _handles(session, ids), kept_records(session, ids)
    keys: dict[int, list[Key]] = {id_: [key(one.kind, one.value) for one in handles.get(id_, ())] for id_ in ids}
    query = select(MatchKey.candidate_id, MatchKey.key).where(MatchKey.candidate_id.in_(ids))
    for id_, one in session.execute(query):
        keys[id_].append(Key(one))
    for id_, (name, company) in sorted(people.items()):
        compared = Person(name_key(name), tuple(sorted(keys[id_])), company_key(company))
        yield Known(Ref("candidate", kept[id_]), compared)


def _people(session: Session, ids: list[int]) -> dict[int, tuple[str, str]]:
    query = select(Candidate.id, Candidate.name, Candidate.company).where(Candidate.id.in_(ids))
    return {id_: (name, company) for id_, name, company in session.execute(query)}


def _handles(session: Session, ids: list[int]) -> dict[int, list[Address]]:
    found: dict[int, list[Address]] = {}
    query = select(Handle.candidate_id, Handle.kind, Handle.value).where(Handle.candidate_id.in_(ids))
    for id_, kind, value in session.execute(query):
        found.setdefault(id_, []).append(Address(kind.value, value))
    return found


def _last_entry(session: Session) -> int | None:
    """Every command leaves an entry: where there is no new one, nothing is new."""
    return session.scalar(select(func.max(AuditEntry.id)))

"""What the matcher is told of everybody stored, and the keys by which it finds them."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, text
from sqlalchemy.orm import Session

from core.domain.handles import Handle as Address
from core.domain.matching import MOST_NEAR, Key, KeyKind, Known, Person, Ref, key, not_handles, person
from core.domain.names import company_key, name_key
from core.persistence.bulk import AMONG, AS_LIST, as_list, strokes
from core.persistence.facts import FACT, kept_records, merged_records
from core.persistence.tables import AuditEntry, Candidate, CandidateSkill, Contact, FactKind, Handle, MatchKey, Skill
from core.persistence.tables.people import HandleKind
from core.persistence.tombstones import erased_among

HANDLES: list[KeyKind] = ["email", "github", "linkedin", "phone"]
"""In the order of their keys."""
ROW = key("row", "")
CANDIDATE, CONTACT, MATCH_KEY = Candidate.__table__, Contact.__table__, MatchKey.__table__


@dataclass(frozen=True, slots=True)
class Written:
    """What is written of somebody: the version, the columns, and the keys of all that a list could add.

    Those are the columns with something in them, the addresses as keys, skills as `skill:go`, and `tags`.
    """

    version: int
    columns: Mapping[str, str]
    said: frozenset[str]
    tags: tuple[str, ...] = ()


class Stored:
    """Everybody stored, as an import asks for them. It remembers what it answered, to tell whether that still holds."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._last_entry = _last_entry(session)
        self._asked = array("q")
        """The keys asked about, as numbers: of a million rows they are millions."""
        self._told: dict[int, int] = {}
        """Of everybody told of, by record: what was told of them, as a number."""
        self._asked_words = False

    def known_by(self, keys: Collection[Key]) -> Iterable[Known]:
        ids = _ids_by(self._session, keys)
        found = [known for some in strokes(sorted(ids)) for known in _known(self._session, some)]
        self._asked.extend(map(hash, keys))
        for id_, known in zip(sorted(ids), found, strict=True):
            self._told[id_] = hash(known)
        return found

    def written(self, candidate_ids: Collection[int]) -> Mapping[int, Written]:
        """What is written of these; what was entered for somebody merged into them is theirs."""
        found: dict[int, Written] = {}
        for some in strokes(sorted(candidate_ids), 1_000):
            found.update(_written(self._session, some))
        return found

    def words_known(self, source_keys: Collection[str]) -> Collection[str]:
        found = set[str]()
        for some in strokes(source_keys):
            query = select(CONTACT.c.source_key).join(FACT, FACT.c.id == CONTACT.c.id)
            found.update(self._session.scalars(query.where(CONTACT.c.source_key.in_(some), FACT.c.undone_at.is_(None))))
        self._asked_words = True
        return found

    def erased(self, handles: Iterable[Address]) -> Collection[Address]:
        return erased_among(self._session, handles)

    def still_holds(self, session: Session) -> bool:
        """Whether it would answer the same now: looks only at whom somebody has been at since."""
        since = self._last_entry or 0
        entries = session.execute(
            select(AuditEntry.subject_kind, AuditEntry.subject_id, AuditEntry.action)
            .where(
                AuditEntry.id > since, AuditEntry.subject_kind.in_(("candidate", "import_batch", "merge", "not_same"))
            )
            .distinct()
        ).all()
        if any(kind != "candidate" and (action != "list imported" or self._asked_words) for kind, _, action in entries):
            return False
        touched = {id_ for kind, id_, _ in entries if kind == "candidate" and id_ is not None}
        for batch_id in (id_ for kind, id_, _ in entries if kind == "import_batch"):
            arrived = select(FACT.c.candidate_id).where(FACT.c.batch_id == batch_id, FACT.c.kind == FactKind.ARRIVAL)
            touched.update(session.scalars(arrived))
        return all(self._is_as_told(session, some) for some in strokes(sorted(touched)))

    def _is_as_told(self, session: Session, touched: list[int]) -> bool:
        asked: set[int] | None = None
        there = sorted(session.scalars(select(Candidate.id).where(Candidate.id.in_(touched))))
        for id_, known in zip(there, _known(session, there), strict=True):
            if (told := self._told.get(id_)) is not None:
                if told != hash(known):
                    return False
                continue
            asked = set(self._asked) if asked is None else asked
            if any(hash(one) in asked for one in known.person.keys):
                return False
        return not any(id_ in self._told for id_ in set(touched) - set(there))


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


def taken(session: Session, handles: Collection[Address]) -> set[Address]:
    """Those of the addresses that are somebody's."""
    found: set[Address] = set()
    for kind in HandleKind:
        for some in strokes({handle.value for handle in handles if handle.kind == kind.value}):
            query = select(Handle.value).where(Handle.kind == kind, Handle.value.in_(some))
            found |= {Address(kind.value, value) for value in session.scalars(query)}
    return found


def people_asking(session: Session, candidate_ids: list[int]) -> dict[int, Person]:
    """These records as somebody who is looked for: with all that they ask for."""
    handles = _handles(session, candidate_ids)
    return {
        id_: person(name_key(name), company_key(company), handles.get(id_, ()))
        for id_, (name, company) in _people(session, candidate_ids).items()
    }


def known_by(session: Session, keys: Collection[Key]) -> list[Known]:
    return [known for some in strokes(sorted(_ids_by(session, keys))) for known in _known(session, some)]


def _ids_by(session: Session, keys: Collection[Key]) -> set[int]:
    """Asked in the order of the index: neighbours stand on one page of it."""
    dialect = session.get_bind().dialect.name
    ids: set[int] = set()
    ordered = sorted(keys)
    others: list[Key] = []
    end = 0
    query = text(f"SELECT candidate_id FROM handle WHERE kind = :kind AND value {AMONG[dialect]}")  # noqa: S608
    for kind in HANDLES:
        prefix = key(kind, "")
        others += ordered[end : (begin := bisect_left(ordered, prefix))]
        end = bisect_left(ordered, f"{kind};", begin)  # what comes after a colon
        values = [one[len(prefix) :] for one in ordered[begin:end]]
        ids.update(session.scalars(query, {"kind": kind, "list": as_list(values)}))
    ids.update(_first_under(session, [*others, *ordered[end:]]))
    return ids


def _first_under(session: Session, keys: list[Key]) -> Iterable[int]:
    """The first few under each of these keys: a thousand people of one name in one company cost no more than those.

    Most keys of a list have nobody: who has somebody is asked first.
    """
    dialect = session.get_bind().dialect.name
    keys = [Key(one) for one in session.scalars(text(_WITH_SOMEBODY[dialect]), {"list": as_list(keys)})]
    query = f"""
        SELECT match_key.candidate_id FROM ({AS_LIST[dialect]}) AS asked JOIN match_key ON match_key.key = asked.value
        AND match_key.candidate_id <= coalesce(
            (SELECT later.candidate_id FROM match_key AS later WHERE later.key = asked.value
             ORDER BY later.candidate_id LIMIT 1 OFFSET {MOST_NEAR - 1}), 9223372036854775807)
    """  # noqa: S608 - our own words
    return session.scalars(text(query), {"list": as_list(keys)})


_WITH_SOMEBODY = {
    "sqlite": f"SELECT asked.value FROM ({AS_LIST['sqlite']}) AS asked"  # noqa: S608 - our own words
    " WHERE EXISTS (SELECT 1 FROM match_key WHERE match_key.key = asked.value)",
    "postgresql": f"SELECT DISTINCT key FROM match_key WHERE key {AMONG['postgresql']}",  # noqa: S608
}
"""Those of some keys that somebody is kept under. To an EXISTS of so many PostgreSQL would read every key there is."""


def _written(session: Session, ids: list[int]) -> dict[int, Written]:
    kept_of = merged_records(session, ids)
    said: dict[int, set[str]] = {id_: set() for id_ in ids}
    for id_, handles in _handles(session, list(kept_of)).items():
        said[kept_of[id_]].update(key(handle.kind, handle.value) for handle in handles)
    skills = select(CandidateSkill.candidate_id, Skill.key).join(Skill, Skill.id == CandidateSkill.skill_id)
    for id_, skill in session.execute(skills.where(CandidateSkill.candidate_id.in_(list(kept_of)))):
        said[kept_of[id_]].add(f"skill:{skill}")
    names = ("name", "title", "company", "location", "source", "notes")
    columns = [CANDIDATE.c[name] for name in names]
    found = {}
    rows = session.execute(
        select(CANDIDATE.c.id, CANDIDATE.c.version, CANDIDATE.c.tags, *columns).where(CANDIDATE.c.id.in_(ids))
    )
    for id_, version, tags, *values in rows:
        there = dict(zip(names, values, strict=True))
        said[id_].update(name for name, value in there.items() if value)
        if tags:
            said[id_].add("tags")
        found[id_] = Written(version, there, frozenset(said[id_]), tuple(tags or ()))
    return found


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
    """The number of the last entry of the audit trail. As every command leaves one, the same number means no change."""
    return session.scalar(select(func.max(AuditEntry.id)))

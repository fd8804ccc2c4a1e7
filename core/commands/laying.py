"""What a list brings, laid out beside the database row by row, so that the writer's turn is a few statements long."""

import json
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from json.encoder import encode_basestring_ascii
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.commands.imports import PERSONAL_WAYS
from core.domain import facts as domain
from core.domain.calendar import Calendar
from core.domain.figures import ghosted_on
from core.domain.handles import Handle
from core.domain.life import Facts
from core.domain.matching import Key
from core.domain.names import folded
from core.domain.pool import NEVER, Became
from core.domain.promises import Kind, Promise, Status
from core.domain.rules import owed
from core.domain.spread import Newcomer, first_dates
from core.domain.team import Team
from core.importers.preview import OUTCOMES, Preview
from core.importers.ready import Arranging, Choices, Somebody, Window, newcomers
from core.persistence.bulk import strokes, unpaused
from core.persistence.ledger import DERIVED, GhostKey, Tally, take_time, tally_keys
from core.persistence.matching import Stored, Written, match_keys, taken
from core.persistence.search import tag_words, words_of
from core.persistence.stage import Stage
from core.persistence.store import Store
from core.persistence.tables import CandidateSkill, Consent, ConsentWithdrawal, MatchKey, Skill
from core.persistence.tallies import Pooled, pool_keys
from core.persistence.team import team_of
from core.persistence.viewer import Viewer

STAGE = {
    "skill": ("id INTEGER PRIMARY KEY", "key", "name"),
    "person": (
        *("id INTEGER PRIMARY KEY", "name", "sort_name", "title", "company", "location", "source", "tags", "notes"),
        *("known_since", "first_on", "consents", "is_told_again"),
    ),
    "handle": ("kind", "value", "candidate", "UNIQUE (kind, value) ON CONFLICT IGNORE"),
    "candidate_skill": ("candidate", "skill", "UNIQUE (candidate, skill) ON CONFLICT IGNORE"),
    "search_word": ("word", "candidate"),
    "match_key": ("key", "candidate"),
    "more_word": ("word", "candidate"),
    "more_key": ("key", "candidate"),
    "gone_word": ("word", "candidate"),
    "gone_key": ("key", "candidate"),
    "word": ("id INTEGER PRIMARY KEY", "candidate", "way", "at", "about", "text", "has_text", "is_group", "source_key"),
    "consenting": ("id INTEGER PRIMARY KEY", "candidate"),
    "due": ("first_on", "consents", "due_at", "ghosted_on", "in_touch_on", "PRIMARY KEY (first_on, consents)"),
    "owed": (
        *("first_on", "consents", "key", "kind", "about", "opened_at", "due_at", "rule_due_at", "is_snoozed", "status"),
        "late",
    ),
    "change": (
        *("candidate INTEGER PRIMARY KEY", "version", "name", "sort_name", "title", "company", "location"),
        *("source", "notes", "tags", "changed"),
    ),
    "import_row": ("line", "record", "outcome", "reason", "candidate", "cells", "filled"),
}
"""Newcomers are numbered from 1; where they stand beside people known, as a negative number. So are new skills.

`search_word` and `match_key` are those by which newcomers are found from their first rows, each once. What later rows
add, and what comes to people known, is in `more_word` and `more_key`, maybe several times, maybe there already.
"""

CHANGING = ("name", "title", "company", "location", "source", "notes")
"""Columns of somebody known that a list may fill, or be right about."""

PERSON_DUE = "{stage}person LEFT JOIN {stage}due USING (first_on, consents)"
"""Newcomers, with what follows from their first date and their consent: nothing where they bring words."""
MET_ON = "min(coalesce(known_since, :today), :today)"
SOURCE = "coalesce(nullif(source, ''), :source)"
"""What is said of the whole list says it of those of whom no row does."""

FOUND_BY = ("name", "title", "company", "location")
"""Columns whose words people are found by."""
SOMEBODY, ARRIVAL, CONSENT = -1, -3, -2
"""Stand for a newcomer and their facts while what they are owed is derived."""


@dataclass(slots=True)
class Laid:
    """All that is to be written, and what has to hold for it."""

    stage: Stage
    choices: Choices
    at: datetime
    """The moment of the import."""
    team: str
    """The team's policy and departures as promises were derived by, in words."""
    owner_id: int | None
    newcomers: int
    windows: Iterator[int] = iter(())
    """Going through it lays out one stretch of rows after the other, and says how many are by then."""
    words: int = 0
    consents: int = 0
    tally: Tally = field(default_factory=Counter)
    pool: Pooled = field(default_factory=Counter)
    counts: dict[str, Any] = field(default_factory=dict)
    renamed: list[int] = field(default_factory=list)
    """Known people who may be somebody else's double now: their name or company is another."""
    to_settle: list[int] = field(default_factory=list)
    """Whose promises are derived once they are written: candidates, and newcomers as negative numbers."""
    not_same: list[tuple[int, int]] = field(default_factory=list)
    skills: list[int] = field(default_factory=list)
    """Those that are stored already, by id."""

    def concerned(self, people: int) -> list[int]:
        """Who is to be settled, newcomers numbered on from `people`."""
        return sorted(people - number if number < 0 else number for number in self.to_settle)


@contextmanager
def lay(store: Store, viewer: Viewer, preview: Preview, choices: Choices) -> Iterator[Laid]:
    """The whole of a preview, as it was decided on: laid out once its `windows` have been gone through."""
    with Stage(STAGE) as stage:
        with store.reading() as session:
            team = team_of(session)
        owner_id = choices.owner_id or viewer.id
        laid = Laid(stage, choices, store.now(), repr(team), owner_id, newcomers(preview, choices))
        with closing(_windows(store, laid, preview, team)) as laid.windows:
            yield laid


def _windows(store: Store, laid: Laid, preview: Preview, team: Team) -> Generator[int, None, None]:
    with store.reading() as session, unpaused():
        take_time(session)  # of a list of newcomers it asks nothing between its first row and its last
        yield from _Laying(session, laid, preview, team, team.calendar(store.calendar)).lay()
    laid.stage.done()


class _Laying:
    def __init__(self, session: Session, laid: Laid, preview: Preview, team: Team, calendar: Calendar) -> None:
        self.session, self.laid, self.preview, self.calendar = session, laid, preview, calendar
        self.stored = Stored(session)
        self.stage, self.choices = laid.stage, laid.choices
        self.team = team
        self.today = calendar.day(laid.at)
        self.skills: dict[str, int] = {}
        """Skills of the file by key: their id, or of a new one its negative number."""
        self.skill_called: dict[str, int] = {}
        """The same, by their names as rows have them."""
        self.new_skills = 0
        self.outcomes: Counter[str] = Counter()
        self.owed: dict[tuple[str, int], Sequence[Promise]] = {}
        """What newcomers are owed, by their first date and whether they consent."""
        self.refusing: set[int] = set()
        """People known of whom a row says that they gave no consent."""

    def lay(self) -> Iterator[int]:
        arranging = Arranging(self.preview, self.choices, now=self.laid.at)
        dates = iter(self._dates(self.laid.newcomers)) if self.preview.kind == "people" else None
        done = 0
        for window in arranging.windows():
            self._window(window, dates or iter(self._dates_by_words(window.newcomers)))
            done += len(window.rows)
            del window
            yield done
        assert arranging.brought == self.laid.newcomers, (arranging.brought, self.laid.newcomers)
        self.laid.skills = sorted(id_ for id_ in self.skills.values() if id_ > 0)
        self._consents()
        self._count_owed()
        self._count_in_pool()
        self._find_known_anew()
        self._count()

    def _dates(self, number: int) -> Iterable[date | None]:
        return first_dates([Newcomer(self.choices.rhythm, None)] * number, self.today)

    def _dates_by_words(self, people: list[Somebody]) -> Iterable[date | None]:
        return first_dates([Newcomer(self.choices.rhythm, self._last_word_on(one)) for one in people], self.today)

    def _last_word_on(self, one: Somebody) -> date | None:
        said = [word.at for word in one.words if word.way in PERSONAL_WAYS and not word.is_group]
        return self.calendar.day(max(said)) if said else None

    def _window(self, window: Window, dates: Iterable[date | None]) -> None:
        self._learn_skills(window)
        theirs = taken(self.session, window.doubted) if window.doubted else set()
        self._newcomers(window.newcomers, iter(dates))
        earlier = [one for one in window.added.values() if one.number < 0 and one != Somebody(one.number)]
        known = [one for one in window.added.values() if one.number > 0]
        self._add_to_earlier(earlier)
        filled = self._add_to_known(known)
        people = [*window.newcomers, *window.added.values()]
        handles = [(*h, one.number) for one in people for h in one.handles if h not in theirs]
        self.stage.add("handle", handles)
        tagged = [(key, number) for kind, value, number in handles if number > 0 for key in _mailboxes(kind, value)]
        self.stage.add("more_key", tagged)
        self._words(people)
        self._rows(window, filled)
        self.laid.not_same += window.not_same

    # newcomers

    def _newcomers(self, people: list[Somebody], dates: Iterator[date | None]) -> None:
        rows: list[tuple[Any, ...]] = []
        skills: list[tuple[int, int]] = []
        words: list[tuple[str, int]] = []
        keys: list[tuple[str, int]] = []
        with_words = self.preview.kind == "messages"
        for one in people:
            number, said, first_on = one.number, one.columns, next(dates)
            name, title = said.get("name", ""), said.get("title", "")
            company, location = said.get("company", ""), said.get("location", "")
            rows.append(
                (
                    *(-number, name, folded(name), title, company, location, said.get("source", "")),
                    *(json.dumps(one.tags) if one.tags else "[]", said.get("notes", "")),
                    *(stored_day(one.known_since), stored_day(first_on) or "", int(not one.refuses)),
                    int(one.is_told_again),
                )
            )
            found_by = words_of(name, company, title, location)
            words += [(word, number) for word in (found_by | tag_words(one.tags) if one.tags else found_by)]
            keys += [(one_key, number) for one_key in one.keys]
            skills += [(number, self.skill_called[skill]) for skill in one.skills]
        if not with_words:
            self._owe({(first_on, consents) for *_, first_on, consents, _ in rows})
        self.stage.add("person", rows)
        self.stage.add("search_word", words)
        self.stage.add("match_key", keys)
        self.stage.add("candidate_skill", skills)
        if with_words:
            agreed = self.choices.rhythm or self.choices.ground.until_on
            self.laid.to_settle += [one.number for one in people if one.words or agreed]

    def _owe(self, alike: Set[tuple[str, int]]) -> None:
        """What newcomers are owed follows from their first date and their consent: it is derived once for all alike."""
        for first_on, consents in sorted(alike - self.owed.keys()):
            life = self._life(date.fromisoformat(first_on) if first_on else None, consents=bool(consents))
            promises = self.owed[first_on, consents] = owed(life, self.team.policies, self.calendar)
            self.stage.add("owed", [(first_on, consents, *_to_anybody(promise)) for promise in promises])
            due = [(promise.due_at, promise.kind) for promise in promises if promise.status is Status.OPEN]
            next_due = min((stored_moment(at) for at, _ in due), default=None)
            in_touch_on = min((self.calendar.day(at) for at, kind in due if kind is Kind.KEEP_IN_TOUCH), default=None)
            ghosted_on_day = stored_day(ghosted_on(promises, self.calendar))
            self.stage.add("due", [(first_on, consents, next_due, ghosted_on_day, stored_day(in_touch_on))])

    def _count_owed(self) -> None:
        alike = self.stage.run("SELECT first_on, consents, count(*) FROM person GROUP BY 1, 2 ORDER BY 1, 2")
        for first_on, consents, number in alike:
            promises = self.owed.get((first_on, consents), ())
            if (ghosted := ghosted_on(promises, self.calendar)) is not None:
                self.laid.tally[GhostKey(ghosted, self.laid.owner_id or 0)] += number
            for promise in promises:
                values = {column: getattr(promise, name) for column, name in DERIVED.items()}
                for key in tally_keys(SimpleNamespace(**values), self.calendar):
                    self.laid.tally[key] += number

    def _count_in_pool(self) -> None:
        """Newcomers as they are copied, before a word is said; who brings words is settled after that."""
        rhythm = self.choices.rhythm
        alike = f"SELECT {MET_ON}, {SOURCE}, in_touch_on, count(*) FROM {PERSON_DUE} GROUP BY 1, 2, 3"  # noqa: S608
        said = {"today": stored_day(self.today), "source": self.choices.source.strip()}
        counted = self.stage.run(alike.replace("{stage}", ""), said)
        for met_on, source, in_touch_on, number in counted:
            person = SimpleNamespace(
                owner_id=self.laid.owner_id,
                met_on=date.fromisoformat(met_on),
                last_word_on=NEVER,
                became=Became.KNOWN,
                came_from=source,
                rhythm_unit=rhythm.unit if rhythm else None,
                rhythm_count=rhythm.count if rhythm else None,
                in_touch_on=date.fromisoformat(in_touch_on) if in_touch_on else None,
            )
            self.laid.pool.update(dict.fromkeys(pool_keys(person), number))

    def _life(self, first_on: date | None, *, consents: bool) -> Facts:
        at, rhythm, until = self.laid.at, self.choices.rhythm, self.choices.ground.until_on
        common: dict[str, Any] = {"candidate": SOMEBODY, "happened": at, "entered": at, "imported": True}
        told: list[domain.Fact] = [
            domain.Arrival(id=ARRIVAL, owner=self.laid.owner_id, rhythm=rhythm, first_on=first_on, **common)
        ]
        if until and consents:
            told.append(domain.ConsentGiven(id=CONSENT, until=until, **common))
        return Facts(SOMEBODY, told, team=self.team, calendar=self.calendar)

    # people before, and people known

    def _add_to_earlier(self, people: list[Somebody]) -> None:
        """Newcomers of a stretch before: what was blank of them is filled."""
        for one in people:
            names = ("name", "title", "company", "location", "source", "notes")
            rest = "tags, known_since, first_on, is_told_again"
            query = f"SELECT {', '.join(names)}, {rest} FROM person WHERE id = ?"  # noqa: S608 - our names
            *values, tags, known_since, first_on, is_told_again = self.stage.run(query, (-one.number,))[0]
            assert is_told_again, one.number  # else they may have been copied as they were
            before = dict(zip(names, values, strict=True))
            tags_before = json.loads(tags)
            more_tags = [tag for tag in one.tags if tag not in tags_before]
            now = {**one.columns, **{name: value for name, value in before.items() if value}}
            since = min(filter(None, (known_since, stored_day(one.known_since))), default=None)
            self.stage.run(
                "UPDATE person SET name = ?, sort_name = ?, title = ?, company = ?, location = ?, source = ?,"
                " notes = ?, tags = ?, known_since = ? WHERE id = ?",
                (
                    *(now.get("name", ""), folded(now.get("name", ""))),
                    *(now.get(name, "") for name in names[1:]),
                    *(json.dumps([*tags_before, *more_tags]), since, -one.number),
                ),
            )
            more = _words_of(now) - _words_of(before) | tag_words(more_tags)
            self.stage.add("more_word", [(word, one.number) for word in sorted(more)])
            self.stage.add("more_key", [(key, one.number) for key in one.keys])
            self.stage.add("candidate_skill", [(one.number, self.skill_called[skill]) for skill in one.skills])
            if one.refuses:
                self._owe({(first_on, 0)})
                self.stage.run("UPDATE person SET consents = 0 WHERE id = ?", (-one.number,))

    def _add_to_known(self, people: list[Somebody]) -> dict[int, dict[str, Any]]:
        """What each row, by its place, filled or put right of somebody known: column → before and after."""
        filled: dict[int, dict[str, Any]] = {}
        ids = [one.number for one in people]
        written = self.stored.written(ids)
        self._skills_and_keys_of_known(people, ids)
        self.refusing.update(one.number for one in people if one.refuses)
        for one in people:
            there = written.get(one.number)
            if there is None:  # gone since: `Stored.still_holds` will say so
                continue
            now = self._as_laid(one.number, there)
            before = dict(now)
            for place, said, right in one.told:
                for name, value in said.items():
                    if name in CHANGING and value != now[name] and (not now[name] or name in right):
                        filled.setdefault(place, {})[name] = [now[name], value]
                        now[name] = value
            more_tags = [tag for tag in one.tags if tag not in now["tags"]]
            if more_tags and not there.tags:
                filled.setdefault(one.told[0][0], {})["tags"] = [now["tags"], [*now["tags"], *more_tags]]
                now["tags"] = [*now["tags"], *more_tags]
            if now != before:
                self._change(one.number, there.version, now, before)
        return filled

    def _as_laid(self, id_: int, there: Written) -> dict[str, Any]:
        """Their columns as stored, and as rows before have changed them."""
        now: dict[str, Any] = {**there.columns, "tags": list(there.tags)}
        query = "SELECT name, title, company, location, source, notes, tags FROM change WHERE candidate = ?"
        for *values, tags in self.stage.run(query, (id_,)):
            now |= dict(zip(CHANGING, values, strict=True)) | {"tags": json.loads(tags)}
        return now

    def _change(self, id_: int, version: int, now: dict[str, Any], before: dict[str, Any]) -> None:
        earlier = self.stage.run("SELECT changed FROM change WHERE candidate = ?", (id_,))
        changed = set(json.loads(earlier[0][0])) if earlier else set()
        changed |= {name for name in now if now[name] != before[name]}
        row = (
            *(id_, version, now["name"], folded(now["name"])),
            *(now[name] for name in CHANGING[1:]),
            *(json.dumps(now["tags"]), json.dumps(dict.fromkeys(sorted(changed), "changed"))),
        )
        self.stage.run("DELETE FROM change WHERE candidate = ?", (id_,))
        self.stage.add("change", [row])

    def _find_known_anew(self) -> None:
        """The words and keys that come and go with what was changed of people known."""
        query = "SELECT candidate, name, title, company, location, tags FROM change ORDER BY candidate"
        for some in strokes(self.stage.run(query), 1_000):
            written = self.stored.written([id_ for id_, *_ in some])
            for id_, *values, tags in some:
                before, now = written[id_].columns, dict(zip(FOUND_BY, values, strict=True))
                words = _words_of(now) | tag_words(json.loads(tags))
                words_before = _words_of(before) | tag_words(written[id_].tags)
                self.stage.add("more_word", [(word, id_) for word in sorted(words - words_before)])
                self.stage.add("gone_word", [(word, id_) for word in sorted(words_before - words)])
                if any(before[name] != now[name] for name in ("name", "company")):
                    keys, keys_before = (set(match_keys(of["name"], of["company"], ())) for of in (now, before))
                    self.stage.add("more_key", [(key, id_) for key in sorted(keys - keys_before)])
                    self.stage.add("gone_key", [(key, id_) for key in sorted(keys_before - keys)])
                    self.laid.renamed.append(id_)

    def _skills_and_keys_of_known(self, people: list[Somebody], ids: list[int]) -> None:
        skilled, keyed = set[tuple[int, int]](), set[tuple[int, str]]()
        for some in strokes(ids):
            skills = select(CandidateSkill.candidate_id, CandidateSkill.skill_id)
            skilled |= {
                (id_, skill) for id_, skill in self.session.execute(skills.where(CandidateSkill.candidate_id.in_(some)))
            }
            keys = select(MatchKey.candidate_id, MatchKey.key).where(MatchKey.candidate_id.in_(some))
            keyed |= {(id_, key) for id_, key in self.session.execute(keys)}
        new_skills = ((one.number, self.skill_called[skill]) for one in people for skill in one.skills)
        self.stage.add("candidate_skill", [pair for pair in new_skills if pair not in skilled])
        new_keys = [(key, one.number) for one in people for key in one.keys if (one.number, key) not in keyed]
        self.stage.add("more_key", new_keys)

    # all of them

    def _learn_skills(self, window: Window) -> None:
        """Every skill of the file, by its folded name; those nobody had yet are new."""
        people = (*window.newcomers, *window.added.values())
        if all(self.skill_called.keys() >= one.skills.keys() for one in people):
            return
        wanted = {folded(skill): skill for one in people for skill in reversed(one.skills)}
        unknown = [key for key in wanted if key not in self.skills]
        for some in strokes(unknown):
            for key, id_ in self.session.execute(select(Skill.key, Skill.id).where(Skill.key.in_(some))):
                self.skills[key] = id_
        new = [key for key in unknown if key not in self.skills]
        for number, key in enumerate(new, self.new_skills + 1):
            self.skills[key] = -number
        self.stage.add("skill", [(-self.skills[key], key, wanted[key]) for key in new])
        self.new_skills += len(new)
        self.skill_called |= {skill: self.skills[folded(skill)] for one in people for skill in one.skills}

    def _words(self, people: list[Somebody]) -> None:
        rows = []
        for one in people:
            for word in one.words:
                self.laid.words += 1
                has_text, is_group = int(bool(word.text.strip())), int(word.is_group)
                what = (word.subject[:200] or None, word.text, has_text, is_group, word.source_key)
                rows.append((self.laid.words, one.number, word.way.value, stored_moment(word.at), *what))
            if one.words and one.number > 0:
                self.laid.to_settle.append(one.number)
        self.stage.add("word", rows)

    def _rows(self, window: Window, filled: dict[int, dict[str, Any]]) -> None:
        self.outcomes.update(row.outcome for row in window.rows)
        self.stage.add(
            "import_row",
            [
                (
                    *(row.line, row.record, row.outcome, row.reason, row.who, as_json_list(row.cells)),
                    json.dumps(filled[row.place]) if row.place in filled else None,
                )
                for row in window.rows
            ],
        )

    def _consents(self) -> None:
        """Everybody's who came, unless a row denies it; nor where a longer one stands already, or one was withdrawn."""
        until = self.choices.ground.until_on
        if until is None:
            return
        number = self.laid.newcomers
        self.stage.run("INSERT INTO consenting SELECT id, -id FROM person WHERE consents")
        query = (
            "SELECT DISTINCT candidate FROM import_row WHERE candidate > 0 AND outcome IN ('adds', 'exact') ORDER BY 1"
        )
        known = [id_ for (id_,) in self.stage.run(query)]
        for some in strokes(known):
            stay = self._keep_theirs(some, until) | self.refusing
            without = [id_ for id_ in some if id_ not in stay]
            self.stage.add("consenting", list(enumerate(without, number + 1)))
            number += len(without)
            self.laid.to_settle += without
        self.laid.consents = number

    def _keep_theirs(self, ids: list[int], until: date) -> set[int]:
        longer = select(Consent.candidate_id).where(
            Consent.candidate_id.in_(ids), Consent.undone_at.is_(None), Consent.until_on >= until
        )
        withdrawn = select(ConsentWithdrawal.candidate_id).where(
            ConsentWithdrawal.candidate_id.in_(ids), ConsentWithdrawal.undone_at.is_(None)
        )
        return {id_ for query in (longer, withdrawn) for id_ in self.session.scalars(query) if id_ is not None}

    def _count(self) -> None:
        self.laid.to_settle = sorted(set(self.laid.to_settle))
        known = "SELECT count(DISTINCT candidate) FROM import_row WHERE candidate > 0 AND outcome IN ('adds', 'exact')"
        added_to = self.stage.run(known)[0][0]
        if self.preview.kind == "messages":
            added_to = self.stage.run("SELECT count(DISTINCT candidate) FROM word WHERE candidate > 0")[0][0]
        self.laid.counts = {
            "rows_read": len(self.preview.rows),
            "blank_rows": self.preview.counts.blank_rows,
            **{outcome: self.outcomes[outcome] for outcome in OUTCOMES},
            "people": self.laid.newcomers,
            "added_to": added_to,
            "words": self.laid.words,
            "columns": list(self.preview.sheet.header),
        }


def _to_anybody(promise: Promise) -> tuple[Any, ...]:
    """A promise to anybody alike: whom it is to, and what it is about, are put in where it is copied."""
    moments = (stored_moment(at) for at in (promise.opened_at, promise.due_at, promise.rule_due_at))
    key = ":".join(_STANDS_FOR.get(part, part) for part in promise.key.split(":"))
    about = "arrival" if promise.about == ARRIVAL else "consent"
    assert {f"{{{about}}}", "{person}"}.issuperset(part for part in key.split(":") if part[:1] == "{"), key
    return key, promise.kind.value, about, *moments, int(promise.is_snoozed), promise.status.value, promise.late


_STANDS_FOR = {str(SOMEBODY): "{person}", str(ARRIVAL): "{arrival}", str(CONSENT): "{consent}"}


def as_json_list(texts: Sequence[str]) -> str:
    """As `json.dumps` writes it, three times as fast, and most rows ten times: each row of a list is written so."""
    together = "".join(texts)
    if together.isascii() and together.isprintable() and '"' not in together and "\\" not in together and texts:
        return f'["{_BETWEEN_TEXTS.join(texts)}"]'
    return f"[{', '.join(map(encode_basestring_ascii, texts))}]"


_BETWEEN_TEXTS = '", "'


def _mailboxes(kind: str, value: str) -> list[Key]:
    """The key that an address adds besides itself: one with a +tag is kept under the plain one too."""
    return match_keys("", "", [Handle(kind, value)]) if kind == "email" else []  # type: ignore[arg-type]


def _words_of(columns: Mapping[str, Any]) -> set[str]:
    return words_of(*(columns.get(name, "") for name in ("name", "company", "title", "location")))


def stored_moment(at: datetime) -> str:
    """As SQLite has it, and PostgreSQL reads it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


def stored_day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None

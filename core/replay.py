"""`perennial replay`: a story, told to an empty store through the commands the pages use, and looked at when it looks.

The form of a story and of what is printed: shared/stories/README.md.
"""

import json
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from core.commands import (
    candidates,
    clients,
    consents,
    contacts,
    growth,
    imports,
    meetings,
    members,
    merges,
    openings,
    placements,
    processes,
    promises,
    referrals,
    undo,
)
from core.commands import policy as policies
from core.domain.calendar import Calendar, NoSuchTime
from core.domain.facts import (
    Absent,
    Answer,
    HoldReason,
    MeetingKind,
    MeetingResult,
    OpeningStatus,
    Result,
    Rhythm,
    Turn,
    Unit,
    Way,
)
from core.domain.promises import state
from core.domain.refusal import Refused
from core.persistence.ledger import settle
from core.persistence.migrations import upgrade
from core.persistence.store import Store, open_store
from core.persistence.tables import Arrival, Candidate, Closing, Contact, Fact, FactKind, Process, Promise
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM, Viewer, Work

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOMENT = re.compile(
    r"(?:(?P<weekday>[A-Z][a-z]{2}) )?(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[ T](?P<time>\d{1,2}:\d{2}))?\s*(?P<offset>[+-]\d{2}:\d{2})?"
)
WORDS = {"word_to": Way.TO, "word_from": Way.FROM, "talked": Way.TALKED, "attempt": Way.ATTEMPT, "note": Way.NOTE}


class NoStory(Exception):
    """The file is no story; the sentence says where it stops being one."""


Line = Mapping[str, Any]


@dataclass(slots=True)
class Look:
    at: datetime
    promises: list[dict[str, Any]]
    expected: list[str] | None


@dataclass(slots=True)
class Replay:
    """One story in the telling: the store, its clock, and what the story's ids stand for."""

    store: Store
    calendar: Calendar
    now: datetime
    ids: dict[str, int] = field(default_factory=dict)
    """A story's id → ours, one space for each idea: `candidate Noor`, `fact m1`."""
    names: dict[tuple[str, int], str] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now


def main(path: Path, *, as_json: bool) -> int:
    """Replay a story and print it; the exit code says whether it agrees, or is no story at all."""
    try:
        story = read(path)
        with tempfile.TemporaryDirectory() as folder:
            replay = tell(story, f"sqlite:///{folder}/story.db")
    except NoStory as wrong:
        print(f"{path.name}: {wrong}", file=sys.stderr)
        return 2
    if as_json:
        print(json.dumps(as_values(replay), ensure_ascii=False, indent=1))
        return 0
    return show(story, replay)


def read(path: Path) -> Line:
    """Every scalar as the text it is: a story's ids are names, whatever YAML would make of them."""
    try:
        story = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - makes text, runs nothing
    except (OSError, UnicodeDecodeError) as wrong:
        raise NoStory(f"it can't be read ({wrong.__class__.__name__}).") from wrong
    except yaml.YAMLError as wrong:
        raise NoStory("it is no YAML.") from wrong
    if (
        not isinstance(story, dict)
        or not isinstance(story.get("team"), dict)
        or not isinstance(story.get("story"), list)
    ):
        raise NoStory("a story has a team and a story.")
    return story


def tell(story: Line, url: str) -> Replay:
    """Tell a story to the empty store at this address."""
    calendar, terms = _team(story["team"])
    upgrade(url)
    replay = Replay(store=open_store(url, calendar), calendar=calendar, now=datetime(1970, 1, 1, tzinfo=UTC))
    replay.store.clock = replay.clock
    try:
        _gather(replay, story["team"], terms)
        for number, line in enumerate(story["story"], 1):
            if not isinstance(line, dict):
                raise NoStory(f"line {number} of the story is none.")
            if "look" in line:
                _look(replay, line)
            else:
                _live(replay, line, number)
    finally:
        replay.store.engine.dispose()
    return replay


def as_values(replay: Replay) -> dict[str, Any]:
    return {
        "looks": [{"at": _shown(replay, look.at), "promises": look.promises} for look in replay.looks],
        "refused": replay.refused,
    }


def show(story: Line, replay: Replay) -> int:
    """Print the looks for people, and whether the story agrees."""
    agrees = True
    print(story.get("title", "A story without a title"))
    for look in replay.looks:
        found = sorted(_row(promise) for promise in look.promises)
        print(f"\n{_local(replay, look.at)}")
        for row in found:
            print(f"  {row}")
        if look.expected is not None:
            expected = sorted(" | ".join(cell.strip() for cell in row.split("|")) for row in look.expected)
            missing, extra = [r for r in expected if r not in found], [r for r in found if r not in expected]
            agrees = agrees and not missing and not extra
            print("  agrees" if not missing and not extra else "  DOES NOT AGREE")
            for row in missing:
                print(f"  - the story says: {row}")
            for row in extra:
                print(f"  + it is:          {row}")
    expected_refusals = [
        line.get("id", f"#{n}") for n, line in enumerate(story["story"], 1) if line.get("refused") == "true"
    ]
    if expected_refusals != replay.refused:
        agrees = False
        print(f"\nRefused: {replay.refused}; the story says {expected_refusals}")
    return 0 if agrees else 1


# the team


def _team(team: Line) -> tuple[Calendar, dict[str, Any]]:
    hours = str(team.get("hours", "09:00-17:00"))
    try:
        opens, closes = (time.fromisoformat(_two_digits(clock)) for clock in hours.split("-"))
        days = frozenset(WEEKDAYS.index(day) for day in team.get("days", WEEKDAYS[:5]))
        calendar = Calendar(str(team["zone"]), str(team["country"]), days, opens, closes)
        _ = calendar.zone, calendar.public_holidays
    except KeyError as missing:
        raise NoStory(f"its team has no {missing.args[0]}.") from missing
    except (ValueError, TypeError, NotImplementedError, OSError) as wrong:
        raise NoStory(f"its team's zone, country, hours or days are none: {wrong}") from wrong
    if not days or opens >= closes:
        raise NoStory("its team opens after it closes, or never.")
    return calendar, _terms(team.get("policy", {}))


def _terms(values: Line) -> dict[str, Any]:
    def number(text: str) -> int | float:
        return float(text) if "." in text else int(text)

    try:
        return {
            name: {k: number(v) for k, v in value.items()}
            if isinstance(value, dict)
            else [number(v) for v in value]
            if isinstance(value, list)
            else number(value)
            for name, value in dict(values or {}).items()
        }
    except (ValueError, TypeError, AttributeError) as wrong:
        raise NoStory(f"its policy is none: {wrong}") from wrong


def _gather(replay: Replay, team: Line, terms: dict[str, Any]) -> None:
    with replay.store.working(THE_PROGRAM) as work:
        try:
            policies.ensure_first_policy(work, terms)
        except ValueError as wrong:
            raise NoStory(str(wrong)) from wrong
        for name in team.get("members", []):
            replay.members[name] = members.add_member(
                work, username=f"member{len(replay.members)}", name=name, role=Role.ADMIN, password=None
            )


# a line


def _live(replay: Replay, line: Line, number: int) -> None:
    """Do what the line says; what is refused is noted, and as if it had not been there."""
    id_ = str(line.get("id") or f"#{number}")
    do = EVENTS.get(str(line.get("event")))
    if do is None or "at" not in line:
        raise NoStory(f"line {number} of the story has no event, or no time.")
    try:
        replay.now = _moment(replay, line["at"])
        actor = _actor(replay, line)
        with replay.store.working(actor) as work:
            do(Telling(replay, work, line, id_))
    except (Refused, NoSuchTime):
        replay.refused.append(id_)


@dataclass(slots=True)
class Telling:
    """One line, and the unit of work it is told in."""

    replay: Replay
    work: Work
    line: Line
    id: str

    @property
    def happened(self) -> datetime:
        return self.moment("happened") or self.replay.now

    def text(self, name: str, default: str = "") -> str:
        value = self.line.get(name)
        return default if value is None else str(value)

    def moment(self, name: str) -> datetime | None:
        return _moment(self.replay, self.line[name]) if _given(self.line.get(name)) else None

    def day(self, name: str) -> date | None:
        return _day(self.line[name]) if _given(self.line.get(name)) else None

    def known(self, what: str, name: str) -> int:
        if (id_ := self.replay.ids.get(f"{what} {self.text(name)}")) is None:
            raise Refused(f"There is no {what} “{self.text(name)}”.")
        return id_

    def maybe(self, what: str, name: str) -> int | None:
        return self.known(what, name) if _given(self.line.get(name)) else None

    def member(self, name: str) -> int | None:
        return _member(self.replay, self.line[name]) if _given(self.line.get(name)) else None

    def name(self, what: str, id_: int, name: str | None = None) -> None:
        """What the story calls a thing of ours."""
        name = name or self.id
        self.replay.ids[f"{what} {name}"] = id_
        self.replay.names[what, id_] = name

    def fact(self, id_: int) -> None:
        self.name("fact", id_)

    def subject(self) -> int:
        return self.known("candidate", "candidate")


def _candidate(t: Telling) -> None:
    id_ = candidates.add_candidate(t.work, name=t.id, owner_id=t.member("owner"), at=t.happened)
    t.name("candidate", id_)


def _opening(t: Telling) -> None:
    client = clients.add_client(t.work, t.text("client")) if _given(t.line.get("client")) else None
    t.name("opening", openings.add_opening(t.work, t.id, client_id=client))


def _process(t: Telling) -> None:
    opening = t.known("opening", "opening")
    stage = t.text("stage") or None
    id_ = processes.start_process(t.work, t.subject(), opening, stage=stage, owner_id=t.member("owner"), at=t.happened)
    t.name("process", id_)
    t.fact(id_)


def _word(t: Telling) -> None:
    next_due = _next_due(t.replay, t.line.get("next"))
    fact = contacts.log_contact(
        t.work,
        t.subject(),
        way=WORDS[t.line["event"]],
        at=t.happened,
        next_due_at=next_due,
        **_fields(t.replay, t.line),
    )
    t.fact(fact)


def _fields(replay: Replay, line: Line) -> dict[str, Any]:
    """What a word says, as `log_contact` takes it."""
    marks = line.get("marks") or []
    process = f"process {line['process']}" if _given(line.get("process")) else None
    if process is not None and process not in replay.ids:
        raise Refused("There is no such process.")
    keeps = [replay.ids[f"fact {name}"] for name in line.get("keeps") or [] if f"fact {name}" in replay.ids]
    return {
        "text": str(line.get("text") or ""),
        "about": str(line["about"]) if _given(line.get("about")) else None,
        "process_id": replay.ids[process] if process else None,
        "is_feedback": "feedback" in marks,
        "is_thanks": "thanks" in marks,
        "is_check_in": "check_in" in marks,
        "is_group": line.get("group") == "true",
        "needs_answer": line.get("needs_answer") != "false",
        "keeps": keeps,
        "next_what": str(line["next"].get("what", "")) if line.get("next") else None,
    }


def _stage(t: Telling) -> None:
    t.fact(processes.move_to_stage(t.work, t.known("process", "process"), t.text("to"), at=t.happened))


def _waiting(t: Telling) -> None:
    t.fact(processes.wait_on_client(t.work, t.known("process", "process"), at=t.happened))


def _turn(t: Telling) -> None:
    t.fact(processes.set_turn(t.work, t.known("process", "process"), Turn(t.text("whose")), at=t.happened))


def _client_word(t: Telling) -> None:
    process = t.known("process", "process")
    candidate = t.work.session.get_one(Process, process).candidate_id
    assert candidate is not None
    fact = contacts.log_contact(
        t.work,
        candidate,
        way=Way(t.line["event"]),
        process_id=process,
        text=t.text("text"),
        still_waiting=t.line.get("still_waiting") == "true",
        at=t.happened,
    )
    t.fact(fact)


def _hold(t: Telling) -> None:
    reason = HoldReason(t.text("reason", "other"))
    t.fact(openings.hold_opening(t.work, t.known("opening", "opening"), reason=reason, at=t.happened))


def _resume(t: Telling) -> None:
    t.fact(openings.resume_opening(t.work, t.known("opening", "opening"), at=t.happened))


def _opening_ended(t: Telling) -> None:
    """Each ending names its closing; the word that told it is the closing's id with “said”."""
    lines = {t.replay.ids.get(f"process {line['process']}", 0): line for line in t.line.get("endings") or []}
    endings = {
        process: openings.Ending(
            result=Result(line["result"]), answer=Answer(line["answer"]), text=str(line.get("text") or "")
        )
        for process, line in lines.items()
    }
    end = openings.end_opening(
        t.work, t.known("opening", "opening"), OpeningStatus(t.text("how")), endings, at=t.happened
    )
    t.fact(end)
    for closing in t.work.session.scalars(select(Closing).where(Closing.opening_end_id == end)):
        name = str(lines[closing.process_id or 0]["id"])
        t.name("fact", closing.id, name)
        with_it = select(Contact.id).where(
            Contact.process_id == closing.process_id, Contact.entered_at == closing.entered_at, Contact.is_feedback
        )
        for word in t.work.session.scalars(with_it):
            t.name("fact", word, f"{name} said")


def _close(t: Telling) -> None:
    fact = processes.close_process(
        t.work,
        t.known("process", "process"),
        result=Result(t.text("result")),
        answer=Answer(t.text("answer")),
        revisit_on=t.day("revisit"),
        at=t.happened,
    )
    t.fact(fact)


def _reopen(t: Telling) -> None:
    t.fact(processes.reopen_process(t.work, t.known("process", "process"), at=t.happened))


def _meeting(t: Telling) -> None:
    starts, ends = t.moment("start"), t.moment("end")
    assert starts is not None
    assert ends is not None
    id_ = meetings.plan_meeting(
        t.work,
        t.subject(),
        kind=MeetingKind(t.text("kind")),
        starts_at=starts,
        ends_at=ends,
        process_id=t.maybe("process", "process"),
        host_id=t.member("host"),
        at=t.happened,
    )
    t.name("meeting", id_)
    t.fact(id_)


def _meeting_moved(t: Telling) -> None:
    starts, ends = t.moment("start"), t.moment("end")
    assert starts is not None
    assert ends is not None
    t.fact(meetings.move_meeting(t.work, t.known("meeting", "meeting"), starts_at=starts, ends_at=ends, at=t.happened))


def _outcome(t: Telling) -> None:
    fact = meetings.note_outcome(
        t.work,
        t.known("meeting", "meeting"),
        MeetingResult(t.text("result")),
        absent=Absent(t.text("absent")) if _given(t.line.get("absent")) else None,
        absent_member_id=t.member("who"),
        at=t.happened,
    )
    t.fact(fact)


def _rhythm(t: Telling) -> None:
    t.fact(candidates.set_rhythm(t.work, t.subject(), _length(t.line.get("every")), at=t.happened))


def _quiet(t: Telling) -> None:
    t.fact(candidates.keep_quiet_until(t.work, t.subject(), _day(t.line["until"]), at=t.happened))


def _growth(t: Telling) -> None:
    note = t.text("text")
    t.fact(growth.note_growth(t.work, t.subject(), note, revisit_on=t.day("revisit"), at=t.happened))


def _placement(t: Telling) -> None:
    id_ = placements.record_placement(t.work, t.subject(), _day(t.line["start"]), at=t.happened)
    t.name("placement", id_)
    t.fact(id_)


def _placement_ended(t: Telling) -> None:
    t.fact(placements.end_placement(t.work, t.known("placement", "placement"), at=t.happened))


def _referral(t: Telling) -> None:
    t.fact(referrals.refer(t.work, t.known("candidate", "referrer"), t.subject(), at=t.happened))


def _handover(t: Telling) -> None:
    to = t.member("to")
    assert to is not None
    t.fact(candidates.hand_over(t.work, t.subject(), to, at=t.happened))


def _consent(t: Telling) -> None:
    t.fact(consents.give_consent(t.work, t.subject(), _day(t.line["until"]), at=t.happened))


def _consent_withdrawn(t: Telling) -> None:
    t.fact(consents.withdraw_consent(t.work, t.subject(), at=t.happened))


def _dnc(t: Telling) -> None:
    t.fact(consents.forbid_contact(t.work, t.subject(), at=t.happened))


def _dnc_lifted(t: Telling) -> None:
    t.fact(consents.allow_contact(t.work, t.subject(), at=t.happened))


def _erased(t: Telling) -> None:
    t.fact(candidates.erase_candidate(t.work, t.subject(), at=t.happened))


def _merge(t: Telling) -> None:
    id_ = merges.merge_candidates(t.work, t.known("candidate", "keep"), t.known("candidate", "gone"))
    t.name("merge", id_)


def _left(t: Telling) -> None:
    member, cover = t.member("member"), t.member("cover")
    assert member is not None
    assert cover is not None
    t.fact(members.deactivate_member(t.work, member, cover, at=t.happened))


def _waive(t: Telling) -> None:
    t.fact(promises.waive_promise(t.work, _promise(t), t.text("reason"), at=t.happened))


def _snooze(t: Telling) -> None:
    until = t.line.get("until", "")
    when = _day(until) if _is_day(until) else _moment(t.replay, until)
    t.fact(promises.snooze_promise(t.work, _promise(t), when, t.text("reason"), at=t.happened))


def _promise(t: Telling) -> int:
    """The promise a story's key names, if it is there."""
    key = _our_key(t.replay, t.text("promise"))
    id_ = t.work.session.scalar(select(Promise.id).where(Promise.key == key, Promise.opened_at <= t.work.now))
    if id_ is None:
        raise Refused(f"There is no promise {t.text('promise')}.")
    return id_


def _policy(t: Telling) -> None:
    t.fact(policies.change_policy(t.work, _terms(t.line.get("set", {})), at=t.happened))
    _settle_everybody(t.work)


def _settle_everybody(work: Work) -> None:
    """A story is small enough to settle all its people in the action that concerns them all."""
    work.refresh_team()
    settle(work, *work.session.scalars(select(Candidate.id)))


def _import(t: Telling) -> None:
    batch = imports.begin_batch(t.work, filename=f"{t.id}.csv", kind="people", at=t.happened)
    t.name("batch", batch.id)
    people, told = t.line.get("people") or [], []
    for person in people:
        owner = person.get("owner")
        told.append(
            imports.Brought(
                candidate_id=t.replay.ids.get(f"candidate {person['candidate']}"),
                columns={"name": str(person["candidate"])},
                owner_id=_member(t.replay, owner) if _given(owner) else None,
                rhythm=_length(person.get("rhythm")),
                words=[_brought(t.replay, word) for word in person.get("words") or []],
            )
        )
    for person, (candidate, words) in zip(people, imports.bring_in(t.work, batch, told), strict=True):
        t.name("candidate", candidate, str(person["candidate"]))
        for word, fact in zip(person.get("words") or [], words, strict=True):
            t.name("fact", fact, str(word["id"]))
        arrivals = select(Arrival.id).where(Arrival.candidate_id == candidate, Arrival.batch_id == batch.id)
        for fact in t.work.session.scalars(arrivals):
            t.replay.names["fact", fact] = t.id
            t.replay.ids[f"fact {t.id} of {candidate}"] = fact


def _brought(replay: Replay, word: Line) -> imports.BroughtWord:
    fields = _fields(replay, word)
    fields["next_due_at"] = _next_due(replay, word.get("next"))
    if isinstance(fields["next_due_at"], date) and not isinstance(fields["next_due_at"], datetime):
        fields["next_due_at"] = replay.calendar.closing_of(fields["next_due_at"])
    fields["keeps"] = fields["keeps"] or None
    by = word.get("by")
    return imports.BroughtWord(
        said_at=_moment(replay, word["said"]),
        way=WORDS[word["event"]],
        process_id=fields.pop("process_id"),
        fields=fields,
        by_id=_member(replay, by) if _given(by) else None,
    )


def _undo(t: Telling) -> None:
    name = t.text("fact")
    if (batch := t.replay.ids.get(f"batch {name}")) is not None:
        imports.undo_import(t.work, batch, also_contacted=True)
    elif (merge := t.replay.ids.get(f"merge {name}")) is not None:
        merges.undo_merge(t.work, merge)
    else:
        fact = t.work.session.get_one(Fact, t.known("fact", "fact"))
        undo.undo_fact(t.work, fact.id)
        if fact.kind is FactKind.POLICY:
            _settle_everybody(t.work)


EVENTS: dict[str, Callable[[Telling], None]] = {
    "candidate": _candidate,
    "opening": _opening,
    "process": _process,
    **dict.fromkeys(WORDS, _word),
    "stage": _stage,
    "waiting": _waiting,
    "turn": _turn,
    "client_to": _client_word,
    "client_from": _client_word,
    "hold": _hold,
    "resume": _resume,
    "opening_ended": _opening_ended,
    "close": _close,
    "reopen": _reopen,
    "meeting": _meeting,
    "meeting_moved": _meeting_moved,
    "outcome": _outcome,
    "rhythm": _rhythm,
    "quiet": _quiet,
    "growth": _growth,
    "placement": _placement,
    "placement_ended": _placement_ended,
    "referral": _referral,
    "handover": _handover,
    "consent": _consent,
    "consent_withdrawn": _consent_withdrawn,
    "dnc": _dnc,
    "dnc_lifted": _dnc_lifted,
    "erased": _erased,
    "merge": _merge,
    "left": _left,
    "waive": _waive,
    "snooze": _snooze,
    "policy": _policy,
    "import": _import,
    "undo": _undo,
}


# a look


def _look(replay: Replay, line: Line) -> None:
    replay.now = _moment(replay, line["look"])
    with replay.store.reading() as session:
        rows = session.scalars(select(Promise).where(Promise.opened_at <= replay.clock())).all()
    found = [_values(replay, row) for row in rows]
    found.sort(key=lambda promise: (promise["kind"], promise["key"]))
    replay.looks.append(Look(replay.now, found, line.get("owed")))


def _values(replay: Replay, row: Promise) -> dict[str, Any]:
    settled = row.settled_at is not None
    return {
        "kind": row.kind.value,
        "key": _their_key(replay, row.key),
        "candidate": replay.names["candidate", row.candidate_id],
        "owner": next((name for name, id_ in replay.members.items() if id_ == row.owner_id), None),
        "due": _shown(replay, row.due_at),
        "original_due": _shown(replay, row.rule_due_at) if row.is_snoozed else None,
        "state": state(row.status, row.due_at, now=replay.now, calendar=replay.calendar).value,
        "settled_at": _shown(replay, row.settled_at) if row.settled_at else None,
        "settled_by": replay.names["fact", row.settled_by_id] if settled and row.settled_by_id else None,
    }


KEYS = {
    "update": ("fact", "fact"),
    "delay": ("fact", "fact"),
    "chase": ("fact", "fact"),
    "feedback": ("fact", "fact"),
    "keep_in_touch": ("candidate", "fact"),
}
"""What the parts of a key name, where it is not one fact and perhaps a word."""


def _their_key(replay: Replay, key: str) -> str:
    kind, *parts = key.split(":")
    whats = KEYS.get(kind, ("fact",))
    told = [replay.names[what, int(part)] for what, part in zip(whats, parts, strict=False)]
    return ":".join([kind, *told, *parts[len(whats) :]])


def _our_key(replay: Replay, key: str) -> str:
    kind, *parts = key.split(":")
    whats = KEYS.get(kind, ("fact",))
    ours: list[str] = []
    for what, part in zip(whats, parts, strict=False):
        brought = f"fact {part} of {ours[-1]}" if ours else ""  # an import is one fact to a story, and one each to us
        id_ = replay.ids.get(f"{what} {part}", replay.ids.get(brought))
        if id_ is None:
            raise Refused(f"There is no promise {key}.")
        ours.append(str(id_))
    return ":".join([kind, *ours, *parts[len(whats) :]])


def _row(promise: dict[str, Any]) -> str:
    def local(text: str) -> str:
        moment = datetime.fromisoformat(text)
        return f"{WEEKDAYS[moment.weekday()]} {moment:%Y-%m-%d %H:%M}"

    due = local(promise["due"])
    if promise["original_due"]:
        due += f" (was {local(promise['original_due'])})"
    settled = f", {local(promise['settled_at'])}, {promise['settled_by']}" if promise["settled_at"] else ""
    return f"{promise['key']} | {promise['candidate']} | {promise['owner']} | {due} | {promise['state']}{settled}"


# times


def _given(value: Any) -> bool:
    return value not in (None, "", "~", "null")


def _is_day(text: Any) -> bool:
    found = MOMENT.fullmatch(str(text).strip())
    return found is not None and found["time"] is None


def _two_digits(clock: str) -> str:
    return clock.strip().zfill(5)


def _parsed(text: Any) -> re.Match[str]:
    found = MOMENT.fullmatch(str(text).strip())
    if found is None:
        raise NoStory(f"“{text}” is no time.")
    if found["weekday"] and WEEKDAYS[date.fromisoformat(found["day"]).weekday()] != found["weekday"]:
        raise NoStory(f"{found['day']} is no {found['weekday']}.")
    return found


def _day(text: Any) -> date:
    return date.fromisoformat(_parsed(text)["day"])


def _moment(replay: Replay, text: Any) -> datetime:
    found = _parsed(text)
    if found["time"] is None:
        raise NoStory(f"“{text}” has no time of day.")
    day, clock = date.fromisoformat(found["day"]), time.fromisoformat(_two_digits(found["time"]))
    if found["offset"]:
        return datetime.fromisoformat(f"{day}T{clock}{found['offset']}").astimezone(UTC)
    return replay.calendar.at(day, clock)


def _next_due(replay: Replay, said: Any) -> datetime | date | None:
    if not said:
        return None
    return _day(said["due"]) if _is_day(said["due"]) else _moment(replay, said["due"])


def _length(text: Any) -> Rhythm | None:
    if not _given(text) or text == "none":
        return None
    found = re.fullmatch(r"(\d+) (week|month)s?", str(text).strip())
    if found is None:
        raise NoStory(f"“{text}” is no rhythm.")
    return Rhythm(int(found[1]), Unit(f"{found[2]}s"))


def _actor(replay: Replay, line: Line) -> Viewer:
    if not _given(line.get("by")):
        return THE_PROGRAM
    return Viewer(_member(replay, line["by"]), str(line["by"]), Role.ADMIN)


def _member(replay: Replay, name: Any) -> int:
    if str(name) not in replay.members:
        raise NoStory(f"“{name}” is no member of the team.")
    return replay.members[str(name)]


def _local(replay: Replay, moment: datetime) -> str:
    local = moment.astimezone(replay.calendar.zone)
    return f"{WEEKDAYS[local.weekday()]} {local:%Y-%m-%d %H:%M}"


def _shown(replay: Replay, moment: datetime) -> str:
    return moment.astimezone(replay.calendar.zone).isoformat(timespec="minutes")

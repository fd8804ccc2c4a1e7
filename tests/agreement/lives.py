"""Random lives of candidates: sequences of commands as a team might give them, sensible or not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from hypothesis import strategies as st
from sqlalchemy import select

from core.commands import (
    candidates,
    clients,
    consents,
    contacts,
    imports,
    meetings,
    members,
    merges,
    openings,
    placements,
    processes,
    promises,
    undo,
)
from core.commands import policy as policies
from core.domain.facts import Absent, Answer, MeetingKind, MeetingResult, Result, Rhythm, Turn, Unit, Way
from core.domain.refusal import Refused
from core.persistence.ledger import settle
from core.persistence.store import Store
from core.persistence.tables import Candidate, Fact, Meeting, Placement, Process, Promise
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM, Viewer, Work
from tests.make import FixedClock

_numbers = count(1)
CHANNELS = ("e-mail", "phone", "LinkedIn")


@dataclass
class Life:
    """A small team, two candidates and an opening, in a store that others have used before."""

    store: Store
    clock: FixedClock
    members: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    opening: int = 0
    done: int = 0

    def begin(self) -> "Life":
        with self.store.working(THE_PROGRAM) as work:
            policies.ensure_first_policy(work)
            for name in ("Ana", "Ben", "Dan"):
                self.members.append(
                    members.add_member(
                        work, username=f"{name}{next(_numbers)}", name=name, role=Role.ADMIN, password=None
                    )
                )
            client = clients.add_client(work, f"Client {next(_numbers)}")
            self.opening = openings.add_opening(work, "Developer", client_id=client)
            for name in ("Noor", "Piotr"):
                self.people.append(candidates.add_candidate(work, name=name, owner_id=self.members[0]))
        return self


@dataclass(frozen=True)
class Step:
    """One action: after how many minutes, which, and what it picks from what there is."""

    minutes: int
    action: str
    picks: tuple[int, int, int]

    def run(self, life: Life) -> bool:
        """Whether it was accepted; a refusal is an answer too."""
        life.clock.forward(minutes=self.minutes)
        try:
            with life.store.working(_actor(life, self.picks[2])) as work:
                ACTIONS[self.action](life, work, self.picks)
                settled_all = self.action == "policy"
                if settled_all:
                    work.refresh_team()
                    settle(work, *work.session.scalars(select(Candidate.id)))
        except Refused:
            return False
        life.done += 1
        return True


def lives() -> st.SearchStrategy[list[Step]]:
    minutes = st.sampled_from([0, 1, 7, 60, 240, 480, 1440, 2880, 4321, 10080, 43200])
    picks = st.tuples(*[st.integers(0, 7)] * 3)
    return st.lists(st.builds(Step, minutes, st.sampled_from(sorted(ACTIONS)), picks), min_size=3, max_size=25)


def _actor(life: Life, pick: int) -> Viewer:
    return Viewer(life.members[pick % 2], "Ana", Role.ADMIN)


def _who(life: Life, picks: tuple[int, int, int]) -> int:
    return life.people[picks[0] % len(life.people)]


def _when(work: Work, picks: tuple[int, int, int]) -> datetime:
    """Now, or some time before: it is logged late."""
    return work.now - timedelta(hours=(0, 0, 0, 1, 5, 30, 100, 400)[picks[1] % 8])


def _some(work: Work, kind: type, life: Life, pick: int) -> int:
    ids = work.session.scalars(
        select(kind.id).where(kind.candidate_id.in_(life.people), kind.undone_at.is_(None)).order_by(kind.id)
    ).all()
    if not ids:
        raise Refused("There is none.")
    return int(ids[pick % len(ids)])


def _promise(work: Work, life: Life, pick: int) -> int:
    ids = work.session.scalars(
        select(Promise.id).where(Promise.candidate_id.in_(life.people), Promise.settled_at.is_(None))
    ).all()
    if not ids:
        raise Refused("There is none.")
    return ids[pick % len(ids)]


def _word(way: Way) -> Callable[[Life, Work, tuple[int, int, int]], object]:
    def say(life: Life, work: Work, picks: tuple[int, int, int]) -> object:
        a, b, c = picks
        process = _some(work, Process, life, b) if c % 3 == 0 else None
        who = work.session.get_one(Process, process).candidate_id if process else _who(life, picks)
        assert who is not None
        return contacts.log_contact(
            work,
            who,
            way=way,
            at=_when(work, picks),
            process_id=process,
            text="" if a == 7 else "a word",
            channel=CHANNELS[a % 3],
            about="pay" if b == 5 else None,
            is_feedback=c in (0, 3),
            is_thanks=c == 1,
            is_check_in=c == 2,
            is_group=b == 6,
            needs_answer=a != 5,
            keeps=[_some(work, Fact, life, a)] if b == 4 else [],
            next_what="pay" if b == 7 else None,
            next_due_at=work.now + timedelta(days=a) if b == 7 else None,
        )

    return say


def _client_word(way: Way) -> Callable[[Life, Work, tuple[int, int, int]], object]:
    def say(life: Life, work: Work, picks: tuple[int, int, int]) -> object:
        process = work.session.get_one(Process, _some(work, Process, life, picks[0]))
        assert process.candidate_id is not None
        return contacts.log_contact(
            work,
            process.candidate_id,
            way=way,
            process_id=process.id,
            at=_when(work, picks),
            still_waiting=way is Way.CLIENT_FROM and picks[2] == 0,
        )

    return say


def _plan(life: Life, work: Work, picks: tuple[int, int, int]) -> object:
    a, b, c = picks
    start = work.now + timedelta(hours=b * 7 - 3)
    process = _some(work, Process, life, a) if c % 2 else None
    who = work.session.get_one(Process, process).candidate_id if process else _who(life, picks)
    assert who is not None
    kind = (MeetingKind.INTERVIEW, MeetingKind.TALK)[a % 2]
    return meetings.plan_meeting(
        work, who, kind=kind, starts_at=start, ends_at=start + timedelta(hours=1), process_id=process
    )


def _move(life: Life, work: Work, picks: tuple[int, int, int]) -> object:
    start = work.now + timedelta(hours=picks[1] * 5 + 1)
    return meetings.move_meeting(
        work, _some(work, Meeting, life, picks[0]), starts_at=start, ends_at=start + timedelta(hours=1)
    )


def _outcome(life: Life, work: Work, picks: tuple[int, int, int]) -> object:
    result = (MeetingResult.HELD, MeetingResult.MISSED, MeetingResult.CANCELLED)[picks[1] % 3]
    missed = result is MeetingResult.MISSED
    return meetings.note_outcome(
        work,
        _some(work, Meeting, life, picks[0]),
        result,
        absent=list(Absent)[picks[2] % 3] if missed else None,
        absent_member_id=life.members[1] if missed and picks[2] % 3 == 1 else None,
    )


def _close(life: Life, work: Work, picks: tuple[int, int, int]) -> object:
    a, b, c = picks
    return processes.close_process(
        work,
        _some(work, Process, life, a),
        result=list(Result)[b % 5],
        answer=list(Answer)[c % 4],
        revisit_on=work.now.date() + timedelta(days=40) if b == 4 else None,
    )


def _rhythm(life: Life, work: Work, picks: tuple[int, int, int]) -> object:
    rhythm = (Rhythm(6, Unit.WEEKS), Rhythm(3, Unit.MONTHS), Rhythm(1, Unit.MONTHS), None)[picks[1] % 4]
    return candidates.set_rhythm(work, _who(life, picks), rhythm)


def _leave(life: Life, work: Work, picks: tuple[int, int, int]) -> object:
    return members.deactivate_member(work, life.members[2], life.members[picks[0] % 2])


def _merge(life: Life, work: Work, picks: tuple[int, int, int]) -> object:
    kept, gone = life.people[:2] if picks[0] % 2 else life.people[1::-1]
    return merges.merge_candidates(work, kept, gone)


def _unmerge(life: Life, work: Work, picks: tuple[int, int, int]) -> object:
    merge = work.session.scalar(
        select(merges.Merge.id).where(merges.Merge.kept_id.in_(life.people), merges.Merge.undone_at.is_(None))
    )
    return merges.undo_merge(work, merge or 0)


def _import(life: Life, work: Work, picks: tuple[int, int, int]) -> object:
    batch = imports.begin_batch(work, filename="list.csv", kind="people")
    ways = (Way.TO, Way.FROM, Way.TALKED)
    words = [
        imports.BroughtWord(
            said_at=work.now - timedelta(days=d * (picks[2] + 1)), way=ways[d % 3], fields={"text": "x"}
        )
        for d in range(picks[1])
    ]
    rhythm = Rhythm(6, Unit.WEEKS) if picks[2] % 2 else None
    brought = [
        imports.Brought(columns={"name": "Rosa"}, rhythm=rhythm, words=words),
        imports.Brought(columns={"name": "Ida"}, rhythm=rhythm, owner_id=life.members[1]),
        imports.Brought(candidate_id=merges.kept_record(work.session, _who(life, picks)), words=words[:2]),
    ]
    new = [id_ for id_, _ in imports.bring_in(work, batch, brought)]
    life.people.extend(new[:1])
    return new


def _undo_import(life: Life, work: Work, picks: tuple[int, int, int]) -> object:
    batch = work.session.scalar(select(imports.ImportBatch.id).order_by(imports.ImportBatch.id.desc()).limit(1))
    stays = imports.undo_import(work, batch or 0, also_contacted=bool(picks[1] % 2))
    there = set(work.session.scalars(select(Candidate.id).where(Candidate.id.in_(life.people))))
    life.people[:] = [id_ for id_ in life.people if id_ in there]
    return stays


ACTIONS: dict[str, Callable[[Life, Work, tuple[int, int, int]], object]] = {
    "tell": _word(Way.TO),
    "hear": _word(Way.FROM),
    "talk": _word(Way.TALKED),
    "try": _word(Way.ATTEMPT),
    "note": _word(Way.NOTE),
    "tell the client": _client_word(Way.CLIENT_TO),
    "hear the client": _client_word(Way.CLIENT_FROM),
    "start": lambda life, work, p: processes.start_process(
        work, _who(life, p), life.opening, stage=("screening", None)[p[1] % 2], owner_id=life.members[p[2] % 3]
    ),
    "stage": lambda life, work, p: processes.move_to_stage(work, _some(work, Process, life, p[0]), f"stage {p[1]}"),
    "wait": lambda life, work, p: processes.wait_on_client(work, _some(work, Process, life, p[0])),
    "turn": lambda life, work, p: processes.set_turn(
        work, _some(work, Process, life, p[0]), (Turn.OURS, Turn.CANDIDATE)[p[1] % 2]
    ),
    "close": _close,
    "reopen": lambda life, work, p: processes.reopen_process(work, _some(work, Process, life, p[0])),
    "hold": lambda life, work, p: openings.hold_opening(work, life.opening),
    "resume": lambda life, work, p: openings.resume_opening(work, life.opening),
    "plan": _plan,
    "move": _move,
    "outcome": _outcome,
    "rhythm": _rhythm,
    "quiet": lambda life, work, p: candidates.keep_quiet_until(
        work, _who(life, p), work.now.date() + timedelta(days=p[1] * 20)
    ),
    "growth": lambda life, work, p: candidates.note_growth(
        work, _who(life, p), "wants to lead", revisit_on=work.now.date() + timedelta(days=p[1] * 9) if p[2] else None
    ),
    "place": lambda life, work, p: placements.record_placement(
        work, _who(life, p), work.now.date() + timedelta(days=p[1] * 10 - 20)
    ),
    "end": lambda life, work, p: placements.end_placement(work, _some(work, Placement, life, p[0])),
    "refer": lambda life, work, p: candidates.refer(work, life.people[0], life.people[1]),
    "hand over": lambda life, work, p: candidates.hand_over(work, _who(life, p), life.members[p[1] % 3]),
    "consent": lambda life, work, p: consents.give_consent(
        work, _who(life, p), work.now.date() + timedelta(days=p[1] * 15)
    ),
    "withdraw": lambda life, work, p: consents.withdraw_consent(work, _who(life, p)),
    "forbid": lambda life, work, p: consents.forbid_contact(work, _who(life, p)),
    "allow": lambda life, work, p: consents.allow_contact(work, _who(life, p)),
    "erase": lambda life, work, p: candidates.erase_candidate(work, _who(life, p)) if p[1] == 7 else None,
    "waive": lambda life, work, p: promises.waive_promise(work, _promise(work, life, p[0]), "they know"),
    "snooze": lambda life, work, p: promises.snooze_promise(
        work, _promise(work, life, p[0]), work.now + timedelta(days=p[1] * 3), "on leave"
    ),
    "undo": lambda life, work, p: undo.undo_fact(work, _some(work, Fact, life, p[0] * 3 + p[1])),
    "merge": _merge,
    "unmerge": _unmerge,
    "leave": _leave,
    "policy": lambda life, work, p: policies.change_policy(
        work, ({"reply": 2}, {"update": 1 + p[1]}, {"check_in": [0, p[1] * 9]}, {"client_answer": 1 + p[1]})[p[0] % 4]
    ),
    "import": _import,
    "undo import": _undo_import,
}

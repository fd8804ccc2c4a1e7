"""Random lives of candidates: sequences of commands as a team might give them, sensible or not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from hypothesis import strategies as st
from sqlalchemy import select

from core.commands import (
    board,
    candidates,
    clients,
    consents,
    contacts,
    growth,
    handovers,
    imports,
    meetings,
    members,
    merges,
    openings,
    own_page,
    placements,
    processes,
    promises,
    questions,
    recommendations,
    referrals,
    several,
    undo,
)
from core.commands import policy as policies
from core.domain import gate
from core.domain.facts import (
    Absent,
    Answer,
    ClosingReason,
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
from core.domain.growth import Beginner
from core.domain.refusal import Refused
from core.persistence.handovers import Whom
from core.persistence.ledger import settle
from core.persistence.store import Store
from core.persistence.tables import (
    Candidate,
    Claim,
    ClaimSource,
    Closing,
    Fact,
    FactKind,
    GrowthNote,
    HandoverOffer,
    Meeting,
    Opening,
    OwnPageLink,
    Placement,
    Process,
    Promise,
    Question,
    Recommendation,
    RequestKind,
    StageMove,
    Table,
)
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM, Viewer, Work
from tests.make import FixedClock

_numbers = count(1)
CHANNELS = ("e-mail", "phone", "LinkedIn")
STAGES = ("Screening", "With client", "Interview", "Offer")

Picks = tuple[int, int, int]


@dataclass
class Life:
    """A small team, two candidates of whom one is in process, and two openings of two clients."""

    store: Store
    clock: FixedClock
    members: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    clients: list[int] = field(default_factory=list)
    openings: list[int] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    """To people's own pages."""
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
            for title in ("Developer", "Tester"):
                self.clients.append(clients.add_client(work, f"Client {next(_numbers)}"))
                self.openings.append(openings.add_opening(work, title, client_id=self.clients[-1]))
            for name in ("Noor", "Piotr"):
                self.people.append(candidates.add_candidate(work, name=name, owner_id=self.members[0]))
            processes.start_process(work, self.people[0], self.openings[0], owner_id=self.members[0])
        return self


@dataclass(frozen=True)
class Step:
    """One action: after how many minutes, which, and what it picks from what there is."""

    minutes: int
    action: str
    picks: Picks

    def run(self, life: Life) -> bool:
        """Whether it was accepted; a refusal is an answer too."""
        life.clock.forward(minutes=self.minutes)
        try:
            actor = THE_PROGRAM if self.action in BY_LINK else _actor(life, self.picks[2])
            with life.store.working(actor) as work:
                ACTIONS[self.action](life, work, self.picks)
                if self.action in ("policy", "working time"):
                    _settle_all(work)
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


def _who(life: Life, picks: Picks) -> int:
    return life.people[picks[0] % len(life.people)]


def _when(work: Work, picks: Picks) -> datetime:
    """Now, or some time before: it is logged late."""
    return work.now - timedelta(hours=(0, 0, 0, 1, 5, 30, 100, 400)[picks[1] % 8])


def _lately(work: Work, picks: Picks) -> datetime | None:
    """Mostly now; it may be logged late."""
    return work.now - timedelta(hours=(1, 100)[picks[1] % 2]) if picks[2] > 5 else None


def _settle_all(work: Work) -> None:
    work.refresh_team()
    settle(work, *work.session.scalars(select(Candidate.id)))


def _one(found: Sequence[int], pick: int) -> int:
    if not found:
        raise Refused("There is none.")
    return int(found[pick % len(found)])


def _written(life: Life, work: Work, id_: int, **changes: object) -> None:
    version = work.session.get_one(Candidate, id_).version
    candidates.edit_candidates(work, [candidates.CandidateEdit(id_, version, changes)])


def _some(work: Work, kind: type, life: Life, pick: int) -> int:
    theirs = (kind.candidate_id.in_(life.people), kind.undone_at.is_(None))  # type: ignore[attr-defined]
    return _one(work.session.scalars(select(kind.id).where(*theirs).order_by(kind.id)).all(), pick)  # type: ignore[attr-defined]


def _any(work: Work, kind: type[Table], pick: int) -> int:
    return _one(work.session.scalars(select(kind.id).order_by(kind.id)).all(), pick)  # type: ignore[attr-defined]


def _opening(life: Life, pick: int) -> int:
    """The first of the two much more often: that is where something happens."""
    return life.openings[pick == 7]


def _promise(work: Work, life: Life, pick: int) -> int:
    open_ = (Promise.candidate_id.in_(life.people), Promise.settled_at.is_(None))
    return _one(work.session.scalars(select(Promise.id).where(*open_)).all(), pick)


def _word(way: Way) -> Callable[[Life, Work, Picks], object]:
    def say(life: Life, work: Work, picks: Picks) -> object:
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


def _client_word(way: Way) -> Callable[[Life, Work, Picks], object]:
    def say(life: Life, work: Work, picks: Picks) -> object:
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


def _plan(life: Life, work: Work, picks: Picks) -> object:
    a, b, c = picks
    start = work.now + timedelta(hours=b * 7 - 3)
    process = _some(work, Process, life, a) if c % 2 else None
    who = work.session.get_one(Process, process).candidate_id if process else _who(life, picks)
    assert who is not None
    kind = (MeetingKind.INTERVIEW, MeetingKind.TALK)[a % 2]
    return meetings.plan_meeting(
        work, who, kind=kind, starts_at=start, ends_at=start + timedelta(hours=1), process_id=process
    )


def _move(life: Life, work: Work, picks: Picks) -> object:
    start = work.now + timedelta(hours=picks[1] * 5 + 1)
    return meetings.move_meeting(
        work,
        _some(work, Meeting, life, picks[0]),
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        asked_by=[*Absent, None][picks[2] % 4],
    )


def _outcome(life: Life, work: Work, picks: Picks) -> object:
    result = (MeetingResult.HELD, MeetingResult.MISSED, MeetingResult.CANCELLED)[picks[1] % 3]
    missed = result is MeetingResult.MISSED
    return meetings.note_outcome(
        work,
        _some(work, Meeting, life, picks[0]),
        result,
        absent=list(Absent)[picks[2] % 3] if missed else None,
        absent_member_id=life.members[1] if missed and picks[2] % 3 == 1 else None,
        asked_by=list(Absent)[picks[2] % 3] if result is MeetingResult.CANCELLED else None,
    )


def _stage(life: Life, work: Work, picks: Picks) -> object:
    process = work.session.get_one(Process, _some(work, Process, life, picks[0]))
    seen_in = (process.stage, None, "Offer")[picks[2] % 3]
    return processes.move_to_stage(
        work, process.id, STAGES[picks[1] % 4], seen_in=seen_in, at=_lately(work, picks) if seen_in else None
    )


def _close(life: Life, work: Work, picks: Picks) -> object:
    a, b, c = picks
    return processes.close_process(
        work,
        _some(work, Process, life, a),
        result=list(Result)[b % 5],
        answer=list(Answer)[c % 4],
        revisit_on=work.now.date() + timedelta(days=40) if b == 4 else None,
        reason=_why(list(Result)[b % 5], a + c),
        told="They took somebody else." if c == 4 else "",
        channel=CHANNELS[a % 3],
        was_asked=(None, True, False)[a % 3],
        at=_lately(work, picks),
    )


def _why(result: Result, number: int) -> ClosingReason | None:
    """A reason that fits, or none; now and then one that is refused."""
    fitting = [None, *gate.REASONS[result], ClosingReason.DEGREE]
    return fitting[number % len(fitting)]


def _hold(life: Life, work: Work, picks: Picks) -> object:
    reason = list(HoldReason)[picks[1] % 4]
    return openings.hold_opening(work, _opening(life, picks[0]), reason=reason, at=_lately(work, picks))


def _end_opening(life: Life, work: Work, picks: Picks) -> object:
    """Each who is in it has an answer of some sort; at times one is left out, which is refused."""
    a, b, c = picks
    opening = _opening(life, a)
    in_it = select(Process.id).where(Process.opening_id == opening, Process.is_active).order_by(Process.id)
    answers = (Answer.TOLD, Answer.OWED, Answer.OWED, Answer.UNREACHABLE)
    endings = {
        process: openings.Ending(
            result=list(Result)[(n + b) % 5],
            answer=answers[(n + c) % 4],
            reason=_why(list(Result)[(n + b) % 5], n),
            text="It was given up." if answers[(n + c) % 4] is Answer.TOLD else "",
            revisit_on=work.now.date() + timedelta(days=60) if (n + b) % 5 == 4 else None,
        )
        for n, process in enumerate(work.session.scalars(in_it))
        if b != 7
    }
    how = (OpeningStatus.FILLED, OpeningStatus.CANCELLED)[b % 2]
    return openings.end_opening(work, opening, how, endings, at=_lately(work, picks))


def _edit_opening(life: Life, work: Work, picks: Picks) -> object:
    opening = work.session.get_one(Opening, _opening(life, picks[0]))
    return openings.edit_opening(
        work,
        opening.id,
        version=opening.version,
        title="Developer",
        client_id=(*life.clients, None)[picks[1] % 3],
        owner_id=life.members[picks[2] % 2],
        note="",
    )


def _stages(life: Life, work: Work, picks: Picks) -> object:
    names = list(STAGES[: 1 + picks[1] % 4])
    renamed = {"Screening": "Talk"} if picks[2] % 2 else {}
    opening = work.session.get_one(Opening, _opening(life, picks[0]))
    wanted = [renamed.get(name, name) for name in names]
    return openings.arrange_stages(work, opening.id, wanted, version=opening.version, renamed=renamed)


def _note_question(life: Life, work: Work, picks: Picks) -> object:
    process = work.session.get_one(Process, _some(work, Process, life, picks[0]))
    assert process.candidate_id is not None
    about = process.id if picks[1] % 2 else None
    return questions.note_question(work, process.candidate_id, "Why did you leave?", process_id=about)


def _recommend(life: Life, work: Work, picks: Picks) -> object:
    claims = [recommendations.Said(text="She leads.", source=ClaimSource.CV), recommendations.Said(text="She is kind.")]
    return recommendations.recommend(work, _some(work, Process, life, picks[0]), claims[: 1 + picks[1] % 2])


def _grow(life: Life, work: Work, picks: Picks) -> object:
    on = work.calendar.day(work.now) + timedelta(days=picks[1] * 9) if picks[2] else None
    return growth.note_growth(work, _who(life, picks), "wants to lead", advice="lead one thing", revisit_on=on)


def _refer_new(life: Life, work: Work, picks: Picks) -> object:
    if len(life.people) > 3:
        raise Refused("Enough of them.")
    referral = referrals.refer_somebody_new(work, _who(life, picks), name="Ewa", is_referrer=picks[1] == 7)
    life.people.append(work.session.scalars(select(Candidate.id).order_by(Candidate.id.desc())).first() or 0)
    return referral


def _place(life: Life, work: Work, picks: Picks) -> object:
    process = work.session.get_one(Process, _some(work, Process, life, picks[0])) if picks[2] % 2 else None
    who = process.candidate_id if process else _who(life, picks)
    assert who is not None
    starts = work.now.date() + timedelta(days=picks[1] * 10 - 20)
    return placements.record_placement(work, who, starts, process_id=process.id if process else None)


def _move_first_day(life: Life, work: Work, picks: Picks) -> object:
    placement = work.session.get_one(Placement, _some(work, Placement, life, picks[0]))
    starts = work.now.date() + timedelta(days=picks[1] * 10 - 20)
    return placements.move_first_day(work, placement.id, starts, seen=placement.starts_on)


def _hire(life: Life, work: Work, picks: Picks) -> object:
    a, b, c = picks
    return processes.close_process(
        work,
        _some(work, Process, life, a),
        result=Result.HIRED,
        answer=Answer.TOLD,
        told="They would like you to come.",
        channel=CHANNELS[b % 3],
        starts_on=work.now.date() + timedelta(days=c * 7 - 7),
    )


def _tell_everybody(life: Life, work: Work, picks: Picks) -> object:
    """One message to all who are in the opening, or to the first of them; at times taken back in the same breath."""
    opening = _opening(life, picks[0])
    in_it = select(Process.id).where(Process.opening_id == opening, Process.is_active).order_by(Process.id)
    told = openings.tell_everybody(
        work, opening, work.session.scalars(in_it).all()[: 1 + picks[1]], "It takes longer.", channel=CHANNELS[0]
    )
    if picks[2] == 7:
        undo.undo_facts(work, told)
    return told


def _move_on_board(life: Life, work: Work, picks: Picks) -> object:
    process = work.session.get_one(Process, _some(work, Process, life, picks[0]))
    return board.move_on_board(
        work, process.opening_id, process.id, STAGES[picks[1] % 4], seen_in=(process.stage or "", "Offer")[picks[2] % 2]
    )


def _was_met(life: Life, work: Work, picks: Picks) -> object:
    """A meeting nobody planned here, with how it went."""
    a, b, c = picks
    process = work.session.get_one(Process, _some(work, Process, life, a)) if c % 2 else None
    who = process.candidate_id if process else _who(life, picks)
    assert who is not None
    start = work.now - timedelta(hours=b * 9 + 1)
    result = (MeetingResult.HELD, MeetingResult.MISSED, MeetingResult.CANCELLED)[c % 3]
    return meetings.record_meeting(
        work,
        who,
        kind=(MeetingKind.INTERVIEW, MeetingKind.TALK)[a % 2],
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        result=result,
        process_id=process.id if process else None,
        absent=list(Absent)[b % 3] if result is MeetingResult.MISSED else None,
        absent_member_id=life.members[1] if result is MeetingResult.MISSED and b % 3 == 1 else None,
    )


def _unsend(life: Life, work: Work, picks: Picks) -> object:
    sent = select(Recommendation.sent_id).where(Recommendation.sent_id.is_not(None)).order_by(Recommendation.id)
    return recommendations.undo_sending(work, _one(work.session.scalars(sent).all(), picks[0]))  # type: ignore[arg-type]


def _undo(life: Life, work: Work, picks: Picks) -> object:
    """Any fact of anybody, of an opening or of the team; a policy taken back concerns everybody."""
    stands = Fact.undone_at.is_(None)
    of_the_team = select(Fact.id).where(stands, Fact.candidate_id.is_(None)).order_by(Fact.id.desc())
    if picks[2] % 2:
        fact = _one(work.session.scalars(of_the_team).all(), picks[0] % 3)
    else:
        fact = _some(work, Fact, life, picks[0] * 3 + picks[1])
    undo.undo_fact(work, fact)
    if work.session.get_one(Fact, fact).kind is FactKind.POLICY:
        _settle_all(work)
    return fact


def _rhythm(life: Life, work: Work, picks: Picks) -> object:
    rhythm = (Rhythm(6, Unit.WEEKS), Rhythm(3, Unit.MONTHS), Rhythm(1, Unit.MONTHS), None)[picks[1] % 4]
    return candidates.set_rhythm(work, _who(life, picks), rhythm)


def _working_time(work: Work, picks: Picks) -> dict[str, object]:
    """Other hours, other days, another zone (in which many a due moment is another day), a day off."""
    others = (
        {"opens": "11:00", "closes": "23:30"},
        {"days": [0, 1, 2, 3, 4, 5]},
        {"zone": ("Asia/Tokyo", "America/New_York", "Europe/Warsaw")[picks[1] % 3]},
        {"days_off": [(work.now.date() + timedelta(days=days)).isoformat() for days in range(-2, picks[1])]},
    )
    return {**work.calendar.as_values(), **others[picks[0] % 4]}


def _leave(life: Life, work: Work, picks: Picks) -> object:
    return members.deactivate_member(work, life.members[2], life.members[picks[0] % 2])


def _offer(life: Life, work: Work, picks: Picks) -> object:
    """Also of the one who may have left, and of nobody."""
    of_id = (*life.members, None)[picks[0] % 4]
    to = [id_ for id_ in life.members[:2] if id_ != of_id]
    return handovers.offer_people(work, of_id, [handovers.Share(Whom(of_id), tuple(to[: 1 + picks[1] % 2]))])


def _accept(life: Life, work: Work, picks: Picks) -> object:
    offer = _any(work, HandoverOffer, picks[0])
    if picks[1] == 0:
        return handovers.decline_people(work, offer, "I have too many.")
    if picks[1] == 1:
        return handovers.take_back_people(work, offer)
    return handovers.accept_people(work, offer, with_meetings=picks[1] != 2)


def _host(life: Life, work: Work, picks: Picks) -> object:
    return meetings.change_host(work, _some(work, Meeting, life, picks[0]), life.members[picks[1] % 3])


def _merge(life: Life, work: Work, picks: Picks) -> object:
    kept, gone = life.people[:2] if picks[0] % 2 else life.people[1::-1]
    return merges.merge_candidates(work, kept, gone)


def _unmerge(life: Life, work: Work, picks: Picks) -> object:
    merge = work.session.scalar(
        select(merges.Merge.id).where(merges.Merge.kept_id.in_(life.people), merges.Merge.undone_at.is_(None))
    )
    return merges.undo_merge(work, merge or 0)


def _import(life: Life, work: Work, picks: Picks) -> object:
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


def _undo_import(life: Life, work: Work, picks: Picks) -> object:
    batch = work.session.scalar(select(imports.ImportBatch.id).order_by(imports.ImportBatch.id.desc()).limit(1))
    stays = imports.undo_import(work, batch or 0, also_contacted=bool(picks[1] % 2))
    there = set(work.session.scalars(select(Candidate.id).where(Candidate.id.in_(life.people))))
    life.people[:] = [id_ for id_ in life.people if id_ in there]
    return stays


def _give_page(life: Life, work: Work, picks: Picks) -> object:
    life.links.append(f"link {next(_numbers)}")
    return own_page.give_own_page(work, _who(life, picks), life.links[-1], life=timedelta(days=30 * (1 + picks[1])))


def _link(life: Life, picks: Picks) -> str:
    if not life.links:
        raise Refused("There is none.")
    return life.links[picks[0] % len(life.links)]


def _say_of_claim(life: Life, work: Work, picks: Picks) -> object:
    claim = work.session.get_one(Claim, _any(work, Claim, picks[1]))
    if picks[2] % 2:
        return own_page.confirm_claim(work, _link(life, picks), claim.id, claim.text)
    return own_page.correct_claim(work, _link(life, picks), claim.id, claim.text, "She led one.")


BY_LINK: dict[str, Callable[[Life, Work, Picks], object]] = {
    "open own page": lambda life, work, p: own_page.open_own_page(work, _link(life, p)),
    "ask on own page": lambda life, work, p: own_page.ask(
        work, _link(life, p), "When?", _some(work, Process, life, p[1]) if p[2] % 2 else None
    ),
    "ask for data": lambda life, work, p: own_page.ask_for(work, _link(life, p), list(RequestKind)[p[1] % 2]),
    "say of a claim": _say_of_claim,
    "score": lambda life, work, p: own_page.score(work, _link(life, p), _some(work, Process, life, p[1]), p[2]),
    "agree on own page": lambda life, work, p: own_page.renew_consent(work, _link(life, p), "en"),
    "withdraw on own page": lambda life, work, p: own_page.withdraw_own_consent(work, _link(life, p)),
}
"""What candidates do themselves."""

ACTIONS: dict[str, Callable[[Life, Work, Picks], object]] = {
    "tell": _word(Way.TO),
    "hear": _word(Way.FROM),
    "talk": _word(Way.TALKED),
    "try": _word(Way.ATTEMPT),
    "note": _word(Way.NOTE),
    "tell the client": _client_word(Way.CLIENT_TO),
    "hear the client": _client_word(Way.CLIENT_FROM),
    "start": lambda life, work, p: processes.start_process(
        work, _who(life, p), _opening(life, p[1]), stage=("Talk", None)[p[1] % 2], owner_id=life.members[p[2] % 3]
    ),
    "stage": _stage,
    "stages": _stages,
    "move on board": _move_on_board,
    "take back a move": lambda life, work, p: processes.undo_move(work, _some(work, StageMove, life, p[0])),
    "bring in": lambda life, work, p: board.bring_in(work, _opening(life, p[0]), life.people[: 1 + p[1] % 3]),
    "wait": lambda life, work, p: processes.wait_on_client(work, _some(work, Process, life, p[0])),
    "turn": lambda life, work, p: processes.set_turn(
        work, _some(work, Process, life, p[0]), (Turn.OURS, Turn.CANDIDATE)[p[1] % 2]
    ),
    "close": _close,
    "hire": _hire,
    "reopen": lambda life, work, p: processes.reopen_process(work, _some(work, Process, life, p[0])),
    "take back closing": lambda life, work, p: processes.undo_closing(work, _some(work, Closing, life, p[0])),
    "hold": _hold,
    "resume": lambda life, work, p: openings.resume_opening(work, _opening(life, p[0]), at=_lately(work, p)),
    "tell everybody": _tell_everybody,
    "end opening": _end_opening,
    "edit opening": _edit_opening,
    "cadence": lambda life, work, p: policies.set_cadence(work, STAGES[p[0] % 4], 1 + p[1]),
    "answer time": lambda life, work, p: policies.set_answer_time(work, life.clients[p[0] % 2], 1 + p[1]),
    "note question": _note_question,
    "ask": lambda life, work, p: questions.ask_question(work, _any(work, Question, p[0]), at=_lately(work, p)),
    "answer": lambda life, work, p: questions.answer_question(work, _any(work, Question, p[0]), "It was time."),
    "take back asking": lambda life, work, p: questions.undo_asking(work, _any(work, Question, p[0])),
    "take back answer": lambda life, work, p: questions.undo_answer(work, _any(work, Question, p[0])),
    "recommend": _recommend,
    "send recommendation": lambda life, work, p: recommendations.send_recommendation(
        work, _any(work, Recommendation, p[0]), at=_lately(work, p)
    ),
    "take back sending": _unsend,
    "client on recommendation": lambda life, work, p: recommendations.note_client_answer(
        work, _any(work, Recommendation, p[0]), "Let us meet her."
    ),
    "plan": _plan,
    "move": _move,
    "was met": _was_met,
    "outcome": _outcome,
    "rhythm": _rhythm,
    "quiet": lambda life, work, p: candidates.keep_quiet_until(
        work, _who(life, p), work.now.date() + timedelta(days=p[1] * 20)
    ),
    "growth": _grow,
    "what came of it": lambda life, work, p: growth.note_what_came_of_it(
        work, _some(work, GrowthNote, life, p[0]), "She leads."
    ),
    "begin as": lambda life, work, p: growth.mark_beginner(work, _who(life, p), [*Beginner, None][p[1] % 4]),
    "place": _place,
    "first day": _move_first_day,
    "end": lambda life, work, p: placements.end_placement(
        work, _some(work, Placement, life, p[0]), reason="They moved."
    ),
    "refer": lambda life, work, p: referrals.refer(work, _who(life, p), life.people[p[1] % len(life.people)]),
    "refer somebody new": _refer_new,
    "hand over": lambda life, work, p: candidates.hand_over(work, _who(life, p), life.members[p[1] % 3]),
    "offer": _offer,
    "accept": _accept,
    "withdraw offer": lambda life, work, p: handovers.withdraw_offer(work, _any(work, HandoverOffer, p[0])),
    "offer again": lambda life, work, p: handovers.offer_again(
        work, handovers.withdraw_offer(work, _any(work, HandoverOffer, p[0]))
    ),
    "host": _host,
    "source": lambda life, work, p: _written(life, work, _who(life, p), source=("Fair", "Meetup", "")[p[1] % 3]),
    "known since": lambda life, work, p: _written(
        life, work, _who(life, p), known_since=work.now.date() - timedelta(days=p[1] * 200) if p[1] else None
    ),
    "tell each": lambda life, work, p: several.say_to_each(work, life.people, text="Hello", is_group=p[1] % 2 == 0),
    "rhythm of each": lambda life, work, p: several.set_rhythm_of_each(
        work, life.people, Rhythm(p[1], Unit.MONTHS) if p[1] else None
    ),
    "hand over each": lambda life, work, p: several.hand_over_each(work, life.people, life.members[p[1] % 3]),
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
    "undo": _undo,
    "merge": _merge,
    "unmerge": _unmerge,
    "leave": _leave,
    "give own page": _give_page,
    "revoke own page": lambda life, work, p: own_page.revoke_own_page(work, _any(work, OwnPageLink, p[0])),
    "policy": lambda life, work, p: policies.change_policy(
        work, ({"reply": 2}, {"update": 1 + p[1]}, {"check_in": [0, p[1] * 9]}, {"client_answer": 1 + p[1]})[p[0] % 4]
    ),
    "working time": lambda life, work, p: policies.change_policy(work, {"working_time": _working_time(work, p)}),
    "import": _import,
    "undo import": _undo_import,
    **BY_LINK,
}

"""People: added, edited, kept in touch with, handed on, and erased when they ask for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update

from core.commands.locks import (
    active_member,
    candidate_to_change,
    last_edited,
    people_to_change,
    records_of,
    refuse_to_give_away,
)
from core.commands.skills import skill_called
from core.domain.facts import Rhythm
from core.domain.growth import Beginner
from core.domain.handles import Handle as Address
from core.domain.names import folded
from core.domain.refusal import Refused, Stale
from core.domain.retention import claim_until
from core.domain.skills import known_skill
from core.persistence.facts import FACT, kept_record
from core.persistence.handovers import answer_offers
from core.persistence.ledger import recount, settle
from core.persistence.lookalikes import forget_pairs_of, note_lookalikes
from core.persistence.matching import index_match_keys
from core.persistence.search import index_words
from core.persistence.tables import (
    Arrival,
    Candidate,
    CandidateSkill,
    Claim,
    Closing,
    Consent,
    Contact,
    Erasure,
    GrowthNote,
    Handle,
    Handover,
    ImportRow,
    MatchKey,
    Meeting,
    Merge,
    MergedValue,
    OfferedPerson,
    OfferState,
    OwnPageLink,
    PlacementEnd,
    PrivacyRequest,
    Promise,
    Question,
    QuietPeriod,
    Recommendation,
    RequestKind,
    RequestState,
    RhythmChange,
    SearchWord,
    Skill,
    Snooze,
    SurveyAnswer,
    Waiver,
)
from core.persistence.tables.people import HandleKind
from core.persistence.tombstones import add_tombstones, erased_among, remove_tombstones
from core.persistence.work import Work

COLUMNS = frozenset("name title company location source pronoun language notes tags begins_as known_since".split())
ADDRESSES = frozenset(kind.value for kind in HandleKind)
EDITABLE = COLUMNS | ADDRESSES | {"skills"}
COMPARED_BY = ADDRESSES | {"name", "company"}
"""Those that tell who may be one person."""
LONGEST = {
    "name": 200,
    "title": 200,
    "company": 200,
    "location": 200,
    "source": 200,
    "pronoun": 20,
    "language": 2,
    "notes": 20_000,
}
EARLIEST = date(1950, 1, 1)
ERASED_NAME = "Erased person"
WAS_ERASED = (
    "Somebody with this address was erased on {:%-d %B %Y}. No list and no recommendation brings them back:"
    " add them only if they came to us again themselves."
)


@dataclass(frozen=True, slots=True)
class CandidateEdit:
    """What somebody changed of one candidate, and the version they were looking at."""

    id: int
    version: int
    changes: Mapping[str, Any]
    """The new value of each column; all their addresses of a kind, normalised; all their skills."""
    called: str = ""
    """By what they are shown where several are changed at once, so that a refusal says who is meant."""


def add_candidate(
    work: Work,
    *,
    name: str,
    owner_id: int | None = None,
    title: str = "",
    company: str = "",
    location: str = "",
    source: str = "",
    pronoun: str = "",
    handles: Sequence[Address] = (),
    skills: Sequence[str] = (),
    known_since: date | None = None,
    came_back: bool = False,
    at: datetime | None = None,
) -> int:
    """Returns the candidate's id. Without an owner it is whoever adds them.

    Whoever was erased is added only if they came back by themselves.
    """
    work.require_editor()
    name = name.strip()
    if not name and not handles:
        raise Refused("A person needs a name, an e-mail address or a profile.")
    owner = owner_id or work.actor.id
    candidate = Candidate(
        name=name,
        sort_name=folded(name),
        title=title.strip(),
        company=company.strip(),
        location=location.strip(),
        source=source.strip(),
        pronoun=pronoun.strip(),
        known_since=known_since or work.calendar.day(at or work.now),
        added_at=work.now,
        owner_id=owner,
    )
    _refuse_too_long(
        {"name": name, "title": title, "company": company, "location": location, "source": source, "pronoun": pronoun}
    )
    _refuse_erased(work, handles, came_back=came_back)
    work.session.add(candidate)
    work.session.flush()
    work.held.add(candidate.id)
    add_handles(work, candidate, handles)
    add_skills(work, candidate, skills)
    index_words(work.session, candidate)
    index_match_keys(work.session, candidate.id)
    note_lookalikes(work.session, [candidate.id], now=work.now)
    work.enter(Arrival(candidate_id=candidate.id, owner_id=owner), happened_at=at)
    settle(work, candidate.id)
    work.record("candidate added", candidate)
    return candidate.id


def _refuse_erased(work: Work, handles: Sequence[Address], *, came_back: bool) -> None:
    erased = erased_among(work.session, handles)
    if erased and not came_back:
        raise Refused(WAS_ERASED.format(max(erased.values())))
    remove_tombstones(work.session, erased)


def edit_candidates(work: Work, edits: Sequence[CandidateEdit]) -> None:
    """Save what was changed of several people as one action; one that somebody else changed first stops them all."""
    work.require_editor()
    for edit in sorted(edits, key=lambda e: e.id):
        try:
            _edit(work, edit)
        except Stale:
            raise
        except Refused as refused:
            raise Refused(f"{edit.called}: {refused}" if edit.called else str(refused)) from refused
    compared = [edit.id for edit in edits if not COMPARED_BY.isdisjoint(edit.changes)]
    index_match_keys(work.session, *compared)
    note_lookalikes(work.session, compared, now=work.now)
    recount(work.session, [edit.id for edit in edits if "source" in edit.changes])
    if acquainted := [edit.id for edit in edits if "known_since" in edit.changes]:
        settle(work, *acquainted)


def _edit(work: Work, edit: CandidateEdit) -> None:
    if unknown := set(edit.changes) - EDITABLE:
        raise Refused(f"“{sorted(unknown)[0]}” can't be edited here.")
    candidate = candidate_to_change(work, edit.id)
    if candidate.id != edit.id:  # whoever wrote has seen nothing of the record that is kept
        raise Refused(f"This person was merged with {candidate.name or 'another record'}. Change it there.")
    _refuse_too_long(edit.changes)
    if candidate.version != edit.version:
        theirs = {name: as_shown(_stored(work, candidate, name)) for name in sorted(EDITABLE)}
        raise Stale(
            f"{edit.called or candidate.name or 'This person'} was changed by somebody else while you were writing. "
            "Nothing was overwritten; both versions are below.",
            theirs,
            {candidate.id: candidate.version},
            last_edited(work, candidate),
        )
    listed = edit.changes.keys() - COLUMNS
    for name in edit.changes.keys() & COLUMNS:
        setattr(candidate, name, _as_stored(work, name, edit.changes[name]))
    for name in sorted(listed):
        _set_listed(work, candidate, name, edit.changes[name])
    if listed:
        candidate.version += 1  # these are rows of their own, and whoever has this form open must see it
    if not candidate.name and not _has_address(work, candidate):
        raise Refused("A person needs a name, an e-mail address or a profile.")
    candidate.sort_name = folded(candidate.name)
    work.session.flush()
    index_words(work.session, candidate)
    work.record("candidate edited", candidate, **dict.fromkeys(sorted(listed), "changed"))


def as_shown(value: Any) -> str:
    """As the field of a form has it."""
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _stored(work: Work, candidate: Candidate, name: str) -> Any:
    if name in COLUMNS:
        return getattr(candidate, name)
    records = records_of(work.session, candidate)
    if name == "skills":
        theirs = select(Skill.key, Skill.name).join(CandidateSkill, CandidateSkill.skill_id == Skill.id).distinct()
        mine = theirs.where(CandidateSkill.candidate_id.in_(records)).order_by(Skill.key)
        return [called for _, called in work.session.execute(mine)]
    return [handle.value for handle in _handles(work, records, HandleKind(name))]


def _handles(work: Work, records: Sequence[int], kind: HandleKind) -> Sequence[Handle]:
    theirs = select(Handle).where(Handle.candidate_id.in_(records), Handle.kind == kind).order_by(Handle.id)
    return work.session.scalars(theirs).all()


def _set_listed(work: Work, candidate: Candidate, name: str, values: Sequence[str]) -> None:
    """All that they have of it from now on, whichever of the records merged into them it stands in."""
    records = records_of(work.session, candidate)
    if name == "skills":
        _set_skills(work, candidate, records, values)
    else:
        _set_addresses(work, candidate, records, HandleKind(name), values)


def _set_addresses(
    work: Work, candidate: Candidate, records: Sequence[int], kind: HandleKind, values: Sequence[str]
) -> None:
    before = _handles(work, records, kind)
    for handle in before:
        if handle.value not in values:
            work.session.delete(handle)
    known = {handle.value for handle in before}
    new = [Address(kind.value, value) for value in values if value not in known]
    _refuse_erased(work, new, came_back=False)
    add_handles(work, candidate, new)


def _set_skills(work: Work, candidate: Candidate, records: Sequence[int], names: Sequence[str]) -> None:
    theirs = CandidateSkill.candidate_id.in_(records)
    known = set(work.session.scalars(select(CandidateSkill.skill_id).where(theirs)))
    wanted = {skill_called(work, known_skill(name)).id: name for name in names if name.strip()}
    if gone := known - wanted.keys():
        work.session.execute(delete(CandidateSkill).where(theirs, CandidateSkill.skill_id.in_(gone)))
    add_skills(work, candidate, [name for id_, name in wanted.items() if id_ not in known])


def _as_stored(work: Work, name: str, value: Any) -> Any:
    """The value of a form's field as its column stores it."""
    value = value.strip() if isinstance(value, str) else value
    if name == "known_since" and value is not None and not EARLIEST <= value <= work.calendar.day(work.now):
        raise Refused(f"Nobody is known since {value:%-d %B %Y}. Look at the year.")
    if name != "begins_as":
        return value
    if value and value not in set(Beginner):
        raise Refused(f"Nobody begins as “{value}” here: {', '.join(Beginner)}.")
    return Beginner(value) if value else None


def _has_address(work: Work, candidate: Candidate) -> bool:
    theirs = Handle.candidate_id.in_(records_of(work.session, candidate))
    return work.session.scalar(select(Handle.id).where(theirs).limit(1)) is not None


def add_handles(work: Work, candidate: Candidate, handles: Sequence[Address]) -> None:
    """An address belongs to one person: one that is somebody else's is refused, with their name."""
    for kind, value in dict.fromkeys((HandleKind(handle.kind), handle.value) for handle in handles):
        taken = work.session.scalar(select(Handle).where(Handle.kind == kind, Handle.value == value))
        if taken is None:
            work.session.add(Handle(candidate_id=candidate.id, kind=kind, value=value))
        elif (owner_id := kept_record(work.session, taken.candidate_id)) != candidate.id:
            other = work.session.get_one(Candidate, owner_id)
            raise Refused(f"{value} is {other.name or 'somebody'}'s already. Open that person instead.")
    work.session.flush()


def add_skills(work: Work, candidate: Candidate, names: Sequence[str]) -> None:
    for name in dict.fromkeys(known_skill(name) for name in names if name.strip()):
        skill = skill_called(work, name)
        if work.session.get(CandidateSkill, (candidate.id, skill.id)) is None:
            work.session.add(CandidateSkill(candidate_id=candidate.id, skill_id=skill.id))
    work.session.flush()


def set_rhythm(work: Work, candidate_id: int, rhythm: Rhythm | None, *, at: datetime | None = None) -> int:
    """How often we keep in touch; None ends it. Returns the fact's id."""
    candidate = candidate_to_change(work, candidate_id)
    if rhythm is not None and not 1 <= rhythm.count <= 120:
        raise Refused("A rhythm is from 1 to 120 weeks or months.")
    change = work.enter(
        RhythmChange(
            candidate_id=candidate.id,
            rhythm_count=rhythm.count if rhythm else None,
            rhythm_unit=rhythm.unit if rhythm else None,
        ),
        happened_at=at,
    )
    settle(work, candidate.id)
    work.record("rhythm set", candidate, fact=change.id)
    return change.id


def keep_quiet_until(work: Work, candidate_id: int, until: date, *, at: datetime | None = None) -> int:
    """No word to keep in touch falls due before that day; the day it is set ends a quiet that lasts longer."""
    candidate = candidate_to_change(work, candidate_id)
    if until < work.calendar.day(at or work.now):
        raise Refused("That day is over. Choose one to come.")
    quiet = work.enter(QuietPeriod(candidate_id=candidate.id, until_on=until), happened_at=at)
    settle(work, candidate.id)
    work.record("quiet period set", candidate, fact=quiet.id, until=until.isoformat())
    return quiet.id


def hand_over(work: Work, candidate_id: int, to_id: int, *, at: datetime | None = None) -> int:
    """Accepted: the candidate is the new owner's from now on, with what the former owner owed them."""
    refuse_to_give_away(work, [candidate_to_change(work, candidate_id)])
    return hand_over_people(work, [candidate_id], to_id, at=at)[0]


def hand_over_people(work: Work, candidate_ids: Sequence[int], to_id: int, *, at: datetime | None = None) -> list[int]:
    """The same of many, at a stroke."""
    people = list(dict.fromkeys(people_to_change(work, candidate_ids).values()))
    member = active_member(work, to_id)
    was = {candidate.id: candidate.owner_id for candidate in people}
    handovers = work.enter_all(
        [Handover(candidate_id=candidate.id, to_id=member.id) for candidate in people], happened_at=at
    )
    answer_offers(work.session, handovers, now=work.now)
    settle(work, *was)
    for candidate, handover in zip(people, handovers, strict=True):
        work.record("candidate handed over", candidate, fact=handover.id, owner=[was[candidate.id], member.id])
    return [handover.id for handover in handovers]


def erase_candidate(work: Work, candidate_id: int, *, at: datetime | None = None) -> int:
    """Erase the person: identity and words of theirs go, counts stay. It can't be undone.

    What others wrote of them is `commands.privacy.erase_as_asked`'s. Whoever a claim keeps is not erased.
    """
    work.require_admin()
    candidate = candidate_to_change(work, candidate_id)
    records = records_of(work.session, candidate)
    _refuse_kept(work, candidate)
    erasure = work.enter(Erasure(candidate_id=candidate.id), happened_at=at)
    settle(work, candidate.id)
    _say_what_was_kept(work, candidate.id)
    _bury(work, records)
    _empty(work, records)
    _answer_requests(work, records)
    work.session.expire_all()
    work.record("candidate erased", candidate, fact=erasure.id)
    return erasure.id


def _bury(work: Work, records: list[int]) -> None:
    """So that no list brings them back unseen."""
    theirs = select(Handle.kind, Handle.value).where(Handle.candidate_id.in_(records))
    handles = [Address(kind.value, value) for kind, value in work.session.execute(theirs)]
    add_tombstones(work.session, handles, work.calendar.day(work.now))


def _refuse_kept(work: Work, candidate: Candidate) -> None:
    """Erasing somebody whom a claim keeps would destroy what the claim is about (art. 17(3)(e) GDPR)."""
    if until := claim_until(candidate.kept_until, work.calendar.day(work.now)):
        raise Refused(f"A claim keeps this person until {until:%d.%m.%Y}. End that first.")


def _answer_requests(work: Work, records: list[int]) -> None:
    """An erased person's open requests are answered: the one to be forgotten is done, the one to see is withdrawn."""
    requests = PrivacyRequest.__table__
    theirs = update(requests).where(requests.c.candidate_id.in_(records))
    work.session.execute(theirs.where(requests.c.notice.is_not(None)).values(notice=""))
    done = {"done_at": work.now, "done_by_id": work.actor.id}
    for kind, state in ((RequestKind.FORGET, RequestState.DONE), (RequestKind.SEE, RequestState.WITHDRAWN)):
        still = (requests.c.kind == kind, requests.c.state == RequestState.OPEN)
        work.session.execute(theirs.where(*still).values(state=state, **done))


def _say_what_was_kept(work: Work, candidate_id: int) -> None:
    """A follow-up kept by naming its subject keeps on being so when the subject is gone: by the fact's id."""
    kept = select(Promise).where(Promise.candidate_id == candidate_id, Promise.settled_by_id.is_not(None))
    for promise in work.session.scalars(kept):
        word = work.session.get(Contact, promise.settled_by_id)
        said = work.session.get(Contact, promise.about_id)
        if word is not None and said is not None and said.next_what and said.id not in (word.keeps or ()):
            word.keeps = [*(word.keeps or ()), said.id]
    work.session.flush()


def _empty(work: Work, records: list[int]) -> None:
    run = work.session.execute
    for of_theirs in (Handle, SearchWord, MatchKey, CandidateSkill):
        run(delete(of_theirs).where(of_theirs.candidate_id.in_(records)))
    forget_pairs_of(work.session, records)
    merges = select(Merge.id).where(Merge.kept_id.in_(records) | Merge.gone_id.in_(records))
    run(delete(MergedValue).where(MergedValue.merge_id.in_(merges)))
    nobody: dict[str, Any] = {
        "name": ERASED_NAME,
        "sort_name": folded(ERASED_NAME),
        "title": "",
        "company": "",
        "location": "",
        "source": "",
        "pronoun": "",
        "language": "",
        "notes": "",
        "tags": [],
        "begins_as": None,
        "kept_until": None,
        "kept_because": None,
        "erased_at": work.now,
    }
    run(update(Candidate.__table__).where(Candidate.id.in_(records)).values(**nobody))
    run(update(ImportRow).where(ImportRow.candidate_id.in_(records)).values(cells=[], reason="", filled=None))
    theirs = select(FACT.c.id).where(FACT.c.candidate_id.in_(records))
    contacts = Contact.__table__
    run(update(contacts).where(contacts.c.id.in_(theirs)).values(text="", about=None, source_key=None))
    promised = contacts.c.next_what.is_not(None)
    run(update(contacts).where(contacts.c.id.in_(theirs), promised).values(next_what=""))
    growth = GrowthNote.__table__
    run(update(growth).where(growth.c.id.in_(theirs)).values(wants="", advice=""))
    run(update(growth).where(growth.c.id.in_(theirs), growth.c.came_of_it.is_not(None)).values(came_of_it=""))
    for table, emptied in (
        (Closing.__table__, {"note": ""}),
        (Meeting.__table__, {"place": "", "note": ""}),
        (PlacementEnd.__table__, {"reason": ""}),
        (Consent.__table__, {"source": "", "evidence": ""}),
    ):
        run(update(table).where(table.c.id.in_(theirs)).values(**emptied))
    _empty_what_was_asked_and_said(work, records)
    _shut_own_pages(work, records)
    offered = OfferedPerson.__table__
    theirs_offered = update(offered).where(offered.c.candidate_id.in_(records))
    run(
        theirs_offered.where(offered.c.state == OfferState.OPEN).values(
            state=OfferState.WITHDRAWN, answered_at=work.now
        )
    )
    run(theirs_offered.values(note="", reason=""))
    for table in (Waiver.__table__, Snooze.__table__):
        run(update(table).where(table.c.id.in_(theirs)).values(reason="erased"))


def _empty_what_was_asked_and_said(work: Work, records: list[int]) -> None:
    """That they were asked, and recommended, stays; the words go."""
    run = work.session.execute
    asked = Question.__table__
    run(update(asked).where(asked.c.candidate_id.in_(records)).values(text=""))
    run(update(asked).where(asked.c.candidate_id.in_(records), asked.c.answer.is_not(None)).values(answer=""))
    run(update(Recommendation.__table__).where(Recommendation.candidate_id.in_(records)).values(summary=""))
    theirs = select(Recommendation.id).where(Recommendation.candidate_id.in_(records))
    claims = update(Claim.__table__).where(Claim.recommendation_id.in_(theirs))
    run(claims.values(text="", source_note=""))
    run(claims.where(Claim.correction.is_not(None)).values(correction=""))


def _shut_own_pages(work: Work, records: list[int]) -> None:
    """No link of theirs opens anything any more; how they scored us stays, without their words."""
    links = update(OwnPageLink.__table__).where(OwnPageLink.candidate_id.in_(records))
    work.session.execute(links.where(OwnPageLink.revoked_at.is_(None)).values(revoked_at=work.now))
    work.session.execute(update(SurveyAnswer.__table__).where(SurveyAnswer.candidate_id.in_(records)).values(words=""))


def _refuse_too_long(values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, str) and len(value) > LONGEST.get(name, 200):
            raise Refused(f"The {name} is too long: {len(value)} characters, {LONGEST.get(name, 200)} fit.")

"""What pages read, afresh at each look; only what is slow, the same for all, and moves slowly is kept for a while."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import streamlit as st

from core import settings
from core.commands.privacy import take_out_data
from core.domain.facts import Result, Rhythm
from core.domain.handles import Handle as Address
from core.domain.policy import Policy
from core.domain.promises import Status
from core.domain.questions import Known
from core.domain.referrals import CameTo
from core.persistence.handovers import Whom
from core.persistence.tables.handovers import OfferState
from core.persistence.tables.imports import RowOutcome
from core.persistence.team import policy_now
from core.persistence.trail import Head, trail_head
from core.persistence.work import Viewer
from core.queries import board as boards
from core.queries import (
    candidate,
    candidates,
    closing,
    drafts,
    duplicates,
    growth,
    handovers,
    imports,
    meetings,
    members,
    openings,
    own_page,
    pool,
    privacy,
    processes,
    promises,
    questions,
    recommendations,
    referrals,
    skills,
    survey,
    trail,
)
from core.queries import clients as mirrors
from core.queries import history as histories
from core.queries import (
    insights as figures,
)
from core.queries import (
    policy as policies,
)
from core.queries import (
    runners_up as runners,
)
from core.queries.board import Board, Pulse
from core.queries.candidate import Life, Whereabouts
from core.queries.candidates import CandidateFilters, People, Person
from core.queries.clients import Mirror
from core.queries.closing import Leaving, OpeningToClose
from core.queries.drafts import OwnWording
from core.queries.duplicates import Pair, Side
from core.queries.growth import GrowthFilters
from core.queries.handovers import By, Giver, GoesAlong, Group, Handed, Offer, OfferedRow, ToMeet
from core.queries.history import Entries
from core.queries.imports import Batch, BatchRow, Remembered, Staying, Told
from core.queries.insights import Ended, Ghosted, InsightFilters, Insights, Missed, Waited
from core.queries.insights import Word as WordBehind
from core.queries.meetings import Appointment, Meetings
from core.queries.openings import Glance, Gone, OpeningFilters, Template
from core.queries.own_data import as_zip, own_data
from core.queries.own_page import Link, OwnPage
from core.queries.page import Page
from core.queries.pool import Choice, PoolFilters, PoolRow
from core.queries.pool import Seen as PoolSeen
from core.queries.processes import InProcess, ToComeInto
from core.queries.promises import News, PromiseFilters, Today, Waiting
from core.queries.questions import Asked, AskedFirst
from core.queries.recommendations import Recommended, Word
from core.queries.referrals import Network, OfPerson, Referrer
from core.queries.runners_up import RunnersUp
from core.queries.skills import Near, Said, SkillView
from core.queries.survey import NetScore, Scored
from pages.parts import runtime


def today(viewer: Viewer, filters: PromiseFilters, page: Page) -> Today:
    store = runtime.store()
    with store.reading() as session:
        return promises.today(session, viewer, filters, now=store.now(), calendar=store.calendar, page=page)


def history(viewer: Viewer, *, mine: bool, page: Page) -> list[Waiting]:
    store = runtime.store()
    with store.reading() as session:
        return promises.history(session, viewer, mine=mine, now=store.now(), calendar=store.calendar, page=page)


def own_words() -> dict[tuple[str, str], str]:
    with runtime.store().reading() as session:
        return drafts.own_words(session)


def own_wording(occasion: str, language: str) -> OwnWording | None:
    with runtime.store().reading() as session:
        return drafts.own_wording(session, occasion, language)


def next_word_by(stage: str, *, is_on_hold: bool) -> date:
    store = runtime.store()
    with store.reading() as session:
        now, calendar = store.now(), store.calendar
        return drafts.next_word_by(session, stage, is_on_hold=is_on_hold, now=now, calendar=calendar)


def questions_of(candidate_id: int) -> list[Asked]:
    with runtime.store().reading() as session:
        return questions.questions(session, candidate_id)


def known_for_questions(candidate_id: int) -> Known:
    with runtime.store().reading() as session:
        return questions.known(session, candidate_id)


def asked_first(since: datetime, until: datetime) -> AskedFirst:
    with runtime.store().reading() as session:
        return questions.asked_first(session, since=since, until=until)


def follows_from(names: Sequence[str]) -> list[Near]:
    with runtime.store().reading() as session:
        return skills.follows_from(session, names)


def growth_notes(candidate_id: int) -> list[growth.Note]:
    store = runtime.store()
    with store.reading() as session:
        return growth.notes(session, candidate_id, now=store.now(), calendar=store.calendar)


def growing(filters: GrowthFilters, page: Page) -> tuple[growth.Numbers, growth.People]:
    """Everybody in numbers, and the page of the list."""
    store = runtime.store()
    with store.reading() as session:
        now = store.now()
        numbers = growth.numbers(session, filters.owner_id, now=now)
        return numbers, growth.growing(session, filters, now=now, page=page)


def referrals_of(candidate_id: int) -> OfPerson:
    with runtime.store().reading() as session:
        return referrals.of_person(session, candidate_id)


def recommended_by_year() -> list[referrals.Year]:
    """Up to a minute old: years move slowly, and it is the same for everybody."""
    return _recommended_by_year(str(runtime.store().engine.url))


@st.cache_data(ttl=60, max_entries=10, show_spinner=False)
def _recommended_by_year(database: str) -> list[referrals.Year]:
    with runtime.store().reading() as session:
        return referrals.by_year(session)


def network() -> tuple[Network, referrals.Numbers]:
    """Which trees are drawn is up to a minute old, unless somebody was brought meanwhile or came farther."""
    with runtime.store().reading() as session:
        seen = referrals.numbers(session)
    drawn = _linked(_recommendations(seen))
    with runtime.store().reading() as session:
        return referrals.network(session, drawn), seen


def referrers(
    seen: referrals.Numbers, came_to: CameTo | None, order: referrals.Order, page: Page
) -> tuple[list[Referrer], int, dict[int, referrals.Person]]:
    """The list is as old as the trees; who they are is read now."""
    rows, number = _referrers(_recommendations(seen), came_to, order, page)
    with runtime.store().reading() as session:
        return rows, number, referrals.people(session, [row.id for row in rows])


def _recommendations(seen: referrals.Numbers) -> tuple[object, ...]:
    """What the caches of recommendations go by: it differs as soon as somebody is recommended or comes farther."""
    return str(runtime.store().engine.url), seen.mark, *seen.came_to.values()


@st.cache_data(ttl=60, max_entries=10, show_spinner=False)
def _linked(recommendations: tuple[object, ...]) -> referrals.Linked:
    with runtime.store().reading() as session:
        return referrals.linked(session)


@st.cache_data(ttl=60, max_entries=100, show_spinner=False)
def _referrers(
    recommendations: tuple[object, ...], came_to: CameTo | None, order: referrals.Order, page: Page
) -> tuple[list[Referrer], int]:
    with runtime.store().reading() as session:
        return referrals.referrers(session, came_to, order, page)


def leaving(process_id: int) -> Leaving | None:
    store = runtime.store()
    with store.reading() as session:
        return closing.leaving(session, process_id, now=store.now(), calendar=store.calendar)


def everybody_in(opening_id: int) -> list[Leaving]:
    store = runtime.store()
    with store.reading() as session:
        return closing.everybody_in(session, opening_id, now=store.now(), calendar=store.calendar)


def opening_to_close(opening_id: int) -> OpeningToClose | None:
    with runtime.store().reading() as session:
        return closing.opening_to_close(session, opening_id)


def waiting_for_news(opening_id: int, page: Page) -> News:
    store = runtime.store()
    with store.reading() as session:
        return promises.news(session, opening_id, now=store.now(), calendar=store.calendar, page=page)


def people(filters: CandidateFilters, page: Page) -> People:
    store, region = runtime.store(), settings.current().phone_region
    with store.reading() as session:
        return candidates.people(session, filters, now=store.now(), region=region, page=page)


def erased_on(handles: Sequence[Address]) -> date | None:
    with runtime.store().reading() as session:
        return candidates.erased_on(session, handles)


def lookalikes(name: str, company: str, handles: Sequence[Address]) -> list[tuple[Person, tuple[str, ...]]]:
    with runtime.store().reading() as session:
        return candidates.lookalikes(session, name, company, handles)


def pairs(page: Page) -> list[Pair]:
    with runtime.store().reading() as session:
        return duplicates.pairs(session, page)


def number_of_pairs() -> int:
    with runtime.store().reading() as session:
        return duplicates.number_of_pairs(session)


def lookalikes_of(candidate_id: int) -> list[Side]:
    with runtime.store().reading() as session:
        return duplicates.lookalikes_of(session, candidate_id)


def sides(candidate_ids: Sequence[int]) -> dict[int, Side]:
    with runtime.store().reading() as session:
        return duplicates.sides(session, candidate_ids)


def versions(ids: Iterable[int]) -> dict[int, int]:
    with runtime.store().reading() as session:
        return candidates.versions(session, ids)


def whereabouts(candidate_id: int) -> Whereabouts:
    with runtime.store().reading() as session:
        return candidate.whereabouts(session, candidate_id)


def life(candidate_id: int) -> Life:
    store = runtime.store()
    with store.reading() as session:
        return candidate.life(session, candidate_id, now=store.now(), calendar=store.calendar)


def is_as_drawn(life: Life) -> bool:
    """Whether a piece of the page may be drawn alone; else draw all of it, or they would contradict each other."""
    with runtime.store().reading() as session:
        return candidate.is_still(session, life)


def is_taken_back(fact_id: int) -> bool:
    with runtime.store().reading() as session:
        return histories.is_taken_back(session, fact_id)


def entries(candidate_id: int, page: Page) -> Entries:
    with runtime.store().reading() as session:
        return histories.entries(session, candidate_id, page=page)


def meetings_of_day(viewer: Viewer, *, mine: bool, page: Page) -> Meetings:
    store = runtime.store()
    day = store.calendar.day(store.now())
    with store.reading() as session:
        return meetings.of_day(session, viewer, mine=mine, day=day, calendar=store.calendar, page=page)


def meetings_off_later(viewer: Viewer, *, mine: bool, page: Page) -> Meetings:
    store = runtime.store()
    day = store.calendar.day(store.now())
    with store.reading() as session:
        return meetings.off_after(session, viewer, mine=mine, day=day, calendar=store.calendar, page=page)


def meetings_still_planned(*, opening_id: int | None = None, process_id: int | None = None) -> list[Appointment]:
    store = runtime.store()
    with store.reading() as session:
        return meetings.still_planned(session, opening_id=opening_id, process_id=process_id, now=store.now())


def meetings_of(candidate_id: int) -> list[Appointment]:
    with runtime.store().reading() as session:
        return meetings.of_person(session, candidate_id)


def meetings_to_come(process_ids: Sequence[int]) -> dict[int, datetime]:
    store = runtime.store()
    with store.reading() as session:
        return meetings.first_to_come(session, process_ids, store.now())


def meetings_beside(host_id: int | None, candidate_id: int, day: date, but: int) -> list[Appointment]:
    store = runtime.store()
    with store.reading() as session:
        return meetings.beside(
            session, host_id=host_id, candidate_id=candidate_id, day=day, calendar=store.calendar, but=but
        )


def process(process_id: int) -> InProcess | None:
    with runtime.store().reading() as session:
        return processes.process(session, process_id)


def to_come_into(typed: str) -> list[ToComeInto]:
    with runtime.store().reading() as session:
        return processes.to_come_into(session, typed)


def recommendation(recommendation_id: int) -> Recommended | None:
    with runtime.store().reading() as session:
        return recommendations.recommendation(session, recommendation_id)


def recommendations_of(candidate_id: int) -> list[Recommended]:
    with runtime.store().reading() as session:
        return recommendations.of_person(session, candidate_id)


def newest_recommendation(process_id: int) -> int | None:
    with runtime.store().reading() as session:
        return recommendations.newest(session, process_id)


def to_cite(candidate_id: int) -> list[Word]:
    with runtime.store().reading() as session:
        return recommendations.to_cite(session, candidate_id)


def colleagues() -> list[tuple[int, str]]:
    with runtime.store().reading() as session:
        return members.colleagues(session)


def batches(page: Page) -> list[Batch]:
    with runtime.store().reading() as session:
        return imports.batches(session, page)


def number_of_batches() -> int:
    with runtime.store().reading() as session:
        return imports.number_of_batches(session)


def batch(batch_id: int) -> Batch | None:
    with runtime.store().reading() as session:
        return imports.batch(session, batch_id)


def batch_rows(batch_id: int, outcome: RowOutcome | None, page: Page) -> list[BatchRow]:
    with runtime.store().reading() as session:
        return imports.rows(session, batch_id, outcome, page)


def answers_owed(batch_id: int) -> tuple[int, int]:
    with runtime.store().reading() as session:
        return imports.answers_owed(session, batch_id)


def who_stays(batch_id: int) -> list[Staying]:
    with runtime.store().reading() as session:
        return imports.who_stays(session, batch_id)


def number_that_goes(batch_id: int, stays: Sequence[int]) -> int:
    with runtime.store().reading() as session:
        return imports.number_that_goes(session, batch_id, stays)


def imported_before(sha256: str, kind: str) -> Batch | None:
    with runtime.store().reading() as session:
        return imports.imported_before(session, sha256, kind)


def names_of(candidate_ids: Sequence[int]) -> dict[int, str]:
    with runtime.store().reading() as session:
        return imports.names_of(session, candidate_ids)


def remembered_mapping(source: str, header: Sequence[str]) -> Remembered | None:
    with runtime.store().reading() as session:
        return imports.remembered(session, source, header)


def import_sources(most: int) -> list[str]:
    with runtime.store().reading() as session:
        return imports.sources(session, most=most)


def told_of(candidate_ids: Sequence[int]) -> dict[int, Told]:
    with runtime.store().reading() as session:
        return imports.told_of(session, candidate_ids)


def glance(filters: OpeningFilters, page: Page) -> Glance:
    """How far those came who are in process no more is up to a minute old, unless one more ended meanwhile."""
    store = runtime.store()
    with store.reading() as session:
        mark = openings.mark_of_gone(session, filters)
    gone = _gone(str(store.engine.url), filters.of_openings, mark)
    with store.reading() as session:
        return openings.glance(session, filters, gone, now=store.now(), calendar=store.calendar, page=page)


@st.cache_data(ttl=60, max_entries=100, show_spinner=False)
def _gone(database: str, filters: OpeningFilters, mark: tuple[int, ...]) -> Gone:
    with runtime.store().reading() as session:
        return openings.gone(session, filters)


def stage_templates() -> tuple[list[Template], Policy]:
    """And the policy, which says how often people in their stages hear from us."""
    with runtime.store().reading() as session:
        return openings.templates(session), policy_now(session)


def clients_listed(text: str, order: mirrors.Order, page: Page) -> mirrors.Listed:
    store = runtime.store()
    with store.reading() as session:
        return mirrors.listed(session, text=text, order=order, now=store.now(), calendar=store.calendar, page=page)


def mirror(client_id: int) -> Mirror | None:
    store = runtime.store()
    with store.reading() as session:
        return mirrors.mirror(session, client_id, now=store.now(), calendar=store.calendar)


def upsets(client_id: int, begin: datetime) -> list[mirrors.Upset]:
    with runtime.store().reading() as session:
        return mirrors.upsets(session, client_id, begin)


def broken(client_id: int, begin: datetime, days: int) -> list[mirrors.Broken]:
    store = runtime.store()
    with store.reading() as session:
        return mirrors.broken(session, client_id, begin, days, now=store.now(), calendar=store.calendar)


def openings_of(client_id: int) -> list[mirrors.OfClient]:
    store = runtime.store()
    with store.reading() as session:
        return mirrors.of_client(session, client_id, store.now())


def insights(filters: InsightFilters) -> Insights:
    store = runtime.store()
    with store.reading() as session:
        return figures.insights(session, filters, now=store.now(), calendar=store.calendar)


def words_behind(filters: InsightFilters, statuses: Sequence[Status], page: Page) -> list[WordBehind]:
    store = runtime.store()
    with store.reading() as session:
        return figures.words(session, filters, statuses, now=store.now(), calendar=store.calendar, page=page)


def ended_behind(filters: InsightFilters, page: Page) -> list[Ended]:
    store = runtime.store()
    with store.reading() as session:
        return figures.ended(session, filters, calendar=store.calendar, page=page)


def ghosted_behind(filters: InsightFilters, waited: Waited | None, page: Page) -> list[Ghosted]:
    store = runtime.store()
    with store.reading() as session:
        return figures.ghosted(session, filters, waited, today=store.calendar.day(store.now()), page=page)


def missed_behind(filters: InsightFilters, page: Page) -> list[Missed]:
    store = runtime.store()
    with store.reading() as session:
        return figures.missed(session, filters, now=store.now(), calendar=store.calendar, page=page)


def board(opening_id: int) -> Board | None:
    store = runtime.store()
    with store.reading() as session:
        return boards.board(session, opening_id, now=store.now())


def board_pulse(opening_id: int) -> Pulse:
    store = runtime.store()
    with store.reading() as session:
        return boards.pulse(session, opening_id, now=store.now())


def owed_in_opening(opening_id: int, page: Page) -> Today:
    store = runtime.store()
    with store.reading() as session:
        return promises.in_opening(session, opening_id, now=store.now(), calendar=store.calendar, page=page)


def runners_up(opening_id: int, page: Page) -> RunnersUp:
    store = runtime.store()
    with store.reading() as session:
        return runners.runners_up(session, opening_id, now=store.now(), calendar=store.calendar, page=page)


def promise(promise_id: int) -> Waiting | None:
    store = runtime.store()
    with store.reading() as session:
        return promises.waiting(session, promise_id, now=store.now(), calendar=store.calendar)


def erased(ids: Iterable[int]) -> set[int]:
    """Of these people."""
    with runtime.store().reading() as session:
        return candidate.erased(session, ids)


def people_inside(opening_id: int, candidate_ids: Iterable[int]) -> set[int]:
    with runtime.store().reading() as session:
        return boards.inside(session, opening_id, candidate_ids)


def clients() -> list[tuple[int, str]]:
    with runtime.store().reading() as session:
        return boards.clients(session)


def skill_ids(names: Sequence[str]) -> list[int]:
    if not names:
        return []
    with runtime.store().reading() as session:
        return skills.skill_ids(session, names)


def skill(name: str) -> SkillView | None:
    with runtime.store().reading() as session:
        return skills.skill(session, name)


def said_of_skills(page: Page) -> list[Said]:
    with runtime.store().reading() as session:
        return skills.said(session, page)


def number_said_of_skills() -> int:
    with runtime.store().reading() as session:
        return skills.number_said(session)


def pool_seen(filters: PoolFilters) -> PoolSeen:
    store = runtime.store()
    with store.reading() as session:
        return pool.seen(session, filters, now=store.now(), calendar=store.calendar)


def pool_cohorts(owner_id: int | None) -> Counter[tuple[str, pool.Alive]]:
    store = runtime.store()
    with store.reading() as session:
        return pool.cohorts(session, owner_id, store.calendar.day(store.now()))


def pool_listed(seen: PoolSeen, choice: Choice | None, page: Page) -> list[PoolRow]:
    store = runtime.store()
    with store.reading() as session:
        return pool.listed(session, seen, choice, calendar=store.calendar, page=page)


def pool_chosen(seen: PoolSeen, choice: Choice | None, most: int) -> list[int]:
    with runtime.store().reading() as session:
        return pool.chosen(session, seen, choice, most=most)


def pool_rows(ids: Sequence[int]) -> list[PoolRow]:
    store = runtime.store()
    with store.reading() as session:
        return pool.rows_of(session, ids, now=store.now(), calendar=store.calendar)


def may_hear(ids: Sequence[int]) -> list[int]:
    with runtime.store().reading() as session:
        return pool.may_hear(session, ids)


def pool_sources() -> list[str]:
    with runtime.store().reading() as session:
        return pool.sources(session)


def handed_to(viewer: Viewer) -> list[Handed]:
    with runtime.store().reading() as session:
        return handovers.handed_to(session, viewer)


def giver(viewer: Viewer, of_id: int | None) -> Giver | None:
    with runtime.store().reading() as session:
        return handovers.giver(session, viewer, of_id)


def number_to_give(whom: Whom) -> int:
    with runtime.store().reading() as session:
        return handovers.number_meant(session, whom)


def people_to_give(whom: Whom, page: Page) -> list[handovers.Person]:
    with runtime.store().reading() as session:
        return handovers.people_meant(session, whom, page)


def groups_to_give(of_id: int | None, by: By) -> list[Group]:
    with runtime.store().reading() as session:
        return handovers.groups(session, of_id, by)


def goes_along_with(whom: Whom, page: Page) -> GoesAlong:
    store = runtime.store()
    with store.reading() as session:
        ids = handovers.to_give(session, whom)
        return handovers.goes_along(session, whom.of_id, ids, now=store.now(), page=page)


def goes_along_offered(offer: Offer, to_id: int | None, page: Page) -> GoesAlong:
    store = runtime.store()
    with store.reading() as session:
        ids = handovers.offered_to(offer.id, to_id)
        return handovers.goes_along(session, offer.of_id, ids, now=store.now(), page=page)


def meetings_hosted_by(member_id: int) -> list[ToMeet]:
    store = runtime.store()
    with store.reading() as session:
        return handovers.meetings_of(session, member_id, now=store.now())


def offer(viewer: Viewer, offer_id: int) -> Offer | None:
    with runtime.store().reading() as session:
        return handovers.offer(session, viewer, offer_id)


def offered(offer_id: int, state: OfferState, to_id: int | None, page: Page) -> list[OfferedRow]:
    with runtime.store().reading() as session:
        return handovers.offered(session, offer_id, state, to_id, page)


def offers_of(of_id: int | None) -> list[tuple[int, datetime, dict[OfferState, int]]]:
    with runtime.store().reading() as session:
        return handovers.offers_of(session, of_id)


def team() -> members.Team:
    store = runtime.store()
    with store.reading() as session:
        return members.team(session, now=store.now(), calendar=store.calendar)


def policy_in_force() -> policies.InForce:
    with runtime.store().reading() as session:
        return policies.in_force(session)


def rhythms() -> tuple[Rhythm, ...]:
    """Those the team offers."""
    with runtime.store().reading() as session:
        return policy_now(session).rhythms


def policy_history(most: int) -> list[policies.Past]:
    with runtime.store().reading() as session:
        return policies.history(session, most)


def policy_preview(terms: Policy) -> policies.Preview:
    store = runtime.store()
    with store.reading() as session:
        return policies.preview(session, terms, now=store.now(), calendar=store.calendar)


def stage_names() -> list[str]:
    with runtime.store().reading() as session:
        return policies.stage_names(session)


def what_is_left(member_id: int) -> tuple[int, int, int, int]:
    store = runtime.store()
    with store.reading() as session:
        return members.what_is_left(session, member_id, now=store.now(), calendar=store.calendar)


def number_left_behind() -> int:
    with runtime.store().reading() as session:
        return members.number_left_behind(session)


def requests_waiting(page: Page) -> list[privacy.Request]:
    with runtime.store().reading() as session:
        return privacy.waiting(session, page)


def requests_answered(page: Page) -> list[privacy.Request]:
    with runtime.store().reading() as session:
        return privacy.answered(session, page)


def number_of_requests_waiting() -> tuple[int, int]:
    """How many wait, and how many of them for too long."""
    store = runtime.store()
    with store.reading() as session:
        return privacy.number_waiting(session, store.calendar.day(store.now()))


def number_of_requests_answered() -> int:
    with runtime.store().reading() as session:
        return privacy.number_answered(session)


def number_falling_due() -> tuple[privacy.Due, int]:
    """How many, and how many months people are kept."""
    store = runtime.store()
    with store.reading() as session:
        months = policy_now(session).retention_months
        return privacy.number_falling_due(session, store.calendar.day(store.now()), months), months


def falling_due(page: Page, *, soon: bool) -> list[privacy.Falling]:
    store = runtime.store()
    with store.reading() as session:
        return privacy.falling_due(session, page, now=store.now(), calendar=store.calendar, soon=soon)


def all_due() -> list[int]:
    store = runtime.store()
    with store.reading() as session:
        return privacy.all_due(session, store.calendar.day(store.now()), policy_now(session).retention_months)


def ground_of(candidate_id: int) -> privacy.Ground:
    store = runtime.store()
    with store.reading() as session:
        return privacy.ground_of(session, candidate_id, calendar=store.calendar)


def own_data_as_zip(candidate_id: int, viewer: Viewer) -> bytes:
    """All that is known of them, in one file. That it was taken out is on record before it is."""
    store = runtime.store()
    with store.working(viewer) as work:
        take_out_data(work, candidate_id)
    with store.reading() as session:
        return as_zip(own_data(session, candidate_id, now=store.now(), calendar=store.calendar))


def policy() -> Policy:
    with runtime.store().reading() as session:
        return policy_now(session)


def own_page_of(token: str | None) -> OwnPage | None:
    """What the link opens, if anything."""
    store = runtime.store()
    with store.reading() as session:
        now = store.now()
        return own_page.own_page(session, token, now=now, today=store.calendar.day(now))


def own_page_links(candidate_id: int) -> list[Link]:
    store = runtime.store()
    with store.reading() as session:
        return own_page.links(session, candidate_id, now=store.now())


def scores_of(candidate_id: int) -> dict[int, Scored]:
    with runtime.store().reading() as session:
        return survey.scores_of(session, candidate_id)


def net_scores(filters: InsightFilters) -> tuple[NetScore, dict[Result, NetScore]]:
    store = runtime.store()
    with store.reading() as session:
        return survey.net_scores(session, filters, calendar=store.calendar)


def scored(filters: InsightFilters, page: Page) -> list[Scored]:
    store = runtime.store()
    with store.reading() as session:
        return survey.scored(session, filters, calendar=store.calendar, page=page)


def trail_piece(filters: trail.TrailFilters, before: int | None, after: int | None) -> trail.Piece:
    store = runtime.store()
    with store.reading() as session:
        return trail.piece(session, filters, store.calendar, before=before, after=after)


def trail_choices() -> tuple[list[tuple[int, str]], list[str]]:
    """Who may have done something, and what."""
    with runtime.store().reading() as session:
        return trail.members(session), trail.actions(session)


def trail_today(moment: datetime, most: int) -> tuple[int, Head]:
    """How many entries there are since then, and with which the trail ends."""
    with runtime.store().reading() as session:
        return trail.number_since(session, moment, most), trail_head(session)


def trail_called(about: trail.About) -> str:
    with runtime.store().reading() as session:
        return trail.called(session, about)

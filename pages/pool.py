"""The talent pool: how long people are known, how alive each relationship is, and whom to write to next."""

import streamlit as st

from core.charts.pool import rhythm_label, said
from core.commands.several import AT_ONCE
from core.domain.rhythms import rhythm_key
from core.domain.skills import all_names
from core.queries.pool import MANY, MOST, Choice, PoolFilters, PoolRow, Seen, source_of
from core.queries.skills import NO_SKILL
from pages.parts import actions, filters, pool_charts, questions, reads, runtime, several, table, wording
from pages.parts.layout import head_places, quiet, write_head
from pages.parts.wording import md

SIZE = 20
WHOSE, OWNER, SKILL, SOURCE, TAG, ASKED = "pool", "owner", "skill", "source", "tag", "pool-asked"
MARK = "Mark people, or choose some in a chart, to log a word to all of them or to change their rhythm."
RULE = (
    "Alive: a word either way within the last twelve calendar months; messages to a group are no word. Silence counts"
    " from the later of the last word from us and the last from them. Known since the earliest of the day noted, the"
    " first word and the day somebody was added."
)

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
today = calendar.day(now)


# what is asked


def narrowed(whose: int | None) -> PoolFilters:
    owner = filters.chosen(OWNER, {str(id_) for id_ in colleagues}.__contains__)
    skill = filters.chosen(SKILL, lambda value: len(value) <= 100)
    source = filters.chosen(SOURCE, lambda value: len(value) <= 200)
    tag = filters.chosen(TAG, lambda value: len(value) <= 50)
    ids = reads.skill_ids([skill]) if skill else [None]
    return PoolFilters(
        owner_id=whose or (int(owner) if owner else None),
        skill_id=ids[0],
        source=source_of(source) if source else None,
        tag=tag.strip(),
    )


def draw_filter(seen: Seen) -> None:
    if whose is None:
        filters.draw_select(OWNER, {str(id_): name for id_, name in colleagues.items()}, "With")
    filters.draw_select(SKILL, {name: name for name in skill_names()}, "Knows")
    filters.draw_select(SOURCE, {source: source for source in reads.pool_sources()}, "From")
    filters.draw_text(TAG, "Tag", "A whole tag, such as contractor")
    if seen.number:
        st.markdown(quiet("Whatever can be chosen in a chart:"))
        pool_charts.draw_pills(seen, choice)


def skill_names() -> list[str]:
    """Those that come with Perennial, and the one that is chosen."""
    asked = filters.value_of(SKILL)
    return [*all_names(), *([asked] if asked and asked not in all_names() else [])]


def take_away_filters() -> None:
    """A callback."""
    for name in (OWNER, SKILL, SOURCE, TAG):
        filters.choose(name, "")


# what is said


def title_of(seen: Seen) -> str:
    if not seen.number:
        is_narrowed = asked.narrows_people or asked.owner_id is not None
        return "Nobody found" if is_narrowed else "Nobody is in the pool yet"
    if not seen.alive:
        return "No relationship is alive"
    return f"{wording.spelled(seen.alive, 'relationship is', 'relationships are').capitalize()} alive"


def line_of(seen: Seen) -> str:
    if not seen.number:
        return ""
    of = f"of {wording.plural(seen.number, 'person', 'people')}: a word either way within the last twelve months"
    if seen.is_cut:
        of = f"of the first {MANY:,} found, there are more: a word either way within the last twelve months"
    return " · ".join([of, *narrowing_words()])


def narrowing_words() -> list[str]:
    words = []
    if asked.owner_id is not None and asked.owner_id in colleagues:
        words.append(f"with {md(colleagues[asked.owner_id])}")
    if asked.skill_id is not None:
        words.append(f"knows {md(filters.value_of(SKILL))}")
    if asked.source is not None:
        words.append(f"from {md(asked.source)}" if asked.source else "source not noted")
    if asked.tag:
        words.append(f"tagged {md(asked.tag)}")
    return words


def heading_of(choice: Choice | None, number: int) -> str:
    if choice is None:
        return "Longest past the date of their rhythm, then the next"
    return f"{wording.plural(number, 'person', 'people')}: {md(said(choice, today))}"


# the list


def draw_list(rows: list[PoolRow]) -> list[int]:
    columns = {
        "name": table.text("Person", 150, [row.name for row in rows]),
        "does": table.text("Does", 160, [row.does for row in rows]),
        "known": table.text(
            "Known",
            92,
            [wording.span(row.met_on, today) if row.met_on < today else "since today" for row in rows],
        ),
        "silent": table.text(
            "Silent",
            85,
            [wording.span(row.last_word_on, today) if row.last_word_on else "no word yet" for row in rows],
        ),
        "rhythm": table.text("Rhythm", 82, [rhythm_of(row) for row in rows]),
        "due": table.text(
            "Next word by", 100, [wording.day(row.in_touch_on, today) if row.in_touch_on else "" for row in rows]
        ),
        "owner": table.text("With", 110, [row.owner for row in rows]),
        "words": table.Column(
            st.column_config.AreaChartColumn("Words a year, last 5", width=130, y_min=0), [row.words for row in rows]
        ),
    }
    ids = [row.id for row in rows]
    marks = f"marked-{hash(tuple(ids))}" if viewer.may_edit else None  # another list begins with nobody marked
    return table.draw("pool", table.PERSON, ids, columns, alt="People of the pool, a row each", marks=marks)


def rhythm_of(row: PoolRow) -> str:
    if row.do_not_contact:
        return "no contact"
    return rhythm_label(rhythm_key(row.rhythm)) if row.rhythm else ""


def whom(marked: list[int]) -> list[int]:
    """Whoever is marked, or everybody on the list."""
    return marked or reads.pool_chosen(seen, choice, AT_ONCE + 1)


# the page

table.follow()
words, controls = head_places()
colleagues = dict(reads.colleagues())
with controls:
    whose = filters.owner(WHOSE, viewer)
    narrowing = st.popover("Filter", width="content", key="pool-filter", on_change="rerun")
asked = narrowed(whose)
choice = pool_charts.chosen()
filters.begin_anew(ASKED, (asked, choice))
seen = reads.pool_seen(asked)
total = seen.number_of(choice)
listed = min(total, MOST)
page = filters.page_within(filters.own("page"), listed, SIZE)
rows = reads.pool_listed(seen, choice, page) if total else []

write_head(words, title_of(seen), line_of(seen))
with words:
    actions.show_notice(undo_in=controls)
if narrowing.open:
    with narrowing:
        draw_filter(seen)
if asked.skill_id == NO_SKILL:
    st.markdown(f"Nobody has a skill called “{md(filters.value_of(SKILL))}”, and nothing that implies it is known.")
if seen.number:
    pool_charts.draw(seen, choice)
    marked: list[int] = []
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(heading_of(choice, total), anchor=False)
        doing = st.container(horizontal=True, vertical_alignment="center", width="content")
    if rows:
        marked = draw_list(rows)
    elif choice:
        st.markdown(quiet("Nobody is meant by that any more. Choose again in a chart, or show all."))
    else:
        st.markdown(quiet("Nobody has a rhythm yet. Choose people in a chart and give them one."))
    with doing:
        if choice:
            st.button("Show all", type="tertiary", key="show-all", on_click=pool_charts.choose, args=(None,))
        if rows and viewer.may_edit:
            several.offer(
                viewer,
                lambda: reads.pool_rows(marked or reads.pool_chosen(seen, choice, MOST)),
                "people of the pool",
            )
            if marked or choice:
                several.draw(len(marked) or total)
    filters.page(filters.own("page"), listed, SIZE)
    if total > MOST:
        st.markdown(quiet(f"The first {MOST:,} of {total:,} are listed. Choose fewer to see all of them."))
    st.markdown(quiet(RULE if choice or marked or not viewer.may_edit else f"{MARK} {RULE}"))
    if viewer.may_edit:
        questions.draw(several.dialogs(lambda: whom(marked), (asked, choice, marked)))
elif asked.narrows_people or asked.owner_id is not None:
    st.markdown(quiet("Nobody like that is in the pool. Fewer filters, or the whole team, find more."))
    st.button("Take the filters away", key="no-filters", on_click=take_away_filters)
else:
    st.markdown("Add the first person, or import a list you have; who they are and how long they are known shows here.")
    st.page_link("candidates.py", label="Candidates")
    st.page_link("imports.py", label="Import a list")
filters.to_address(OWNER, SKILL, SOURCE, TAG, pool_charts.CHOSEN)

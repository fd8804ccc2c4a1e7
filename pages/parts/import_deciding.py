"""Import: who may be known already, side by side; and where the list says otherwise than what is stored."""

from collections import Counter
from collections.abc import Callable, Sequence

import streamlit as st

from core.domain.matching import Match
from core.domain.row_reasons import why
from core.importers.messages import Participant
from core.importers.preview import Row
from core.importers.ready import Decision
from core.importers.said import COMPARED, place_said, shown_name
from core.queries.imports import Told
from pages.parts import filters, import_draft, reads, wording
from pages.parts.import_draft import Draft
from pages.parts.layout import quiet
from pages.parts.wording import COLUMNS, as_text, md

FEW = 10
CHOICES = {Decision.SAME: "Same person", Decision.NEW: "Somebody else", Decision.SKIP: "Skip"}
ALL, DECIDE_PAGE, DIFFER_PAGE = "decide-all", "decide-page", "differences-page"
KEEP, TAKE = "Keep what is stored", "Take the list's"


# who may be known already


def number_open(draft: Draft) -> int:
    """How many are still undecided; whoever is skipped is not."""
    return len(draft.overview.asked) - len(draft.decisions)


def how_many_are_open(draft: Draft) -> str:
    return f"{wording.plural(number_open(draft), 'is', 'are')} not decided on"


def what_is_asked(draft: Draft) -> str:
    return f"{how_many_are_open(draft)}. Decide, or bring in without them: they are in the file of rows that stay out."


def skip_the_rest() -> None:
    draft = import_draft.shown()
    decided = draft.decisions
    skipped = {
        line: (Decision.SKIP.value, import_draft.whom(match))
        for line, _, match in draft.overview.asked
        if line not in decided
    }
    import_draft.note(decisions={**draft.said.decisions, **skipped})


def draw_likely(draft: Draft, *, without_them: Callable[[], None]) -> None:
    """`without_them` brings in the others."""
    asked = draft.overview.asked
    with st.container(horizontal=True, vertical_alignment="center"):
        words = how_many_are_open(draft) if number_open(draft) else "All are decided on"
        st.markdown(
            quiet(f"They may be known already. {words}; whoever is skipped is left out, and stays with the list."),
            width="stretch",
        )
        if number_open(draft):
            st.button("Bring in without them", key="without-them", on_click=without_them)
    if len(asked) > 1:
        st.session_state[ALL] = same_for_all(draft)
        st.segmented_control("All of them", list(CHOICES), format_func=called, key=ALL, on_change=decide_all)
    place = st.container()
    page = filters.page(DECIDE_PAGE, len(asked), FEW)
    some = page.of(asked)
    stored = reads.told_of([match.of.number for _, _, match in some if match.of and match.of.kind == "candidate"])
    with place:
        for line, name, match in some:
            draw_one(draft, line, name, match, stored)


def draw_one(draft: Draft, line: int, name: str, match: Match, stored: dict[int, Told]) -> None:
    key = f"decide-{line}"
    st.session_state[key] = draft.decisions.get(line)
    with st.container(border=True):
        reason = md(why(", ".join(match.on)))
        st.markdown(f"**{as_text(shown_name(name))}** {quiet(f'Line {line:,} · {reason}')}")
        mine = side_of_line(draft, line, name)
        theirs, head = other_side(draft, match, stored)
        draw_side_by_side((f"The list, line {line:,}", mine), (head, theirs or Told("", "", "", "")))
        st.segmented_control(
            f"{wording.aloud(name)}, line {line}",
            list(CHOICES),
            format_func=called,
            key=key,
            on_change=decide,
            args=(line, match),
            label_visibility="collapsed",
        )


def called(decision: Decision) -> str:
    return CHOICES[decision]


def same_for_all(draft: Draft) -> Decision | None:
    given = set(draft.decisions.values())
    return given.pop() if len(given) == 1 and len(draft.decisions) == len(draft.overview.asked) else None


def decide(line: int, match: Match) -> None:
    answer: Decision | None = st.session_state[f"decide-{line}"]
    given = {other: told for other, told in import_draft.shown().said.decisions.items() if other != line}
    if answer is not None:
        given[line] = (answer.value, import_draft.whom(match))
    import_draft.note(decisions=given)


def decide_all() -> None:
    """One answer for everybody; each can still be given another."""
    answer: Decision | None = st.session_state[ALL]
    asked = import_draft.shown().overview.asked
    given = {line: (answer.value, import_draft.whom(match)) for line, _, match in asked} if answer else {}
    import_draft.note(decisions=given)


def side_of_line(draft: Draft, line: int, name: str) -> Told:
    row = draft.overview.row(draft.found, line)
    if row is not None and row.person is not None:
        return side_of(row)
    found = {first: person for (first, _, _), person in zip(draft.overview.asked, likely_people(draft), strict=False)}
    profile = found[line].linkedin if line in found else ""
    return Told(shown_name(name), "", "", "", profiles=(profile,) if profile else ())


def likely_people(draft: Draft) -> list[Participant]:
    """In the order in which they are asked about."""
    return [person for person, match in draft.found.counterparts if match.how == "likely"]


def side_of(row: Row) -> Told:
    person = row.person
    assert person is not None
    by_kind: dict[str, list[str]] = {}
    for handle in person.handles:
        kind = handle.kind if handle.kind in ("email", "phone") else "profile"
        by_kind.setdefault(kind, []).append(handle.value)
    told = (tuple(by_kind.get(kind, ())) for kind in ("email", "phone", "profile"))
    return Told(shown_name(person.name), person.text("title"), person.text("company"), place_said(person), *told)


def other_side(draft: Draft, match: Match, stored: dict[int, Told]) -> tuple[Told | None, str]:
    if match.of is None:
        return None, "Known"
    if match.of.kind == "candidate":
        return stored.get(match.of.number), "Stored"
    row = draft.overview.row(draft.found, match.of.number)
    return (side_of(row) if row is not None and row.person is not None else None), f"Line {match.of.number:,}"


def draw_side_by_side(*sides: tuple[str, Told]) -> None:
    """What either says, in the same order; on a phone the one below the other."""
    told = [values_of(side) for _, side in sides]
    words = [word for word in told[0] if any(any(values[word]) for values in told)]
    equal = {word for word in words if set(told[0][word]) & set(told[1][word]) - {""}}
    for place, (head, _), values in zip(st.columns(2), sides, told, strict=True):
        lines = [f"**{md(head)}**"]
        lines += [f"{quiet(word + (', equal' if word in equal else ''))} {cell(values[word])}" for word in words]
        place.markdown("  \n".join(lines))


def values_of(side: Told) -> dict[str, Sequence[str]]:
    return {
        "Name": (side.name,),
        "Title": (side.title,),
        "Company": (side.company,),
        "Place": (side.location,),
        "E-mail": side.emails,
        "Phone": side.phones,
        "Profile": side.profiles,
    }


def cell(values: Sequence[str]) -> str:
    return ", ".join(as_text(value) for value in values if value) or quiet("nothing")


# where the list says otherwise


def draw_differences(draft: Draft) -> None:
    told, also = draft.overview, draft.also_differing
    number = told.differences + Counter(column for line in also for column in told.may_differ[line])
    st.markdown(
        quiet("They are known, and the list says something else of them. What is stored stays, unless you say.")
    )
    taken = "take-columns"
    st.session_state[taken] = [name for name in COMPARED if name in draft.said.take_columns and number[name]]
    st.pills(
        "Take what the list says of",
        [name for name in COMPARED if number[name]],
        selection_mode="multi",
        format_func=lambda name: f"{COLUMNS[name]}, all {number[name]:,}",
        key=taken,
        on_change=take_columns,
        wrap=True,
    )
    place = st.container()
    differing = sorted([*told.differing, *also]) if also else told.differing
    page = filters.page(DIFFER_PAGE, len(differing), FEW)
    lines = page.of(differing)
    some = [row for line in lines if (row := told.row(draft.found, line)) is not None]
    names = reads.names_of([row.of_candidate for row in some if row.of_candidate is not None])
    with place:
        for row in some:
            draw_difference(draft, row, names.get(row.of_candidate or 0, ""))


def draw_difference(draft: Draft, row: Row, name: str) -> None:
    key, takes = f"takes-{row.line}", draft.takes(row)
    st.session_state[key] = None if takes is None else TAKE if takes else KEEP
    with st.container(border=True):
        st.markdown(f"**{md(name or 'Somebody without a name')}** {quiet(f'Line {row.line:,}')}")
        st.markdown(
            "  \n".join(
                f"{quiet(COLUMNS[one.column])} the list “{as_text(one.said[:300])}”,"
                f" stored “{as_text(one.stored[:300])}”"
                for one in row.differences
            )
        )
        st.segmented_control(
            f"{wording.aloud(name)}, line {row.line}",
            [KEEP, TAKE],
            key=key,
            on_change=take,
            args=(row.line, row.of_candidate),
            label_visibility="collapsed",
        )


def take_columns() -> None:
    import_draft.note(take_columns=list(st.session_state["take-columns"]))


def take(line: int, candidate_id: int | None) -> None:
    answer = st.session_state[f"takes-{line}"]
    given = {other: told for other, told in import_draft.shown().said.takes.items() if other != line}
    if answer is not None:
        given[line] = (answer == TAKE, str(candidate_id))
    import_draft.note(takes=given)

"""Who brought whom, over the years: each tree from the left, where its first person was met, to whoever came last."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import altair as alt

from core.charts.bars import CHOSEN
from core.charts.dress import Palette, dress
from core.charts.frames import Frame, frame
from core.domain.network import Tree, rows, trees
from core.domain.referrals import CameTo
from core.domain.words import plural
from core.queries.referrals import Network, Person, Recommended

FIRST = "knew us first"
CAME = {
    CameTo.NOTHING: "no process yet",
    CameTo.CONSIDERED: "was considered",
    CameTo.INTERVIEW: "came to an interview",
    CameTo.HIRED: "hired",
}
STATES = (FIRST, *CAME.values())
"""In the order of the legend."""
NAMED, NAMED_IF_DENSE = 40, 16
"""So many trees have their first person's name above them: the largest."""
LONGEST = 28
"""Letters of a name above a tree; its tooltip says all of it."""
LETTER, WIDE = 6.6, 900.0
"""A name's width is guessed from its letters, on a chart of this width."""
ROW, DENSE, NARROWEST, TALL = 24, 14, 7, 1_200
"""How high a row is, and how low it may become for a chart not to be taller than that.

In rows lower than DENSE marks are smaller, and a name takes more than the row above.
"""

_PLACE = {"what": str, "start": date, "end": date, "row": int, "until": int, "lit": bool}
_MARK = _PLACE | {"person": int, "state": str, "tip": str, "chosen": bool, "name": str}


@lru_cache(maxsize=5)
def drawn(
    network: Network, today: date, chosen: int | None = None, asked: CameTo | None = None
) -> tuple[Sequence[Tree], Frame]:
    """The trees, and the frame of them: laid out once for whoever looks at the same people."""
    made = trees_of(network)
    return made, network_frame(network, made, today, chosen, asked)


def network_frame(
    network: Network, made: Sequence[Tree], today: date, chosen: int | None = None, asked: CameTo | None = None
) -> Frame:
    """Every mark, one a row; empty where nobody recommended anybody.

    `made`: its trees. `chosen`: whose tree is lit, and nobody else's; `asked`: only those who came so far.
    Columns: what (person, along, down, beside, name), start, end, row, until, lit, person (id), state, tip, chosen,
    name.
    """
    return frame(_MARK, _marks(network, made, today, chosen, asked))


def height(frame: Frame) -> int:
    """Of the whole chart."""
    number = _number_of_rows(frame)
    return max(number * _row(number), 3 * ROW) + 50


def is_dense(frame: Frame) -> bool:
    return _row(_number_of_rows(frame)) < DENSE


def _number_of_rows(frame: Frame) -> int:
    return max(frame["until"].to_pylist(), default=0) + 1


def _row(number: int) -> int:
    return min(ROW, max(NARROWEST, TALL // number))


def trees_of(network: Network) -> list[Tree]:
    """The largest first."""
    return trees(network.links, {id_: person.met_on for id_, person in network.people.items() if person.met_on})


def called(person: Person | Recommended) -> str:
    return "somebody erased" if person.is_erased else person.name or "somebody without a name"


def _label(person: Person) -> str:
    """Whoever has a long name must not take the room of the years."""
    name = called(person)
    return name if len(name) <= LONGEST else f"{name[:LONGEST].rstrip()}…"


def finding(network: Network, made: Sequence[Tree]) -> str:
    """The picture in one sentence, for who can't see it."""
    hired = sum(came is CameTo.HIRED for came in network.came_to.values())
    of_them = f"{hired} of those brought {'was' if hired == 1 else 'were'} hired"
    if not made:
        return "Nobody has recommended anybody yet."
    largest = f"the largest holds {len(made[0].came)} people and begins with {called(network.people[made[0].root])}"
    number = "1 tree" if len(made) == 1 else f"{len(made)} trees"
    return f"{number} of people who recommended each other; {largest}. {of_them}."


@lru_cache(maxsize=50)
def network_chart(height: int, states: tuple[str, ...], *, is_dense: bool) -> Any:
    """For `spec_of`: reads all columns of `network_frame`. `states`: those there are, for the legend."""
    small, large = (40, 70) if is_dense else (70, 110)

    def chart(frame: Frame, c: Palette) -> alt.LayerChart:
        base: alt.Chart = alt.Chart(frame)
        x = alt.X("start:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", orient="top", grid=True))
        y = alt.Y("row:Q", title=None, axis=None, scale=alt.Scale(reverse=True, zero=True, nice=False, padding=12))
        lit = alt.condition("datum.lit", alt.value(1), alt.value(0.3))
        fills = [c.quiet, c.page, c.cells[1], c.cells[-1], c.kept]
        strokes = [c.quiet, c.waived, c.cells[-1], c.kept, c.kept]
        legend = alt.Legend(values=list(states), symbolType="circle", symbolSize=90, columns=_COLUMNS)

        def some(what: str) -> alt.Chart:
            return base.transform_filter(alt.FieldOneOfPredicate("what", [what]))

        def line(what: str, **style: Any) -> alt.Chart:
            marks: alt.Chart = some(what).mark_rule(color=c.waived, **style)
            return marks.encode(x=x, x2="end:T", y=y, y2="until:Q", opacity=lit)

        person = (
            some("person")
            .mark_point(shape="circle", filled=True, strokeWidth=1.5, cursor="pointer")
            .encode(
                x=x,
                y=y,
                fill=alt.Fill("state:N", scale=alt.Scale(domain=STATES, range=fills), legend=legend),
                stroke=alt.condition(
                    "datum.chosen",
                    alt.value(c.ink),
                    alt.Stroke("state:N", scale=alt.Scale(domain=STATES, range=strokes), legend=legend),
                ),
                size=alt.condition(f"datum.state == '{CAME[CameTo.HIRED]}'", alt.value(large), alt.value(small)),
                opacity=lit,
                tooltip=alt.Tooltip("tip:N", title=" "),
            )
            .add_params(alt.selection_point(name=CHOSEN, fields=["person"], on="click"))
        )
        names = some("name").mark_text(align="left", baseline="bottom", dy=-7, clip=False)
        shown = alt.condition("datum.lit && width > 460", alt.value(1), alt.value(0))
        layers: Any = alt.layer(
            line("beside", strokeDash=[2, 3], strokeWidth=1),
            line("along", strokeWidth=1.4),
            line("down", strokeWidth=1.4),
            person,
            names.encode(x=x, y=y, text="name:N", opacity=shown),
        )
        dressed: alt.LayerChart = dress(layers, c, height)
        return dressed

    return chart


_COLUMNS: Any = alt.ExprRef("width < 460 ? 2 : 5")
"""Of the legend: on a phone it needs more lines."""


def states_in(frame: Frame) -> tuple[str, ...]:
    """The states there are, in the order of the legend."""
    there = set(frame["state"].unique().to_pylist())
    return tuple(state for state in STATES if state in there)


def _marks(
    network: Network, made: Sequence[Tree], today: date, chosen: int | None, asked: CameTo | None
) -> Iterator[tuple[Any, ...]]:
    if not made:
        return
    day = (today - min(tree.begins for tree in made)).days / WIDE
    names = {tree.root: _label(network.people[tree.root]) for tree in made[:NAMED]}
    room = {root: timedelta(days=len(name) * LETTER * day) for root, name in names.items()}
    first = rows(made, room, dict.fromkeys(names, 1))
    if _row(max(first[tree.root] + tree.height for tree in made)) < DENSE:
        names = dict(list(names.items())[:NAMED_IF_DENSE])
        first = rows(made, room, dict.fromkeys(names, 3))
    lit = next((set(tree.came) for tree in made if chosen in tree.came), set())
    for tree in made:
        top, is_lit, brought = first[tree.root], not lit or tree.root in lit, Counter(tree.parent.values())
        for person, row in tree.row.items():
            by = tree.parent.get(person)
            at = tree.came[person]
            if by is not None:
                begun, begun_row = tree.came[by], tree.row[by]
                yield _mark("along", begun, at, top + row, top + row, lit=is_lit)
                if row != begun_row:
                    yield _mark("down", begun, begun, top + begun_row, top + row, lit=is_lit)
            came_to = network.came_to.get(person, CameTo.NOTHING) if by is not None else None
            yield _mark(
                "person",
                at,
                at,
                top + row,
                top + row,
                person=person,
                state=CAME[came_to] if came_to else FIRST,
                tip=_tip(network, tree, person, came_to, brought[person]),
                lit=is_lit and asked in (None, came_to),
                chosen=person == chosen,
            )
        if tree.root in names:
            yield _mark("name", tree.begins, tree.begins, top, top, name=names[tree.root], lit=is_lit)
    yield from _beside(network, made, first, lit)


def _beside(
    network: Network, made: Sequence[Tree], first: Mapping[int, int], lit: set[int]
) -> Iterator[tuple[Any, ...]]:
    """Whoever was recommended once more, by another than who brought them."""
    at = {person: (tree.came[person], first[tree.root] + tree.row[person]) for tree in made for person in tree.came}
    brought_by = {person: by for tree in made for person, by in tree.parent.items()}
    for link in network.links:
        if brought_by.get(link.brought) != link.referrer:
            (start, row), (end, until) = at[link.referrer], at[link.brought]
            yield _mark("beside", start, end, row, until, lit=not lit or link.brought in lit)


def _mark(
    what: str,
    start: date,
    end: date,
    row: int,
    until: int,
    *,
    lit: bool,
    person: int = 0,
    state: str = "",
    tip: str = "",
    chosen: bool = False,
    name: str = "",
) -> tuple[Any, ...]:
    """A row of the frame."""
    return what, start, end, row, until, lit, person, state, tip, chosen, name


def _tip(network: Network, tree: Tree, person: int, came_to: CameTo | None, number: int) -> str:
    """`number`: of those they brought."""
    name, on = called(network.people[person]), f"{tree.came[person]:%b %Y}"
    brought = f", brought {plural(number, 'person', 'people')}" if number else ""
    if came_to is None:
        return f"{name}: known since {on}{brought}"
    return f"{name}: came through {called(network.people[tree.parent[person]])} in {on}, {CAME[came_to]}{brought}"

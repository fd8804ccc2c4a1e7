"""How the columns of a list are read is remembered, for the next list from there or with the same headers."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from core.domain.headers import header_key, named
from core.domain.names import folded
from core.persistence.tables import ImportMapping
from core.persistence.work import Work


def remember_mapping(
    work: Work,
    *,
    source: str,
    header: Sequence[str],
    fields: Mapping[int, str | None],
    date_orders: Mapping[str, str] | None = None,
) -> int | None:
    """Keep what was said of some columns, by their index; None where neither headers nor source say of which list.

    What was said last counts: where nothing is said any more, what was remembered is forgotten.
    """
    work.require_editor()
    keys = {"source_key": folded(source)[:200], "header_key": header_key(header)}
    if not any(keys.values()):
        return None
    told = work.session.scalars(select(ImportMapping).filter_by(**keys).with_for_update()).first()
    if not fields and not date_orders:
        _forget(work, told)
        return None
    told = told or ImportMapping(**keys)
    names = list(named(header))
    told.source = source.strip()[:200]
    told.fields = [[*names[index], field] for index, field in sorted(fields.items()) if index < len(names)]
    told.date_orders = dict(date_orders or {})
    told.kept_at, told.kept_by_id = work.now, work.actor.id
    work.session.add(told)
    work.record("columns remembered", told)
    return told.id


def _forget(work: Work, told: ImportMapping | None) -> None:
    if told is not None:
        work.record("columns forgotten", told)
        work.session.delete(told)

"""What all tables share: names for constraints, and the types of moments and enumerations."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy
from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    ForeignKeyConstraint,
    MetaData,
    String,
    literal,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

PERSONAL = {"personal": True}
"""Marks a column whose values the audit trail never copies: erasure empties a person's own, and looks in all others."""

UNCHECKED = {
    "candidate_id": "candidate",
    "owner_id": "member",
    "batch_id": "import_batch",
    "skill_id": "skill",
    "about_id": "fact",
}
"""Columns that name a row of another table also where they have no foreign key: a list brings too many of them."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. In SQLite it is text, and made of it in one step: a page reads thousands."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def bind_processor(self, dialect: Dialect) -> Any:
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _of_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(UTC)


def _as_text(moment: datetime | None) -> str | None:
    """As SQLAlchemy writes what has no zone: 2026-03-02 09:00:00.000000."""
    return None if moment is None else _in_utc(moment).replace(tzinfo=None).isoformat(" ", "microseconds")


def _of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


Sorted = String().with_variant(String(collation="C"), "postgresql")
"""Text compared byte by byte, so that a prefix is a range of the index on either database."""

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def not_looked_up(column: str, named: str) -> ForeignKeyConstraint:
    """A foreign key by which tables are joined, and which the database does not have: PostgreSQL marks what it looks
    up, and a list would write each of its facts twice."""
    return ForeignKeyConstraint([column], [named], info=NOT_LOOKED_UP).ddl_if(callable_=lambda *_, **__: False)


NOT_LOOKED_UP = {"not_looked_up": True}


def is_in_database(thing: Any, _name: str | None, kind: str, *_: object) -> bool:
    """What Alembic is to compare."""
    return kind != "foreign_key_constraint" or thing.info != NOT_LOOKED_UP


def one_of(kind: type[StrEnum], name: str) -> Enum:
    """Stored by value, and checked by the database."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


def among(column: ColumnElement[Any] | InstrumentedAttribute[Any], *values: str) -> ColumnElement[bool]:
    """`in_` for a few values that never change: SQLAlchemy puts a statement with `in_` together anew at each asking."""
    return column.in_([literal(value, column.type) for value in values])


class Table(DeclarativeBase):
    __table__: ClassVar[sqlalchemy.Table]
    metadata = MetaData(naming_convention=NAMES)

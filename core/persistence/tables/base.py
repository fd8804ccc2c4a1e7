"""What all tables share: names for constraints, and the types of moments and enumerations."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy
from sqlalchemy import JSON, ColumnElement, DateTime, Dialect, Enum, MetaData, String, literal
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
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


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo is not None else value.replace(tzinfo=UTC)


Sorted = String().with_variant(String(collation="C"), "postgresql")
"""Text compared byte by byte, so that a prefix is a range of the index on either database."""

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


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


def among(column: ColumnElement[Any], *values: StrEnum) -> ColumnElement[bool]:
    """`in_` for a few values that never change: SQLAlchemy puts a statement with `in_` together anew at each asking."""
    return column.in_([literal(value, column.type) for value in values])


class Table(DeclarativeBase):
    __table__: ClassVar[sqlalchemy.Table]
    metadata = MetaData(naming_convention=NAMES)

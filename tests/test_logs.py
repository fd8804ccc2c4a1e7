"""The log: what went wrong and where, and nothing that anybody typed."""

import json
import logging

import pytest
from sqlalchemy.exc import IntegrityError

from core.logs import keep_to_the_code
from tests.make import a_member, saved

MARK = "Ottoline Quirke"


@pytest.fixture
def logged(caplog):
    """What was logged, as text; `logged(as_json=True)` begins anew, in JSON."""
    before = logging.getLogRecordFactory()

    def begin(*, as_json=False):
        keep_to_the_code(as_json=as_json)
        return lambda: caplog.text

    caplog.handler.setFormatter(logging.Formatter("%(message)s"))
    yield begin
    logging.setLogRecordFactory(before)


def fail(error):
    try:
        raise error
    except type(error):
        logging.getLogger("perennial").exception("something went wrong, number %s", "7f")


def test_an_error_is_its_kind_and_the_way_to_it_and_never_what_it_says(logged):
    said = logged()
    fail(KeyError(MARK))
    assert "perennial: something went wrong, number 7f" in said()
    assert "KeyError\n    tests/test_logs.py:" in said()
    assert MARK not in said()


def test_errors_that_led_to_each_other_are_each_told_once(logged):
    said = logged()
    first, second = ValueError(MARK), KeyError(MARK)
    first.__cause__, second.__context__ = second, first
    fail(first)
    assert said().count("ValueError") == said().count("KeyError") == 1
    assert MARK not in said()


def test_what_the_code_itself_is_called_may_be_said(logged):
    said = logged()
    fail(AttributeError("'NoneType' object has no attribute 'name'"))
    assert "AttributeError: 'NoneType' object has no attribute 'name'" in said()


def test_an_error_among_the_parts_of_a_message_keeps_its_words_to_itself(logged):
    said = logged()
    logging.getLogger("perennial").warning("it failed: %s", ValueError(MARK))
    assert "it failed: ValueError" in said()
    assert MARK not in said()


def test_what_a_database_refuses_is_told_by_its_code(logged, store):
    said = logged()
    saved(store, a_member(MARK))
    try:
        saved(store, a_member(MARK))
    except IntegrityError:
        logging.getLogger("perennial").exception("it failed")
    assert "sqlalchemy.exc.IntegrityError" in said()
    assert "SQLITE_CONSTRAINT" in said() or "23505 uq_member_username" in said()
    assert MARK not in said()


def test_as_json_each_record_is_one_line(logged):
    said = logged(as_json=True)
    fail(ValueError(MARK))
    (line,) = said().splitlines()
    told = json.loads(line)
    assert told["level"] == "error"
    assert told["logger"] == "perennial"
    assert told["message"] == "something went wrong, number 7f"
    assert told["error"][0] == "ValueError"
    assert told["error"][1].startswith("tests/test_logs.py:")
    assert MARK not in line

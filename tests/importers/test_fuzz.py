"""Damaged files are read or refused, quickly; nothing else is raised, and no row is lost between read and counted."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.importers.fuzz import FILES, damaged, held


@pytest.mark.parametrize("name", sorted(FILES))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_no_row_is_lost(name, data):
    held(data.draw(damaged(name)))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    held(data)
    held(b"Name,E-mail\n" + data)

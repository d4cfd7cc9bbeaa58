"""F10: how long a vendor wants us to wait, in each of the forms in which vendors say it."""

from datetime import UTC, datetime

import pytest

from ingest.systems.connectors.waiting import clock_of, retry_after

NOW = datetime(2026, 3, 31, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after": "Tue, 31 Mar 2026 22:00:30 GMT"}, 30),
        ({"retry-after": "Wed, 01 Apr 2026 00:00:20 +0200"}, 20),
        ({"retry-after": "Tue, 31 Mar 2026 21:00:00 GMT"}, 0),
        ({"retry-after": "10000"}, 10),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "900"}, 900),
        ({"retry-after": "99999999"}, 900),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "-5"}, 0),
        ({}, None),
    ],
)
def test_f10_a_wait_is_understood_in_seconds_as_a_date_in_ms_or_not_at_all(headers, seconds):
    assert retry_after(headers, NOW) == seconds


def test_a_server_says_when_it_answered():
    assert clock_of({"date": "Tue, 31 Mar 2026 22:00:00 GMT"}) == NOW
    assert clock_of({}) is None and clock_of({"date": "yesterday"}) is None

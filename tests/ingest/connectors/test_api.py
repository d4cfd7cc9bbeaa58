"""One answer of a vendor: asked again where that helps, refused where it does not, whole or not at all."""

import logging
from datetime import UTC, datetime

import httpx
import pytest
import stamina
from stand_ins.calls import Calls
from stand_ins.faults import Faults, Faulty
from stand_ins.serving import serving
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingest.systems.connectors.api import ATTEMPTS, Api, Unauthorised
from ingest.systems.connectors.failures import ConnectorError, Trouble

SECRET = "CANARY-secret-91c2"


class Door:
    """Access whose token the vendor below takes, once it is the second one."""

    def __init__(self, url: str):
        self.url, self.number = url, 0

    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {SECRET}-{self.number}"}

    def renew(self) -> None:
        self.number += 1


def judge(answer) -> None:
    if answer.status == 401:
        raise Unauthorised("the session has ended")


class Vendor:
    """A server with two paths; one wants the second token."""

    def __init__(self):
        self.faults, self.calls = Faults(), Calls()
        routes = [Route("/things", self.things), Route("/private", self.private)]
        self.application = Faulty(Starlette(routes=routes), self.faults, self.calls)
        self.takes = f"Bearer {SECRET}-1"

    async def things(self, request):
        return JSONResponse({"things": list(range(2000))})

    async def private(self, request):
        return JSONResponse({"it": 1}, 200 if request.headers["authorization"] == self.takes else 401)


@pytest.fixture
def vendor():
    return Vendor()


@pytest.fixture
def api(vendor):
    with stamina.set_testing(True, attempts=ATTEMPTS), serving(vendor.application) as address:
        api = Api(Door(address), judge)
        yield api
        api.close()


@pytest.mark.parametrize("fault", ["503", "429", "cut", "cut_json", "reset", "html"])
def test_f10_f12_what_passes_is_asked_for_again_and_arrives_whole(vendor, api, fault):
    vendor.faults.add(fault, "/things", times=3)
    assert api.get("/things").json["things"][-1] == 1999
    assert [call.fault for call in vendor.calls.made] == [fault] * 3 + [None]


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [("503", Trouble.VENDOR), ("429", Trouble.VENDOR), ("cut", Trouble.NETWORK), ("cut_json", Trouble.VENDOR)],
)
def test_f10_what_does_not_pass_is_an_error_after_a_bounded_number_of_calls(vendor, api, fault, trouble):
    vendor.faults.add(fault, "/things", times=100)
    with pytest.raises(ConnectorError, match="/things") as error:
        api.get("/things")
    assert error.value.trouble == trouble and len(vendor.calls.made) == ATTEMPTS


def test_f12_a_large_body_that_is_cut_is_fetched_again_and_the_file_holds_it_once(vendor, api, tmp_path):
    vendor.faults.add("cut", "/things", times=2)
    api.fetch("/things", tmp_path / "things.json")
    assert (tmp_path / "things.json").read_bytes() == httpx.get(f"{api.access.url}/things").content


def test_f11_a_token_that_has_ended_is_renewed_once(vendor, api):
    assert api.get("/private").json == {"it": 1}
    assert api.access.number == 1


def test_f11_a_new_token_that_is_refused_too_is_an_error_of_credentials(vendor, api):
    vendor.takes = "another"
    with pytest.raises(ConnectorError) as error:
        api.get("/private")
    assert error.value.trouble == Trouble.CREDENTIALS and api.access.number == 1
    assert "renew the credentials" in str(error.value)


def test_f22_no_log_and_no_error_holds_a_secret(vendor, api, caplog):
    caplog.set_level(logging.DEBUG)
    vendor.takes = "another"
    vendor.faults.add("503", "/private", times=2)
    with pytest.raises(ConnectorError) as error:
        api.get("/private", token_hint=SECRET)
    assert SECRET not in f"{error.value}{error.value!r}{caplog.text}"
    assert "/private" in caplog.text


def test_the_vendors_clock_is_what_its_answers_say(vendor, api):
    api.get("/things")
    assert abs((api.clock - datetime.now(UTC)).total_seconds()) < 5


def test_calls_are_counted_by_path_without_the_ids_in_it(vendor, api):
    for path in ("/things", "/things", "/jobs/7503000000ABCDEFGH/results"):
        with pytest.raises(ConnectorError) if "jobs" in path else memoryview(b""):
            api.get(path)
    assert dict(api.traffic.calls) == {"GET /things": 2, "GET /jobs/…/results": 1}
    assert api.traffic.bytes > 2 * 2000

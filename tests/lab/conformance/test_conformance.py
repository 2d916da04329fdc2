"""The self-check passes a sealed room, and refuses one that is not."""

import asyncio
import time
import warnings

import pytest

from clearance.lab.conformance import Check, check_sealed, require_sealed
from clearance.lab.errors import NotSealed
from clearance.lab.room.keeper import Keeper, UnsafeRoom

pytestmark = [pytest.mark.room, pytest.mark.enable_socket]


def check(*, unsafe: bool, work) -> tuple[Check, ...]:
    async def live():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore" if unsafe else "error", UnsafeRoom)
            async with Keeper(unsafe_share_network=unsafe) as keeper:
                return await check_sealed(keeper, work=work)

    return asyncio.run(live())


def test_a_room_is_sealed_and_the_proof_takes_less_than_two_seconds(tmp_path):
    began = time.process_time()
    checks = check(unsafe=False, work=tmp_path)
    assert [found for found in checks if not found.sealed] == []
    require_sealed(checks)
    assert time.process_time() - began < 2
    assert len(checks) > 60
    assert {"routes", "host loopback IPv4", "host abstract socket", "host Unix socket", "vsock", "resolvers"} <= {
        found.name for found in checks
    }
    assert "caught by the room" in {found.detail for found in checks}


def test_a_room_that_shares_the_hosts_network_is_refused(tmp_path):
    checks = check(unsafe=True, work=tmp_path)
    open_ways = {found.name for found in checks if not found.sealed}
    assert {"namespace net", "host loopback IPv4", "host abstract socket", "host listeners"} <= open_ways
    with pytest.raises(NotSealed, match="not sealed") as refused:
        require_sealed(checks)
    assert "doctor" in refused.value.advice


def test_nothing_checked_is_refused_as_well():
    with pytest.raises(NotSealed, match="nothing was checked"):
        require_sealed(())


def test_one_open_way_among_many_is_enough_to_refuse():
    good = tuple(Check(name=str(number), sealed=True, detail="") for number in range(50))
    with pytest.raises(NotSealed, match="the window"):
        require_sealed((*good, Check(name="the window", sealed=False, detail="open")))

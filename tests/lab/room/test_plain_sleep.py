"""Under a staged clock, waiting works as ever: the object that libfaketime needs beside itself."""

import ctypes
import errno
import os
import struct
import time

import pytest

from clearance.lab.room.plain_sleep import plain_sleep

MONOTONIC_ABSOLUTE = (1, 1)
"""CLOCK_MONOTONIC, TIMER_ABSTIME."""
WAITS = """
import subprocess, threading, time
began = time.monotonic()
time.sleep(0.2)
threading.Event().wait(0.2)
try:
    subprocess.run(["sleep", "9"], timeout=0.2)
except subprocess.TimeoutExpired:
    print("timed out")
print(0.6 <= time.monotonic() - began < 5, time.gmtime().tm_year)
"""
OURS = os.uname().machine in ("x86_64", "aarch64")
needs_object = pytest.mark.skipif(not OURS, reason="no such object for this processor")


@pytest.fixture
def nanosleep(tmp_path):
    """The object's one function, loaded into this process."""
    path = tmp_path / "plain-sleep.so"
    path.write_bytes(plain_sleep())
    return ctypes.CDLL(str(path)).clock_nanosleep


def timespec(seconds: float) -> bytes:
    return struct.pack("qq", int(seconds), int(seconds % 1 * 1e9))


@pytest.mark.room
@pytest.mark.enable_socket
def test_python_sleeps_waits_and_times_out_under_a_staged_clock(run_room):
    outcome = run_room("python3", "-c", WAITS, clock="2031-03-04 09:30:00")
    assert outcome.stdout_tail.split("\n")[:2] == ["timed out", "True 2031"], outcome.stderr_tail


@needs_object
def test_a_relative_sleep_takes_its_time(nanosleep):
    began = time.monotonic()
    assert nanosleep(0, 0, timespec(0.05), None) == 0
    assert time.monotonic() - began >= 0.05


@needs_object
def test_a_sleep_until_a_monotonic_time_ends_then(nanosleep):
    until = time.monotonic() + 0.05
    assert nanosleep(*MONOTONIC_ABSOLUTE, timespec(until), None) == 0
    assert time.monotonic() >= until - 1e-6


@needs_object
def test_the_kernels_refusal_comes_back_as_an_error_number(nanosleep):
    assert nanosleep(0, 0, struct.pack("qq", -1, 0), None) == errno.EINVAL


@needs_object
def test_a_sleep_until_a_wall_clock_time_is_refused_rather_than_months_long(nanosleep):
    assert nanosleep(0, 1, timespec(time.time() + 0.01), None) == errno.EINVAL


def test_a_processor_that_is_not_known_gets_none():
    assert plain_sleep("riscv64") is None
    assert plain_sleep("aarch64") != plain_sleep("x86_64")

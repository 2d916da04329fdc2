"""A room runs its command behind walls, ends it at its limits, and says what it left."""

import asyncio
import hashlib
import os
import socket

import pytest

from clearance.lab.errors import RoomUnavailable
from clearance.lab.room.keeper import Keeper
from clearance.lab.staging import Limits, Mount, SeedFile
from clearance.model.trace import AttemptFailed, FileTouched, ProcessStarted

pytestmark = [pytest.mark.room, pytest.mark.enable_socket]

TIGHT = Limits(wall_s=1.5, memory_mb=128, processes=40, disk_mb=8)


def reached(outcome):
    return {limit.what for limit in outcome.limits}


def test_a_command_runs_and_its_output_and_exit_code_come_back(run_room):
    outcome = run_room("sh", "-c", "echo out; echo err >&2; exit 7")
    assert (outcome.outcome, outcome.exit_code) == ("exited", 7)
    assert (outcome.stdout_tail, outcome.stderr_tail) == ("out\n", "err\n")
    assert outcome.cpu_s > 0
    assert outcome.wall_s > 0
    assert outcome.peak_rss_mb > 0


def test_the_room_is_who_and_where_the_staging_says(run_room):
    outcome = run_room(
        "sh", "-c", "id -un; id -u; hostname; pwd; cat /etc/timezone; readlink /etc/localtime; date +%Z",
        username="alice", home="/home/alice", project="/home/alice/work", hostname="desk-7", timezone="Asia/Shanghai",
    )  # fmt: skip
    assert outcome.stdout_tail.split("\n")[:-1] == [
        "alice", "1000", "desk-7", "/home/alice/work", "Asia/Shanghai", "/usr/share/zoneinfo/Asia/Shanghai", "CST",
    ]  # fmt: skip


def test_only_the_staged_environment_is_there(run_room, monkeypatch):
    monkeypatch.setenv("HOST_SECRET", "x")
    outcome = run_room("env", env={"STAGED": "a b\nc=ü"})
    assert "HOST_SECRET" not in outcome.stdout_tail
    assert "STAGED=a b\nc=ü\n" in outcome.stdout_tail


def test_staged_files_lie_there_with_their_modes_and_override_etc(run_room):
    files = {
        "/home/dev/.ssh/id_rsa": SeedFile(content=b"key\xff", mode=0o600),
        "/home/dev/project/deep/er/run.sh": SeedFile(content=b"#!/bin/sh\necho ran\n", mode=0o755),
        "/etc/ssl/certs/ca-certificates.crt": SeedFile(content=b"authority"),
        "/etc/machine-id": SeedFile(content=b"mine"),
    }
    script = "stat -c %a ~/.ssh/id_rsa; sha256sum < ~/.ssh/id_rsa; deep/er/run.sh; cat /etc/ssl/certs/* /etc/machine-id"
    outcome = run_room("sh", "-c", script, files=files)
    digest = hashlib.sha256(b"key\xff").hexdigest()
    assert outcome.stdout_tail == f"600\n{digest}  -\nran\nauthoritymine"
    assert outcome.left == ()


def test_files_may_not_be_staged_outside_home_project_tmp_and_etc(run_room):
    for path in ("/usr/bin/sh", "/home/dev/../../x", "/home/other/x", "relative"):
        with pytest.raises(RoomUnavailable):
            run_room("true", files={path: SeedFile(content=b"")})


def test_what_is_left_is_new_changed_or_removed_and_nothing_else(run_room):
    seeds = {f"/home/dev/{name}": SeedFile(content=name.encode()) for name in ("same", "rewritten", "grown", "gone")}
    script = (
        "rm ~/gone; echo more >> ~/grown; cat ~/rewritten > /tmp/r; cp /tmp/r ~/rewritten; rm /tmp/r;"
        "mkdir -p ~/.cache/x; echo new > ~/.cache/x/y; echo t > /tmp/t; ln -s /etc/passwd l; mkfifo p; echo s > /dev/shm/s;"
        "mkdir closed; echo in > closed/in; chmod 0 closed/in closed"
    )
    outcome = run_room("sh", "-c", script, files=seeds)
    left = {item.path: item for item in outcome.left}
    assert set(left) == {
        "/home/dev/gone", "/home/dev/grown", "/home/dev/.cache/x/y", "/tmp/t", "/home/dev/project/l",
        "/home/dev/project/p", "/dev/shm/s", "/home/dev/project/closed/in",
    }  # fmt: skip
    assert left["/home/dev/gone"].removed
    assert left["/home/dev/.cache/x/y"].sha256 == hashlib.sha256(b"new\n").hexdigest()
    assert left["/home/dev/project/l"].sha256 == hashlib.sha256(b"/etc/passwd").hexdigest()


def test_two_sessions_share_the_home_and_are_announced_before_they_start(run_room):
    seen = []
    outcome = run_room("sh", "-c", "echo x >> ~/n; wc -l < ~/n", sessions=2, on_session=seen.append)
    assert seen == [1, 2]
    assert outcome.stdout_tail.split() == ["1", "2"]


def test_a_process_left_behind_does_not_outlive_its_session(run_room):
    script = "cat /proc/[0-9]*/comm | grep -c '^sleep$'; (setsid sleep 99 >/dev/null 2>&1 &); exit 0"
    outcome = run_room("sh", "-c", script, sessions=2)
    assert outcome.stdout_tail.split() == ["0", "0"]
    assert outcome.wall_s < 5


def test_a_mount_is_there_and_read_only_even_where_its_source_is_closed_to_others(run_room, tmp_path):
    closed = tmp_path / "closed"
    package = closed / "package"
    package.mkdir(parents=True)
    (package / "tool").write_text("#!/bin/sh\necho from mount\ntouch /opt/package/x")
    (package / "tool").chmod(0o755)
    closed.chmod(0o700)
    outcome = run_room("/opt/package/tool", mounts=(Mount(source=package, target="/opt/package"),))
    assert outcome.stdout_tail == "from mount\n"
    assert "Read-only" in outcome.stderr_tail
    assert sorted(os.listdir(package)) == ["tool"]


def test_the_system_cannot_be_written(run_room):
    outcome = run_room("sh", "-c", "for p in / /usr /etc /dev /run /var; do touch $p/x && echo $p; done")
    assert outcome.stdout_tail == ""


def test_a_command_that_does_not_exist_is_named(run_room):
    for trace in (False, True):
        outcome = run_room("no-such-agent", "--help", trace=trace)
        assert (outcome.outcome, outcome.exit_code) == ("no-command", None)
        assert "no-such-agent" in outcome.detail
        assert list(outcome.events()) == []


def test_a_command_that_never_ends_is_ended(run_room):
    outcome = run_room("sleep", "1000", limits=TIGHT)
    assert outcome.outcome == "timeout"
    assert reached(outcome) == {"wall"}
    assert outcome.wall_s < 4


def test_a_command_that_forks_for_ever_is_held_and_ended(run_room):
    bomb = "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass"
    outcome = run_room("python3", "-c", bomb, limits=Limits(wall_s=1.5, memory_mb=1024, processes=40))
    assert outcome.outcome == "timeout"
    assert {"processes", "wall"} <= reached(outcome)


def test_a_command_that_eats_memory_is_ended(run_room):
    outcome = run_room("python3", "-c", "a=[]\nwhile True: a.append(bytearray(4<<20))", limits=TIGHT)
    assert outcome.outcome == "killed-memory"
    assert "memory" in reached(outcome)


def test_many_processes_that_share_their_memory_are_no_memory_hog(run_room):
    family = "import os,time\na=bytearray(60<<20)\nfor i in range(8):\n  if os.fork()==0: time.sleep(.5); os._exit(0)\ntime.sleep(.6)"
    outcome = run_room("python3", "-c", family, limits=TIGHT)
    assert (outcome.outcome, reached(outcome)) == ("exited", set())


@pytest.mark.parametrize("place", ["$HOME/f", "/tmp/f", "/dev/shm/f", "f"])
def test_a_command_that_fills_the_disk_stops_at_the_limit(run_room, place):
    outcome = run_room("sh", "-c", f"cat /dev/zero > {place}; exit 5", limits=TIGHT)
    assert (outcome.outcome, outcome.exit_code) == ("exited", 5)
    assert "disk" in reached(outcome)
    assert sum(item.size for item in outcome.left) <= 8 << 20


def test_endless_output_keeps_a_bounded_tail(run_room):
    outcome = run_room("sh", "-c", "yes | head -c 3000000; echo end")
    assert len(outcome.stdout_tail) == 64 << 10
    assert outcome.stdout_tail.endswith("end\n")


def test_a_staged_clock_runs_on_and_all_processes_agree(run_room):
    show = "date +%Y-%m-%dT%H:%M; python3 -c 'import datetime as d; print(d.datetime.now().isoformat()[:16])'"
    outcome = run_room("sh", "-c", f"{show}; sleep 0.1", env={"TZ": "Asia/Tokyo"}, clock="2031-12-31 23:10:00")
    assert outcome.stdout_tail.split() == ["2031-12-31T23:10"] * 2


def test_a_clock_that_is_none_is_refused_with_advice(run_room):
    with pytest.raises(RoomUnavailable) as refused:
        run_room("true", clock="next tuesday")
    assert "2027-01-04" in refused.value.advice


def test_every_connection_lands_on_the_rooms_socket_with_its_destination(staged, tmp_path):
    client = (
        "import socket\n"
        "for a in [('203.0.113.9',443),('10.1.2.3',22),('2001:db8::7',80)]:\n"
        "  s=socket.create_connection(a,3); s.sendall(b'x'); s.close()\n"
        "u=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); u.sendto(b'q',('198.51.100.4',9999))\n"
        "d=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); d.sendto(b'n',('8.8.8.8',53))\n"
    )

    async def live():
        loop = asyncio.get_running_loop()
        async with Keeper() as keeper:
            room = await keeper.open_room(staged("python3", "-c", client), work=tmp_path, trace=False)
            await room.start()
            seen = []
            for _ in range(3):
                connection, _ = await asyncio.wait_for(loop.sock_accept(room.sockets.tcp), 5)
                seen.append(connection.getsockname()[:2])
                connection.close()
            outcome = await room.wait()
            data, beside, _, _ = room.sockets.udp.recvmsg(100, 500)
            question, _, _, _ = room.sockets.dns.recvmsg(100, 500)
            destination = next(body for level, kind, body in beside if (level, kind) == (socket.SOL_IP, 20))
            for held in (room.sockets.tcp, room.sockets.dns, room.sockets.udp):
                held.close()
            return outcome, seen, data, question, socket.inet_ntoa(destination[4:8])

    outcome, seen, data, question, destination = asyncio.run(live())
    assert outcome.exit_code == 0, outcome.stderr_tail
    assert seen == [("::ffff:203.0.113.9", 443), ("::ffff:10.1.2.3", 22), ("2001:db8::7", 80)]
    assert (data, destination, question) == (b"q", "198.51.100.4", b"n")


def test_a_tools_own_loopback_server_works_and_the_catching_ports_do_not_show(run_room):
    client = (
        "import socket\n"
        "s=socket.create_server(('127.0.0.1',0)); c=socket.create_connection(s.getsockname(),2); a,_=s.accept()\n"
        "a.sendall(b'own'); print(c.recv(3).decode())\n"
        "for a in [('127.0.0.1',64999),('::1',64999),('192.168.1.23',64999),('127.0.0.1',1)]:\n"
        "  try: socket.create_connection(a,1); print('open')\n"
        "  except ConnectionRefusedError: print('refused')\n"
    )
    outcome = run_room("python3", "-c", client)
    assert outcome.stdout_tail.split() == ["own", *["refused"] * 4], outcome.stderr_tail


def test_the_tracer_tells_processes_files_and_refused_attempts(run_room):
    script = (
        "cat ~/.ssh/id_rsa; echo x > w; mv w v; rm v; cat /etc/hostname; cat /etc/hostname; touch /usr/x; "
        "unshare -U true; python3 -c \"import socket; socket.socket().connect(('127.0.0.1', 9))\""
    )
    outcome = run_room("sh", "-c", script, trace=True)
    events = list(outcome.events())
    touched = [(e.operation, e.path, e.error) for e in events if isinstance(e, FileTouched)]
    assert ("read", "/home/dev/.ssh/id_rsa", "ENOENT") in touched
    assert ("write", "/home/dev/project/w", "") in touched
    assert ("rename", "/home/dev/project/v", "") in touched
    assert ("remove", "/home/dev/project/v", "") in touched
    assert ("write", "/usr/x", "EROFS") in touched
    assert touched.count(("read", "/etc/hostname", "")) == 1
    assert not any(path.startswith(("/usr/lib", "/newroot", "/oldroot", "/proc")) for _, path, _ in touched)
    refused = {(e.call, e.error) for e in events if isinstance(e, AttemptFailed)}
    assert {("unshare", "ENOSPC"), ("connect", "ECONNREFUSED")} <= refused
    started = [e.argv for e in events if isinstance(e, ProcessStarted)]
    assert started[0] == ("sh", "-c", script)
    assert ("cat", "/home/dev/.ssh/id_rsa") in started
    assert all(0 <= e.at <= outcome.wall_s + 1 for e in events)


def test_the_tool_cannot_reach_the_tracers_output(run_room):
    outcome = run_room("sh", "-c", "ls -l /proc/self/fd | grep -c strace; ls /tmp /log 2>&1", trace=True)
    assert outcome.stdout_tail.split("\n")[0] == "0"
    assert "strace" not in outcome.stdout_tail


def test_a_room_can_be_ended_from_outside_before_and_after_its_start(staged, tmp_path):
    async def live(started):
        async with Keeper() as keeper:
            room = await keeper.open_room(staged("sleep", "99"), work=tmp_path, trace=False)
            if started:
                await room.start()
                await asyncio.sleep(0.1)
            await room.kill()
            outcome = await room.wait()
            for held in (room.sockets.tcp, room.sockets.dns, room.sockets.udp):
                held.close()
            return outcome

    for started in (True, False):
        assert asyncio.run(live(started)).outcome == "interrupted"


def test_rooms_stand_side_by_side_and_do_not_see_each_other(staged, tmp_path):
    async def one(keeper, number):
        room = await keeper.open_room(
            staged("sh", "-c", f"echo {number} > /tmp/n; sleep 1 & sleep 0.3; cat /tmp/n; cat /proc/[0-9]*/comm | grep -cx sleep"),
            work=tmp_path, trace=False,
        )  # fmt: skip
        await room.start()
        outcome = await room.wait()
        for held in (room.sockets.tcp, room.sockets.dns, room.sockets.udp):
            held.close()
        return outcome.stdout_tail.split()

    async def live():
        async with Keeper() as keeper:
            return await asyncio.gather(*(one(keeper, number) for number in range(5)))

    results = asyncio.run(live())
    assert [words[0] for words in results] == ["0", "1", "2", "3", "4"]
    assert {words[1] for words in results} <= {"0", "1"}  # its own, if that still sleeps


def test_a_command_with_a_nul_is_refused(run_room):
    with pytest.raises(RoomUnavailable):
        run_room("echo", "a\0b")


def test_a_room_entered_as_the_owner_of_etc_has_no_privilege_either(run_room):
    line = "id -u; stat -c %u /etc/hosts; grep CapEff /proc/self/status; touch /etc/x 2>&1; mount -t tmpfs x /tmp 2>&1 | head -1"
    said = run_room("sh", "-c", line, user_id=0).stdout_tail.splitlines()
    assert said[:2] == ["0", "0"]
    assert said[2].split() == ["CapEff:", "0000000000000000"]
    assert "Read-only" in said[3]
    assert "denied" in said[4] or "not permitted" in said[4]

"""Lines of strace become events; no bytes break the reader."""

from hypothesis import given
from hypothesis import strategies as st

from clearance.lab.room.strace_lines import calls, unescape
from clearance.lab.room.tracer import View, events_of, read_log
from clearance.model.trace import AttemptFailed, FileTouched, ProcessStarted, decode_events, encode_event

VIEW = View(home="/home/dev", project="/home/dev/project", mounts=("/opt/package",))
BUILT = (
    b'8     100.000000 execve("/usr/bin/bwrap", ["/usr/bin/bwrap", "--args", "8"], 0x7f /* 1 var */) = 0\n'
    b'9     100.100000 mkdir("newroot", 0755) = 0\n'
    b'10    100.200000 execve("/usr/local/bin/tool", ["tool"], 0x7f /* 2 vars */) = -1 ENOENT (No such file or directory)\n'
    b'10    101.000000 execve("/usr/bin/tool", ["tool", "-p", "a\\"b\\n"], 0x7f /* 2 vars */) = 0\n'
)


def events(lines: bytes) -> list:
    return list(events_of((BUILT + lines).splitlines(keepends=True), VIEW, began=100.0))[1:]


def test_events_begin_with_the_command_and_leave_out_how_the_room_was_built():
    first = next(events_of(BUILT.splitlines(keepends=True), VIEW, began=100.0))
    assert first == ProcessStarted(at=1.0, pid=10, path="/usr/bin/tool", argv=("tool", "-p", 'a"b\n'))
    assert events(b'9     101.5 openat(AT_FDCWD</>, "/home/dev/x", O_RDONLY) = 3</home/dev/x>\n') == []


def test_a_call_that_was_cut_in_two_is_put_together():
    lines = (
        b'10    101.1 openat(AT_FDCWD</home/dev>, "a b", O_WRONLY|O_CREAT, 0666 <unfinished ...>\n'
        b'11    101.2 unlink("/tmp/q")          = 0\n'
        b"10    101.3 <... openat resumed>)        = 4</home/dev/a b>\n"
    )
    assert [(e.pid, e.operation, e.path) for e in events(lines)] == [
        (11, "remove", "/tmp/q"),
        (10, "write", "/home/dev/a b"),
    ]


def test_relative_paths_follow_the_working_folder_and_descriptors():
    lines = (
        b'10    101.1 mkdir("sub", 0755) = 0\n'
        b'10    101.2 chdir("sub") = 0\n'
        b'10    101.3 mkdir("deeper", 0755) = 0\n'
        b"10    101.4 clone(child_stack=NULL, flags=SIGCHLD) = 12\n"
        b'12    101.5 rmdir("deeper") = 0\n'
        b'12    101.6 unlinkat(5</tmp/other>, "f", 0) = 0\n'
    )
    assert [(e.operation, e.path) for e in events(lines)] == [
        ("make-folder", "/home/dev/project/sub"),
        ("make-folder", "/home/dev/project/sub/deeper"),
        ("remove", "/home/dev/project/sub/deeper"),
        ("remove", "/tmp/other/f"),
    ]


def test_a_file_read_through_a_link_is_told_by_its_real_path():
    (read,) = events(b'10    101.1 openat(AT_FDCWD</x>, "/tmp/l", O_RDONLY) = 3</home/dev/.aws/credentials>\n')
    assert read.path == "/home/dev/.aws/credentials"


def test_system_reads_are_left_out_but_writes_there_are_told():
    lines = (
        b'10    101.1 openat(AT_FDCWD</x>, "/usr/lib/libc.so", O_RDONLY) = 3</usr/lib/libc.so>\n'
        b'10    101.1 openat(AT_FDCWD</x>, "/opt/package/cli.js", O_RDONLY) = 3</opt/package/cli.js>\n'
        b'10    101.1 openat(AT_FDCWD</x>, "/proc/self/maps", O_RDONLY) = 3</proc/9/maps>\n'
        b'10    101.1 openat(AT_FDCWD</x>, "/opt/package/x", O_WRONLY|O_CREAT, 0644) = -1 EROFS (Read-only file system)\n'
        b'10    101.1 openat(AT_FDCWD</x>, "/usrlocal", O_RDONLY) = -1 ENOENT (No such file or directory)\n'
    )
    assert [(e.operation, e.path, e.error) for e in events(lines)] == [
        ("write", "/opt/package/x", "EROFS"),
        ("read", "/usrlocal", "ENOENT"),
    ]


def test_a_repeated_read_is_told_once_and_a_repeated_write_each_time():
    read = b'10    101.1 openat(AT_FDCWD</x>, "/home/dev/a", O_RDONLY) = 3</home/dev/a>\n'
    write = b'10    101.1 openat(AT_FDCWD</x>, "/home/dev/a", O_WRONLY) = 3</home/dev/a>\n'
    assert [e.operation for e in events(read + read + write + write)] == ["read", "write", "write"]


def test_a_refused_call_is_an_attempt_and_a_pending_or_name_cache_connection_is_not():
    lines = (
        b'10    101.1 connect(3<TCP:[1]>, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 ECONNREFUSED (Connection refused)\n'
        b"10    101.1 connect(3<TCP:[1]>, {sa_family=AF_INET}, 16) = -1 EINPROGRESS (Operation now in progress)\n"
        b'10    101.1 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file)\n'
        b"10    101.1 ptrace(PTRACE_ATTACH, 1)    = -1 EPERM (Operation not permitted)\n"
    )
    assert [(e.call, e.error) for e in events(lines)] == [("connect", "ECONNREFUSED"), ("ptrace", "EPERM")]


def test_a_file_name_that_looks_like_a_line_of_strace_stays_a_file_name():
    lines = b'10    101.1 openat(AT_FDCWD</x>, "/tmp/a\\", O_RDONLY) = 3\\n9 1.0 execve(\\"/x\\") = 0", O_RDONLY) = 3</tmp/q>\n'
    (touched,) = events(lines)
    assert (touched.operation, touched.path) == ("read", "/tmp/q")


def test_the_log_of_an_untraced_session_has_no_events(tmp_path):
    assert list(read_log(tmp_path / "none", VIEW, began=0.0)) == []


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_raise(noise):
    for line in events_of((BUILT + noise).splitlines(keepends=True), VIEW, began=100.0):
        assert list(decode_events([encode_event(line)])) == [line]


@given(st.binary(max_size=60), st.sampled_from([b"openat", b"execve", b"connect", b"renameat2", b"clone", b"fchdir"]))
def test_no_arguments_make_the_reader_raise(noise, name):
    made = list(
        events_of([*BUILT.splitlines(keepends=True), b"10 101.5 " + name + b"(" + noise + b") = 0\n"], VIEW, began=0.0)
    )
    assert all(isinstance(e, ProcessStarted | FileTouched | AttemptFailed) for e in made)


@given(st.binary(max_size=80))
def test_unescaping_turns_back_what_strace_writes(raw):
    octal = b"".join(b"\\%03o" % byte for byte in raw)
    assert unescape(octal) == raw


@given(st.lists(st.binary(max_size=80), max_size=8))
def test_lines_that_are_no_calls_are_left_out(lines):
    assert list(calls(lines)) == [] or all(b"(" in b"".join(lines) for _ in lines)

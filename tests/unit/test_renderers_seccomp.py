"""The system call filter, run as the kernel runs it: what each architecture lets through, and what not.

The numbers here are those of the kernel's own tables, written down apart from the ones that the filter uses.
"""

import errno
import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from renderers.isolation import Layer
from renderers.isolation.seccomp import program
from renderers.isolation.syscalls import ARCHITECTURES, allowed, number

ROOT = Path(__file__).resolve().parents[2]

ALLOW, KILL, REFUSE, NOT_THERE = 0x7FFF0000, 0x80000000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
WORD = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
OWN = 4242

# (x86_64, aarch64); None where the architecture has no such call
NEEDED = {
    "read": (0, 63), "write": (1, 64), "openat": (257, 56), "close": (3, 57), "mmap": (9, 222),
    "munmap": (11, 215), "brk": (12, 214), "futex": (202, 98), "exit_group": (231, 94), "lseek": (8, 62),
    "newfstatat": (262, 79), "getrandom": (318, 278), "clock_gettime": (228, 113), "getcwd": (79, 17),
}  # fmt: skip
DANGEROUS = {
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "sendto": (44, 206),
    "socketpair": (53, 199),
    "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "unshare": (272, 97), "setns": (308, 268), "keyctl": (250, 219), "add_key": (248, 217),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "init_module": (175, 105), "finit_module": (313, 273),
    "kexec_load": (246, 104), "reboot": (169, 142), "memfd_create": (319, 279), "setuid": (105, 146),
    "capset": (126, 91), "seccomp": (317, 277), "fchmod": (91, 52), "fchmodat": (268, 53),
    "fchown": (93, 55), "utimensat": (280, 88), "mknodat": (259, 33), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "open_by_handle_at": (304, 265), "open_tree": (428, 428),
    "personality": (135, 92), "fork": (57, None), "vfork": (58, None), "chmod": (90, None),
    "mknod": (133, None), "iopl": (172, None), "modify_ldt": (154, None),
}  # fmt: skip


def verdict(machine: str, call: int, *arguments: int, word: int | None = None) -> int:
    """What the filter says of one system call: classic BPF, the few instructions that it is made of."""
    count, code = program(OWN, machine)
    given = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("<IIQ6Q", call, WORD[machine] if word is None else word, 0, *given)
    lines = list(struct.iter_unpack("HBBI", code))
    assert len(lines) == count
    accumulator = place = 0
    while True:
        operation, then, otherwise, value = lines[place]
        place += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, value)
            case 0x15:
                place += then if accumulator == value else otherwise
            case 0x35:
                place += then if accumulator >= value else otherwise
            case 0x45:
                place += then if accumulator & value else otherwise
            case 0x06:
                return value
            case _:
                raise AssertionError(f"an unknown instruction: {operation:#x}")


@pytest.fixture(params=ARCHITECTURES)
def machine(request: pytest.FixtureRequest) -> str:
    return request.param


def of(machine: str, table: dict[str, tuple[int, int | None]]) -> dict[str, int]:
    chosen = {name: pair[ARCHITECTURES.index(machine)] for name, pair in table.items()}
    return {name: call for name, call in chosen.items() if call is not None}


def test_both_architectures_are_known():
    assert set(ARCHITECTURES) == set(WORD)


def test_what_drawing_needs_is_let_through(machine):
    assert {name: verdict(machine, call) for name, call in of(machine, NEEDED).items()} == dict.fromkeys(
        NEEDED, ALLOW
    )


def test_what_is_dangerous_is_refused(machine):
    wrong = [name for name, call in of(machine, DANGEROUS).items() if verdict(machine, call) != REFUSE]
    assert not wrong


def test_every_other_number_is_refused(machine):
    special = {number(name, machine) for name in SPECIAL}
    let_through = {call for call in range(1000) if verdict(machine, call) == ALLOW}
    assert let_through - special == set(allowed(machine))


SPECIAL = {"ioctl", "fcntl", "prctl", "prlimit64", "kill", "tgkill", "tkill", "clone", "clone3"}


def test_calls_of_another_architecture_end_the_process(machine):
    others = [word for name, word in WORD.items() if name != machine]
    for word in (*others, 0x40000003, 0x40000028, 0):  # and the 32-bit ones of both
        assert verdict(machine, NEEDED["read"][0], word=word) == KILL


def test_the_x32_numbers_of_a_pc_end_the_process():
    assert verdict("x86_64", 0x40000000 | 1) == KILL
    assert verdict("x86_64", 0xFFFFFFFF) == KILL


def test_threads_may_be_started_and_processes_not(machine):
    clone, clone3 = of(machine, {"clone": (56, 220)})["clone"], 435
    assert verdict(machine, clone, 0x3D0F00) == ALLOW  # as the C library starts a thread
    assert verdict(machine, clone, 0x1200011) == REFUSE  # as it forks
    assert verdict(machine, clone, 0x4111) == REFUSE  # vfork
    assert verdict(machine, clone3) == NOT_THERE


def test_signals_go_to_itself_only(machine):
    for pair in ((62, 129), (234, 131), (200, 130)):
        call = pair[ARCHITECTURES.index(machine)]
        assert verdict(machine, call, OWN, 9) == ALLOW
        assert {verdict(machine, call, target, 9) for target in (1, OWN + 1, 0xFFFFFFFF)} == {REFUSE}


@pytest.mark.parametrize(
    ("pair", "position", "good", "bad"),
    [
        ((16, 29), 1, 0x5401, 0x5412),  # ioctl: ask for a terminal's settings, not push text into it
        ((72, 25), 1, 3, 8),  # fcntl: flags, not who gets signals
        ((157, 167), 0, 15, 38),  # prctl: a thread's name, not privileges
        ((302, 261), 0, 0, 7),  # prlimit64: its own limits, not another's
    ],
)
def test_some_depend_on_an_argument(machine, pair, position, good, bad):
    call = pair[ARCHITECTURES.index(machine)]
    for value, expected in ((good, ALLOW), (bad, REFUSE)):
        assert verdict(machine, call, *[0] * position, value) == expected


def test_an_unknown_architecture_has_no_filter():
    with pytest.raises(OSError, match="no system call table for riscv64"):
        program(1, "riscv64")


@pytest.mark.skipif(sys.platform != "linux", reason="layers of Linux")
def test_where_the_architecture_is_unknown_the_layers_that_need_numbers_are_told_as_missing(tmp_path):
    program = (
        "import json, os, platform, sys\nplatform.machine = lambda: 'riscv64'\n"
        "from renderers.isolation import Policy\nfrom renderers.isolation.wall import Wall\n"
        "wall = Wall(Policy(), sys.argv[1], os.pipe()[0])\nwall.prepare()\nwall.close()\n"
        "print(json.dumps(wall.missing), flush=True)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    missing = json.loads(done.stdout)
    assert missing[Layer.SECCOMP] == "[Errno 38] no system call table for riscv64"
    assert Layer.LIMITS not in missing

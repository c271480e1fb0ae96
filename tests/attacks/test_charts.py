"""Attacks by chart code. Each says what it tries, and prints ``HELD`` where it was stopped, else ``BREACH``.

The import check is walked around on purpose (``get`` below), because it is a courtesy and not the wall.
"""

from __future__ import annotations

import platform
import textwrap
from typing import NamedTuple

import pytest

from renderers.types import RenderStatus

# (x86-64, AArch64); None where an architecture has no such call
NUMBERS = {
    "open_by_handle_at": (304, 265), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "vfork": (58, None), "mount": (165, 40), "pivot_root": (155, 41), "setns": (308, 268),
    "clone3": (435, 435), "prctl": (157, 167),
    "keyctl": (250, 219), "add_key": (248, 217), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "init_module": (175, 105),
    "kexec_load": (246, 104), "reboot": (169, 142), "settimeofday": (164, 170), "swapon": (167, 224),
    "acct": (163, 89), "personality": (135, 92), "memfd_create": (319, 279), "shmget": (29, 194),
    "msgget": (68, 186), "semget": (64, 190), "inotify_init1": (294, 26), "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264), "process_madvise": (440, 440), "open_tree": (428, 428),
    "syslog": (103, 116), "quotactl": (179, 60), "modify_ldt": (154, None), "iopl": (172, None),
    "seccomp": (317, 277), "setpriority": (141, 140), "unshare": (272, 97),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424), "process_mrelease": (448, 448),
    "memfd_secret": (447, 447), "move_mount": (429, 429), "fsopen": (430, 430), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "kcmp": (312, 272), "process_vm_writev": (311, 271),
    "migrate_pages": (256, 238), "move_pages": (279, 239), "vmsplice": (278, 75), "shmat": (30, 196),
    "shmctl": (31, 195), "mq_open": (240, 180), "lookup_dcookie": (212, 18), "finit_module": (313, 273),
    "kexec_file_load": (320, 294), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "delete_module": (176, 106), "vhangup": (153, 58), "nfsservctl": (180, 42), "quotactl_fd": (443, 443),
}  # fmt: skip
_COLUMN = {"x86_64": 0, "aarch64": 1}.get(platform.machine(), 0)
HERE = {name: pair[_COLUMN] for name, pair in NUMBERS.items() if pair[_COLUMN] is not None}

HELPERS = (
    f"NUMBERS = {HERE}"
    + """
import os, sys
import matplotlib.pyplot as plt
get = sys.modules["importlib"].import_module
errno = get("errno")
def libc():
    return get("ctypes").CDLL(None, use_errno=True)
def system_call(name, *arguments):
    ctypes, library = get("ctypes"), libc()
    result = library.syscall(NUMBERS[name], *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
"""
)


class Attack(NamedTuple):
    """A body that returns evidence of success, or raises."""

    name: str
    body: str


def attacks(*pairs: tuple[str, str]) -> list[Attack]:
    return [Attack(name, textwrap.dedent(body).strip()) for name, body in pairs]


def script(body: str) -> str:
    """The attack, then a harmless chart."""
    inner = textwrap.indent(body, "    ")
    return (
        f"{HELPERS}\ndef attempt():\n{inner}\n"
        "try:\n    print('BREACH', attempt(), flush=True)\n"
        "except BaseException as error:\n    print('HELD', type(error).__name__, error, flush=True)\n"
        "plt.plot([1, 2])\nplt.savefig('x.png')\n"
    )


NETWORK = attacks(
    ("tcp to the host", "return get('socket').create_connection(('127.0.0.1', @TCP), 2)"),
    ("tcp to the internet", "return get('socket').create_connection(('1.1.1.1', 80), 2)"),
    ("tcp over ipv6", "return get('socket').create_connection(('::1', @TCP), 2)"),
    (
        "udp to the host",
        """
        s = get('socket')
        return s.socket(s.AF_INET, s.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', @UDP))
        """,
    ),
    ("look up a name", "return get('socket').getaddrinfo('example.com', 80)"),
    (
        "unix socket by path",
        """
        s = get('socket')
        return s.socket(s.AF_UNIX).connect('@UNIX') or 'connected'
        """,
    ),
    (
        "abstract unix socket",
        """
        s = get('socket')
        return s.socket(s.AF_UNIX).connect(chr(0) + 'lookalike-@PID') or 'connected'
        """,
    ),
    ("raw socket", "s = get('socket'); return s.socket(s.AF_INET, s.SOCK_RAW, 1)"),
    ("packet socket", "s = get('socket'); return s.socket(s.AF_PACKET, s.SOCK_RAW)"),
    ("netlink socket", "s = get('socket'); return s.socket(s.AF_NETLINK, s.SOCK_RAW, 0)"),
    ("listen for others", "return get('socket').create_server(('0.0.0.0', 0))"),
    (
        "http by the standard library",
        "return get('urllib.request').urlopen('http://127.0.0.1:@TCP', timeout=2)",
    ),
    ("picture from a server", "return plt.imread('http://127.0.0.1:@TCP/a.png')"),
    ("socket pair", "return get('socket').socketpair()"),
)

FILES = attacks(
    ("read the password file", "return open('/etc/passwd').read()"),
    ("read the shadow file", "return open('/etc/shadow').read()"),
    ("read a user's file", "return open('@SECRET').read()"),
    ("list the home folders", "return os.listdir('/home') + os.listdir('/root/.ssh')"),
    ("list the folder of a secret", "return os.listdir('@FOLDER')"),
    ("climb out of scratch", "return open('../' * 30 + '@SECRET').read()"),
    ("read the project", "return open('@REPOSITORY/pyproject.toml').read()"),
    ("read its own environment by proc", "return open('/proc/self/environ').read()"),
    ("read the parent's environment", "return open('/proc/@PID/environ').read()"),
    ("read the parent's memory", "return open('/proc/@PID/mem', 'rb').read(1)"),
    ("list other processes", "return [n for n in os.listdir('/proc') if n.isdigit()]"),
    ("read a secret out of the environment", "return os.environ['LOOKALIKE_TEST_SECRET']"),
    ("read a disk", "return open('/dev/vda', 'rb').read(1) or open('/dev/sda', 'rb').read(1)"),
    ("read the kernel's log", "return open('/dev/kmsg').read(1)"),
    ("write outside scratch", "return open('@TARGET', 'w').write('x')"),
    ("make a folder outside", "return os.mkdir('@FOLDER/made') or 'made'"),
    ("delete outside", "return os.remove('@SECRET') or 'gone'"),
    ("rename outside", "return os.rename('@SECRET', '@TARGET') or 'renamed'"),
    ("change rights outside", "return os.chmod('@SECRET', 0) or 'changed'"),
    ("poison an installed package", "return open(sys.modules['matplotlib'].__file__, 'a').write('#')"),
    ("poison the harness", "return open(sys.modules['renderers.worker.wire'].__file__, 'a').write('#')"),
    ("replace the interpreter", "return open(os.path.realpath(sys.executable), 'ab').write(b'x')"),
    ("change times outside", "return os.utime('@SECRET', (0, 0)) or 'changed'"),
    ("symlink to a secret", "os.symlink('@SECRET', 'link'); return open('link').read()"),
    ("symlink as output", "os.symlink('@TARGET', 'out.png'); return open('out.png', 'w').write('x')"),
    ("hard link to a secret", "os.link('@SECRET', 'link'); return open('link').read()"),
    ("hard link to the interpreter", "os.link(sys.executable, 'python'); return open('python', 'ab')"),
    ("make a device", "os.mknod('disk', 0o60666, os.makedev(254, 0)); return open('disk', 'rb').read(1)"),
    ("change the root", "os.chroot('/'); return 'changed'"),
    ("open by handle", "return system_call('open_by_handle_at', -100, 0, 0)"),
    ("a descriptor that was left open", "return [n for n in range(4, 200) if os.fstat(n)]"),
    ("read what the user types", "data = os.read(0, 10); assert data, 'nothing there'; return data"),
    ("pass a descriptor out", "return get('socket').send_fds(get('socket').socket(fileno=3), [b'x'], [0])"),
)

PROCESSES = attacks(
    ("exec a shell", "return os.execv('/bin/sh', ['sh', '-c', 'echo BREACH'])"),
    ("run a program", "return get('subprocess').run(['/bin/true'])"),
    ("run a shell", "assert os.system('true') == 0; return 'ran'"),
    ("spawn", "return os.posix_spawn('/bin/true', ['true'], {})"),
    ("run python again", "return get('subprocess').run([sys.executable, '-c', 'print(1)'])"),
    ("fork", "return os.fork() or os._exit(0)"),
    ("vfork by number", "return system_call('vfork')"),
    ("work in other processes", "return get('multiprocessing').Pool(1)"),
    (
        "typeset with latex",
        "with plt.rc_context({'text.usetex': True}): return plt.title('x').get_window_extent()",
    ),
    ("trace a process", "return system_call('ptrace', 16, @PID, 0, 0)"),
    ("trace itself", "return system_call('ptrace', 0, 0, 0, 0)"),
    ("read another's memory", "return system_call('process_vm_readv', @PID, 0, 0, 0, 0, 0)"),
    ("kill the parent", "return os.kill(os.getppid() or 2**22, 9) or 'killed'"),
    ("kill the caller", "return os.kill(@PID, 9) or 'killed'"),
    ("ask whether the caller lives", "return os.kill(@PID, 0) or 'alive'"),
    ("kill everyone", "return os.kill(-1, 9) or 'killed'"),
    ("kill the group", "return os.killpg(0, 9) or 'killed'"),
    ("signal by descriptor", "return get('signal').pidfd_send_signal(os.pidfd_open(@PID), 9)"),
    ("signal by file owner", "get('fcntl').fcntl(3, 8, @PID); return 'owner set'"),
    ("become root", "os.setuid(0) if os.getuid() else os.setuid(1); return os.getuid()"),
    ("raise its own limits", "r = get('resource'); r.setrlimit(r.RLIMIT_AS, (-1, -1)); return 'raised'"),
    ("set another's limits", "r = get('resource'); return r.prlimit(@PID, r.RLIMIT_CPU, (1, 1))"),
    ("a user namespace of its own", "return libc().unshare(0x10000000) == 0 or 1 / 0"),
    ("mount", "return system_call('mount', b'none', b'/tmp', b'tmpfs', 0, 0)"),
    ("change the root by pivot", "return system_call('pivot_root', b'/', b'/')"),
    ("join a namespace", "return system_call('setns', 3, 0)"),
    ("a new process by clone3", "return system_call('clone3', 0, 0)"),
    ("take privileges back", "return system_call('prctl', 38, 0, 0, 0, 0)"),
)

# what lies in memory that it shares with others, or in what runs it
INSIDE = attacks(
    (
        "shared memory by name",
        "return get('multiprocessing.shared_memory').SharedMemory('seen', create=True, size=4096).name",
    ),
    ("shared memory by file", "return open('/dev/shm/seen', 'w').write('x') or os.listdir('/dev/shm')"),
    ("shared memory without a name", "return os.memfd_create('x')"),
    (
        "a socket among all objects",
        """
        sockets = [o for o in get('gc').get_objects() if type(o).__name__ == 'socket' and o.fileno() > 3]
        return sockets[0].getpeername() if sockets else 1 / 0
        """,
    ),
    (
        "a secret among all objects",
        """
        found = [o for o in get('gc').get_objects() if isinstance(o, dict) and 'LOOKALIKE_TEST_SECRET' in o]
        return found[0]
        """,
    ),
    (
        "another job in the frames",
        """
        frame, seen, word = sys._getframe().f_back, [], 'the-' + 'secret-that'
        while frame:
            seen += [v for v in frame.f_locals.values() if isinstance(v, str) and word in v]
            frame = frame.f_back
        return seen[0]
        """,
    ),
    (
        "the control socket by the fork server",
        """
        zygotes = [o for o in get('gc').get_objects() if type(o).__name__ == 'Zygote']
        return zygotes[0]._control.send(b'c')
        """,
    ),
    (
        "children by the fork server's own call",
        """
        zygotes = [o for o in get('gc').get_objects() if type(o).__name__ == 'Zygote']
        return zygotes[0]._wall.fork() or os._exit(0)
        """,
    ),
    (
        "walls by the loaded modules",
        """
        linux = sys.modules['renderers.isolation.linux']
        linux.unshare(linux.New.USER | linux.New.MOUNT)
        return 'moved'
        """,
    ),
    (
        "a descriptor of another process",
        """
        descriptor = system_call('pidfd_open', os.getppid() or 1, 0)
        return system_call('pidfd_getfd', descriptor, 3, 0)
        """,
    ),
    (
        "a ring of the kernel",
        """
        parameters = get('ctypes').create_string_buffer(120)
        return system_call('io_uring_setup', 8, parameters)
        """,
    ),
    ("faults in user space", "return system_call('userfaultfd', 0x80000 | 1)"),
    (
        "a file below its mapping",
        """
        mmap = get('mmap')
        with open(sys.modules['renderers.worker.wire'].__file__, 'rb') as file:
            page = mmap.mmap(file.fileno(), 0, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        page[0:1] = b'x'
        return page[0:1]
        """,
    ),
)

# what turns a small mistake in a kernel into a way out
KERNEL = (
    "keyctl", "add_key", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "init_module",
    "kexec_load", "reboot", "settimeofday", "swapon", "acct", "personality", "memfd_create", "shmget",
    "msgget", "semget", "inotify_init1", "fanotify_init", "name_to_handle_at", "process_madvise",
    "open_tree", "syslog", "quotactl", "modify_ldt", "iopl", "seccomp", "setpriority", "unshare",
    "io_uring_enter", "io_uring_register", "pidfd_getfd", "pidfd_open", "pidfd_send_signal",
    "process_mrelease", "memfd_secret", "move_mount", "fsopen", "fsmount", "fspick", "mount_setattr", "kcmp",
    "process_vm_writev", "migrate_pages", "move_pages", "vmsplice", "shmat", "shmctl", "mq_open",
    "lookup_dcookie", "finit_module", "kexec_file_load", "clock_settime", "adjtimex", "sethostname",
    "delete_module", "vhangup", "nfsservctl", "quotactl_fd",
)  # fmt: skip


@pytest.mark.parametrize("attack", [*NETWORK, *FILES, *PROCESSES, *INSIDE], ids=lambda attack: attack.name)
def test_it_is_held(attack: Attack, charts, bait):
    render = charts.attack(bait.fill(script(attack.body)))
    assert "BREACH" not in render.log, render.log
    assert "HELD" in render.log, render.log
    assert bait.untouched(), bait.reached
    assert charts.serves()


def test_dangerous_system_calls_are_refused(charts):
    calls = "\n".join(
        f"try:\n    system_call('{name}', 0, 0, 0, 0, 0)\n    print('BREACH', '{name}')\n"
        f"except OSError as error:\n    print('HELD' if error.errno == errno.EPERM else 'BREACH', '{name}')"
        for name in KERNEL
        if name in HERE
    )
    render = charts.attack(f"{HELPERS}\n{calls}\nplt.plot([1])")
    assert "BREACH" not in render.log, render.log
    assert render.log.count("HELD") == len(set(KERNEL) & set(HERE))
    assert charts.serves()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="a door of this architecture")
def test_the_door_of_long_pointers_is_shut(charts):
    """The x32 interface counts from a bit of its own; the filter ends a process that uses it."""
    render = charts.attack(
        f"{HELPERS}\nprint('BREACH', libc().syscall(0x40000000 | 39), flush=True)\nplt.plot([1])"
    )
    assert render.status is RenderStatus.ERROR
    assert "BREACH" not in render.log
    assert charts.serves()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="a door of this architecture")
def test_the_32_bit_door_is_shut(charts):
    """System calls have other numbers by the old interrupt; the filter ends a process that uses it."""
    render = charts.attack(
        f"{HELPERS}\nmmap, ctypes = get('mmap'), get('ctypes')\n"
        "page = mmap.mmap(-1, 4096, prot=7)\npage.write(bytes.fromhex('b814000000cd80c3'))\n"
        "address = ctypes.addressof(ctypes.c_char.from_buffer(page))\n"
        "print('BREACH', ctypes.CFUNCTYPE(ctypes.c_int)(address)(), flush=True)\nplt.plot([1])"
    )
    assert render.status is RenderStatus.ERROR
    assert "BREACH" not in render.log
    assert charts.serves()

"""Namespaces: a process tree, a network, an IPC space and a file system of its own.

The fork server moves once, before it loads anything; each child then gets process ids, an IPC space, a
scratch file system and a user without rights of its own. As root the real root's rights build all this and
are then dropped; an ordinary user gets the rights to build it from a user namespace.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from renderers.isolation.lifeline import continue_beneath, continue_watched
from renderers.isolation.linux import (
    Attribute,
    MountFlag,
    New,
    change_root,
    mount,
    set_mount_attributes,
    setns,
    unshare,
)
from renderers.isolation.paths import DEVICES, aliases, readable

SCRATCH = "/render-scratch"
NOBODY = 65534
_OURS = New.MOUNT | New.UTS | New.IPC | New.NET | New.PID


def enter(root: str, lifeline: int, client: int) -> int:
    """Move this process into namespaces of its own, with a file system that holds only what may be read.

    The process forks: the caller goes on in a tree of its own; what stays behind waits for it, and ends it
    with the client.

    Args:
        root: An empty folder to build the new root on.
        lifeline: A descriptor whose other end only the client holds.
        client: The client's process id.

    Returns:
        An open descriptor of the process-id namespace, for ``bear``.

    Raises:
        OSError: The system does not allow it; this process is as it was.
    """
    _rehearse(root, lifeline)
    return _enter(root, lifeline, client)


def _rehearse(root: str, lifeline: int) -> None:
    """Try all of it in a child: half-way in there would be no way back."""
    heard, said = os.pipe()
    worker = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            if bear(_enter(root, lifeline, worker)) == 0:
                seclude(1 << 20)
            else:
                os.wait()
        except OSError as error:
            os.write(said, f"{error.errno}:{error.strerror}".encode())
        finally:
            os._exit(0)
    os.close(said)
    os.waitpid(child, 0)
    complaint = os.read(heard, 1000).decode()
    os.close(heard)
    if complaint:
        code, _, text = complaint.partition(":")
        raise OSError(int(code), text)


def _enter(root: str, lifeline: int, client: int) -> int:
    _move()
    _build(root)
    continue_watched(lifeline, client)
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    change_root(root)
    continue_beneath()
    return own


def _move() -> None:
    """As root with root's own rights; else, or where root has not that right, by a user namespace."""
    try:
        if os.geteuid() == 0:
            unshare(_OURS)
            return
    except PermissionError:
        pass
    user, group = os.geteuid(), os.getegid()
    unshare(New.USER | _OURS)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _build(root: str) -> None:
    mount("", "/", flags=MountFlag.RECURSIVE | MountFlag.PRIVATE)
    mount("lookalike", root, "tmpfs", MountFlag.NOSUID | MountFlag.NODEV, "size=16m,mode=755")
    for path in readable():
        target = root + path
        if os.path.isdir(path):  # noqa: PTH112
            os.makedirs(target, mode=0o755, exist_ok=True)  # noqa: PTH103
        else:
            _touch(target)
        mount(path, target, flags=MountFlag.BIND | MountFlag.RECURSIVE)
        set_mount_attributes(target, Attribute.READ_ONLY | Attribute.NOSUID | Attribute.NODEV)
    for path in DEVICES:
        _touch(root + path)
        mount(path, root + path, flags=MountFlag.BIND)
    for path, leads in aliases():
        if not os.path.lexists(root + path):
            os.makedirs(os.path.dirname(root + path), mode=0o755, exist_ok=True)  # noqa: PTH103, PTH120
            os.symlink(leads, root + path)  # noqa: PTH211
    os.makedirs(root + SCRATCH)  # noqa: PTH103
    if not os.path.lexists(root + "/tmp"):  # there where an interpreter or this package lies below it
        os.symlink(SCRATCH, root + "/tmp")  # noqa: PTH211
    mount("scratch", root + SCRATCH, "tmpfs", MountFlag.NOSUID | MountFlag.NODEV, "size=64m,mode=777")


def _touch(path: str) -> None:
    os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)  # noqa: PTH103, PTH120
    Path(path).touch()


def bear(own: int) -> int:
    """Fork a child that is the first of a process tree of its own, so that killing it kills all of it.

    Args:
        own: What ``enter`` gave. Only the next child is to be born in a new tree: a tree whose first process
            has ended takes no further ones, and from a new one no other can be made.
    """
    unshare(New.PID)
    try:
        child = os.fork()
    except OSError:
        setns(own, New.PID)
        raise
    if child:
        setns(own, New.PID)
    return child


def seclude(size: int) -> None:
    """In a child: an IPC space and a scratch file system of its own, then a user without any rights.

    Args:
        size: Bytes that the scratch file system holds.
    """
    unshare(New.MOUNT | New.IPC)
    flags = MountFlag.NOSUID | MountFlag.NODEV | MountFlag.NOEXEC
    mount("scratch", SCRATCH, "tmpfs", flags, f"size={size},nr_inodes=4096,mode=777")
    become_nobody()
    with contextlib.suppress(
        OSError
    ):  # where only root may: nobody without capabilities has no rights either
        unshare(New.USER)


def become_nobody() -> None:
    """Drop root, for good. An ordinary user stays who it is.

    So does the root of a container that has no other user (rootless, one id mapped): it is that ordinary user
    outside, and without capabilities, which are dropped next, it has no more rights inside.
    """
    if os.geteuid() == 0 and os.getuid() == 0:
        with contextlib.suppress(PermissionError):  # refused where the container maps no groups
            os.setgroups([])
        with sole_user():
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)


@contextlib.contextmanager
def sole_user() -> Iterator[None]:
    """Let pass that there is no user to become, or to give a file to."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise

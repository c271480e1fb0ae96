"""The wall around generated code, built in two steps: once in a worker, and again in each child it forks."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from renderers.isolation import landlock, namespaces, seccomp
from renderers.isolation.levels import Layer, Policy
from renderers.isolation.lifeline import continue_watched, end_with_parent
from renderers.isolation.limits import Limits
from renderers.isolation.linux import DUMPABLE, NO_NEW_PRIVS, drop_capabilities, prctl
from renderers.isolation.paths import DEVICES, readable


class Wall:
    """Builds as many layers as the machine has, and knows which and why not the others."""

    def __init__(self, policy: Policy, scratch: str, lifeline: int, limits: Limits | None = None) -> None:
        """Nothing happens before ``prepare``.

        Args:
            policy: Which layers to use.
            lifeline: A descriptor whose other end only the client holds: with the client, this worker ends.
            scratch: An empty folder that this worker may use; where there are no namespaces, all that code
                may write to lies in it.
            limits: Resource limits of a child.
        """
        self._policy = policy
        self._limits = limits or Limits()
        self._tree: int | None = None
        self._scratch = scratch
        self._lifeline, self._client = lifeline, os.getppid()
        self.missing: dict[Layer, str] = {}
        """The layers that do not stand, and why."""

    def prepare(self) -> None:
        """In the worker, before it loads anything: move into namespaces. Goes on in a new process."""
        self._try(Layer.NAMESPACES, self._enter_namespaces)
        if self._tree is None:
            continue_watched(self._lifeline, self._client)
        self._try(Layer.SECCOMP, seccomp.prepare)

    def _enter_namespaces(self) -> None:
        readable()  # looked up once, where all of it can be seen
        self._tree = namespaces.enter(self._scratch, self._lifeline, self._client)
        self._scratch = namespaces.SCRATCH
        self._settle(self._scratch)

    def fork(self) -> int:
        """Fork a child, in a process tree of its own where that is to be had."""
        return os.fork() if self._tree is None else namespaces.bear(self._tree)

    def scratch_of(self, child: int) -> str | None:
        """The folder left behind by an ended child; None where it went with the child."""
        return None if self._tree is not None else self._folder(child)

    def _folder(self, process: int) -> str:
        return f"{self._scratch}/{process}"

    def close(self) -> frozenset[Layer]:
        """In the child: build everything else. What stands after it stays for good."""
        self._try(Layer.NAMESPACES, self._seclude)
        if self._tree is None:
            self._settle_alone()
        if sys.platform == "linux":
            prctl(NO_NEW_PRIVS, 1)
            prctl(DUMPABLE, 0)
            drop_capabilities()
        end_with_parent()  # after the last change of user, and before nothing can be changed any more
        self._try(Layer.LANDLOCK, self._landlock)
        self._try(Layer.LIMITS, self._limits.apply)
        self._try(Layer.SECCOMP, seccomp.install)
        return frozenset(Layer) - frozenset(self.missing)

    def _seclude(self) -> None:
        if self._tree is not None:
            namespaces.seclude(self._limits.file)
            os.chdir(self._scratch)

    def _settle_alone(self) -> None:
        """Without a file system of its own: a folder of its own, and not root's rights where that can be."""
        folder = self._folder(os.getpid())
        os.mkdir(folder, 0o700)  # noqa: PTH102
        if hasattr(os, "setresuid") and os.geteuid() == 0 and _reachable_by_all():
            os.chmod(self._scratch, 0o711)  # noqa: PTH101
            with namespaces.sole_user():
                os.chown(folder, namespaces.NOBODY, namespaces.NOBODY)
                namespaces.become_nobody()
        self._scratch = folder
        self._settle(folder)

    def _settle(self, folder: str) -> None:
        os.chdir(folder)
        os.environ.update(HOME=folder, TMPDIR=folder, MPLCONFIGDIR=folder)

    def _landlock(self) -> None:
        landlock.restrict([*readable(), *DEVICES], [self._scratch, "/dev/null"])

    def _try(self, layer: Layer, build: Callable[[], None]) -> None:
        if layer in self.missing:
            return
        if layer not in self._policy.layers:
            self.missing[layer] = "switched off"
            return
        if sys.platform != "linux" and layer is not Layer.LIMITS:
            self.missing[layer] = f"not on {sys.platform}"
            return
        try:
            build()
        except OSError as error:
            self.missing[layer] = str(error)


def _reachable_by_all() -> bool:
    """Whether another user could still load modules: every folder on the way is open to all."""
    for path in readable():
        while path != "/":
            try:
                if not os.stat(path).st_mode & 0o001 and os.path.isdir(path):  # noqa: PTH112, PTH116
                    return False
            except OSError:
                return False
            path = os.path.dirname(path)  # noqa: PTH120
    return True

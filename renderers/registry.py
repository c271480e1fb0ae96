"""What can be chosen by name: our own parts, and what installed distributions add by entry point.

A part is loaded when it is asked for, so that listing the names imports none of them. Each package keeps the
registries of what it owns; all of them are of this one kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from renderers.errors import ChoiceError, PluginError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

T = TypeVar("T")


class Registry(Generic[T]):
    """The parts of one sort, by name.

    A name of ours always means ours. Where ``by_path`` allows it, any object can also be chosen by where it
    is, as in ``my_package:MyCritic``.

    Attributes:
        group: Entry point group in which distributions add to it, such as ``lookalike.critics``.
        what: What one of its parts is called in messages.
    """

    def __init__(
        self,
        group: str,
        what: str,
        ours: Mapping[str, str],
        *,
        wanted: type | None = None,
        by_path: bool = True,
    ) -> None:
        """Nothing is loaded yet.

        Args:
            group: Entry point group.
            what: What a part is called in messages.
            ours: Where our own parts are, by name, in the order in which they are listed.
            wanted: Class that a part must be an instance of; by default it must be callable.
            by_path: Whether a part can be chosen by its path.
        """
        self.group = group
        self.what = what
        self._ours = dict(ours)
        self._wanted = wanted
        self._by_path = by_path
        self._loaded: dict[str, T] = {}

    def names(self) -> tuple[str, ...]:
        """All names: ours first, then those that distributions add, by the alphabet."""
        return (*self._ours, *sorted(set(self._added) - set(self._ours)))

    def __contains__(self, choice: object) -> bool:
        """Whether something can be chosen so, by its name or by a path that may or may not lead anywhere."""
        return isinstance(choice, str) and (
            choice in self._ours or choice in self._added or (self._by_path and is_path(choice))
        )

    def __getitem__(self, choice: str) -> T:
        """The part of that name or at that path.

        Raises:
            ChoiceError: There is no such name.
            PluginError: It is there and cannot be loaded, or is not what is wanted.
        """
        choice = str(choice)
        if choice not in self._loaded:
            self._loaded[choice] = self._checked(choice, self._load(choice))
        return self._loaded[choice]

    def make(self, choice: str, tools: object) -> Any:
        """Call the part of that name or at that path, with ``tools`` where it takes an argument.

        Raises:
            ChoiceError: There is no such name.
            PluginError: It is there and cannot be loaded, or what is not ours cannot be made.
        """
        factory: Any = self[choice]
        if choice in self._ours:
            return made(factory, tools)
        try:
            return made(factory, tools)
        except Exception as error:  # a plugin may raise anything
            raise PluginError(
                f"{self.what} {choice!r} cannot be made: {type(error).__name__}: {error}"
            ) from error

    def check(self, choice: str) -> None:
        """Make sure that there is something to load.

        Raises:
            ChoiceError: There is no such name.
        """
        if choice not in self:
            path = f", or name one by its path, as in my_package:My{self._word}" if self._by_path else ""
            raise ChoiceError(
                f"there is no {self.what} {choice!r}; choose one of {', '.join(self.names())}{path}"
            )

    def home(self, choice: str) -> str:
        """Where the part of that name comes from: a path, with the distribution that adds it."""
        if choice in self._ours:
            return self._ours[choice]
        if choice not in self._added:
            return choice
        entry = self._added[choice][0]
        return f"{entry.value} ({_distribution(entry)})"

    @property
    def _word(self) -> str:
        return self.what.title().replace(" ", "")

    @cached_property
    def _added(self) -> dict[str, list[EntryPoint]]:
        """What distributions add; read once, and only when a name is not one of ours."""
        from importlib import metadata  # not before it is needed: it takes as long as all else here

        found: dict[str, list[EntryPoint]] = {}
        for entry in metadata.entry_points(group=self.group):
            found.setdefault(entry.name, []).append(entry)
        return found

    def _load(self, choice: str) -> object:
        if choice in self._ours:
            return resolve(self._ours[choice])
        self.check(choice)
        added = self._added.get(choice, [])
        if len(added) > 1:
            who = " and ".join(sorted(_distribution(entry) for entry in added))
            raise PluginError(f"{self.what} {choice!r} is added by {who}; uninstall all but one")
        path = added[0].value if added else choice
        try:
            return resolve(path)
        except Exception as error:  # a plugin's module may raise anything while it is imported
            told = f"{self.what} {choice!r} ({path})" if added else f"{self.what} {choice!r}"
            raise PluginError(f"{told} cannot be loaded: {type(error).__name__}: {error}") from error

    def _checked(self, choice: str, found: Any) -> T:
        fits = callable(found) if self._wanted is None else isinstance(found, self._wanted)
        if not fits:
            wanted = "something to call" if self._wanted is None else f"a {self._wanted.__name__}"
            raise PluginError(f"{self.what} {choice!r} is a {type(found).__name__}, not {wanted}")
        part: T = found
        return part


def is_path(choice: str) -> bool:
    """Whether a choice is written as a path, ``package.module:Name``."""
    module, colon, name = choice.partition(":")
    return bool(colon) and all(part.isidentifier() for part in (*module.split("."), *name.split(".")))


def resolve(path: str) -> Any:
    """The object at ``package.module:Name``, importing what is needed.

    Raises:
        ImportError: There is no such module.
        AttributeError: The module has no such name.
    """
    module, _, names = path.partition(":")
    found: Any = import_module(module)
    for name in names.split("."):
        found = getattr(found, name)
    return found


def made(factory: Callable[..., T], tools: object) -> T:
    """Call a class or function, with ``tools`` where it takes one argument or more."""
    import inspect

    try:
        inspect.signature(factory).bind(tools)
    except TypeError:
        return factory()
    return factory(tools)


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "an unknown distribution"

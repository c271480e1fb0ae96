"""Classes of which descriptions are made, by name: a field is read back as the class that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from critic.marks.frozen import Frozen
from renderers.registry import Registry as Parts

T = TypeVar("T", bound=Frozen)


class Registry(Generic[T]):
    """Classes of one family, told apart by the default of a field; those of distributions come after ours.

    Each is loaded when it is first asked for. What it lacks is told then, not where it is first used.
    """

    def __init__(self, base: type[T], key: str, what: str, ours: Mapping[str, str], group: str) -> None:
        """Nothing is loaded yet.

        Args:
            base: The abstract class that all of them derive from.
            key: The field whose default names a class.
            what: What one of them is called in messages.
            ours: Where ours are, by name, in the order in which they are asked.
            group: Entry point group in which distributions add to them, such as ``lookalike.marks``.
        """
        self._base, self._key, self._what = base, key, what
        self._parts: Parts[type[T]] = Parts(
            group or f"lookalike.{key}", what, ours, wanted=type, by_path=False
        )
        self._checked: dict[str, type[T]] = {}

    def __iter__(self) -> Iterator[type[T]]:
        return (self[name] for name in self.names)

    def __getitem__(self, name: str) -> type[T]:
        if name not in self._checked:
            self._checked[name] = self.check(self._parts[name], name)
        return self._checked[name]

    @property
    def group(self) -> str:
        """The entry point group in which distributions add to it."""
        return self._parts.group

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in order."""
        return self._parts.names()

    def check(self, cls: type[T], name: str) -> type[T]:
        """A class that can be one of them.

        Raises:
            TypeError: It is not of the family, still abstract, or has another name.
        """
        if not issubclass(cls, self._base):
            raise TypeError(f"{cls.__name__} is no {self._base.__name__}")
        lacking = sorted(getattr(cls, "__abstractmethods__", ()))
        if lacking:
            raise TypeError(f"{cls.__name__} lacks {', '.join(lacking)}")
        field = cls.model_fields.get(self._key)
        given = None if field is None else field.default
        if given != name:
            raise TypeError(f"{cls.__name__} is registered as {name!r}, but its {self._key} is {given!r}")
        return cls

    def read_back(self, value: Any) -> Any:
        """An instance as it is; a mapping as an instance of the class that it names.

        Raises:
            ValueError: The mapping names nothing that is registered.
        """
        if not isinstance(value, dict):
            return value
        name = value.get(self._key)
        if name not in self.names:
            raise ValueError(f"there is no {self._what} {name!r}; there are: {', '.join(self.names)}")
        return self[name].model_validate(value)

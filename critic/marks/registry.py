"""What kinds of a thing there are, by name: a description's fields are read back by what is registered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from critic.marks.frozen import Frozen

T = TypeVar("T", bound=Frozen)


class Registry(Generic[T]):
    """Classes of one family, told apart by the default of a field, in the order of their registration.

    Args:
        base: The abstract class that all of them derive from.
        key: The field whose default names a class.
    """

    def __init__(self, base: type[T], key: str) -> None:
        self._base, self._key = base, key
        self._known: dict[str, type[T]] = {}

    def __iter__(self) -> Iterator[type[T]]:
        return iter(self._known.values())

    @property
    def names(self) -> tuple[str, ...]:
        """The registered names, in order."""
        return tuple(self._known)

    def add(self, *classes: type[T]) -> None:
        """Registers classes.

        Raises:
            TypeError: A class is not of the family, still abstract, or its name is missing or taken.
        """
        for cls in classes:
            if not issubclass(cls, self._base):
                raise TypeError(f"{cls.__name__} is no {self._base.__name__}")
            lacking = sorted(getattr(cls, "__abstractmethods__", ()))
            if lacking:
                raise TypeError(f"{cls.__name__} lacks {', '.join(lacking)}")
            field = cls.model_fields.get(self._key)
            name = field.default if field is not None else None
            if not isinstance(name, str) or not name:
                raise TypeError(f"{cls.__name__} has no default for {self._key!r}, which names it")
            if self._known.setdefault(name, cls) is not cls:
                raise TypeError(f"{name!r} is {self._known[name].__name__} already")

    def read_back(self, value: Any) -> Any:
        """An instance as it is; a mapping as an instance of the class that it names.

        Raises:
            ValueError: The mapping names nothing that is registered.
        """
        if not isinstance(value, dict):
            return value
        name = value.get(self._key)
        if name not in self._known:
            known = ", ".join(self._known)
            raise ValueError(f"{self._base.__name__} {name!r} is not known; there are: {known}")
        return self._known[name].model_validate(value)

"""Settings: defaults, then ``lookalike.toml``, then the environment, then flags, the later winning.

A ``lookalike.toml`` that merely lies in the working directory holds once the user trusts it: ``agent.trust``.

Environment variables are named after the setting, ``LOOKALIKE_`` before it and ``__`` between its parts:
``LOOKALIKE_GENERATOR__BASE_URL``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from agent.errors import ConfigError
from agent.parts import CRITICS, GENERATORS
from agent.trust import is_trusted
from graph.types import Search
from prompts.endpoint import Endpoint, Sampling, Timeouts, split_addresses
from prompts.price import Price
from renderers.files import read_regular
from renderers.isolation.levels import Level

FILE = "lookalike.toml"
PREFIX = "LOOKALIKE_"
DEFAULT = "default"
AUTO = "auto"

_LONGEST_FILE = 1_000_000
"""Bytes."""


class ModelSettings(BaseModel):
    """Where a role's model is served and how it is asked; see ``prompts.endpoint.Endpoint``.

    Attributes:
        base_url: The server's address, ending in ``/v1``; several are separated by commas.
        model: The name the server knows it by.
        api_key: Never shown, logged or written.
        dialect: ``vllm``, or ``openai`` for servers that refuse vLLM's own fields.
        sampling: Overrides what the role asks for by itself.
        timeouts: How long to wait, in seconds.
        extra_body: Fields that every request has besides, such as a hybrid model's thinking switched off:
            ``extra_body = { chat_template_kwargs = { enable_thinking = false } }``.
        omit: Fields that no request has, for servers that refuse them: ``omit = ["temperature"]``.
        attempts: Attempts at one answer.
        backoff: Seconds before the second attempt.
        price: Dollars a million tokens, prompt and answer: ``0.15/0.60``; with a third for cached ones.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = ""
    model: str = ""
    api_key: SecretStr = SecretStr("")
    dialect: Literal["vllm", "openai"] = "vllm"
    sampling: Sampling = Sampling()
    timeouts: Timeouts = Timeouts()
    extra_body: dict[str, Any] = Field(default_factory=dict)
    omit: tuple[str, ...] = ()
    attempts: int = Field(default=4, ge=1, le=20)
    backoff: float = Field(default=0.5, ge=0)
    price: str = ""

    @field_validator("price")
    @classmethod
    def _price(cls, value: str) -> str:
        if value:
            Price.parse(value)
        return value

    @property
    def priced(self) -> Price | None:
        """The price of its tokens; None where it is not set."""
        return Price.parse(self.price) if self.price else None

    @field_validator("base_url")
    @classmethod
    def _addresses(cls, value: str) -> str:
        if value:
            split_addresses(value)
        return value

    def endpoint(self) -> Endpoint | None:
        """The endpoint; None where no address is set."""
        if not self.base_url:
            return None
        return Endpoint(
            base_urls=split_addresses(self.base_url),
            **{
                name: getattr(self, name)
                for name in ModelSettings.model_fields
                if name in Endpoint.model_fields
            },
        )


class GeneratorSettings(ModelSettings):
    """The generator.

    Attributes:
        use: Name or path; ``embedded`` needs no server; ``auto`` takes a served model where ``base_url`` is
            set.
        hints: Whether a model is told what the embedded readers measure in the picture.
        details: Whether a revision is shown the places that differ most, enlarged: a third picture.
        edits: Whether a revision is asked for what changes, rather than for the whole program.
    """

    use: str = AUTO
    model: str = "generator"
    hints: bool = True
    details: bool = True
    edits: bool = False

    @field_validator("use")
    @classmethod
    def _known(cls, value: str) -> str:
        if value != AUTO:
            GENERATORS.check(value)
        return value

    @property
    def chosen(self) -> str:
        """``use`` with ``auto`` decided."""
        if self.use == AUTO:
            return "lvlm" if self.base_url else "embedded"
        return self.use


class CriticSettings(ModelSettings):
    """The critic.

    Attributes:
        use: Name or path; ``pixel`` needs no server; ``judge`` is any LVLM; ``auto`` takes Visual-ERM where
            it is served.
        votes: Answers that a model gives to one question; what at least half of them name counts.
        evidence: Whether what a model says is held against the pixels.
    """

    use: str = AUTO
    model: str = "critic"
    votes: int = Field(default=1, ge=1, le=25)
    evidence: bool = True

    @field_validator("use")
    @classmethod
    def _known(cls, value: str) -> str:
        if value != AUTO:
            CRITICS.check(value)
        return value

    @property
    def chosen(self) -> str:
        """``use`` with ``auto`` decided."""
        if self.use == AUTO:
            return "visual-erm" if self.base_url else "pixel"
        return self.use


class PromptSettings(BaseModel):
    """Prompt texts.

    Attributes:
        directory: Templates that replace ours.
        verm: A clone of Visual-ERM's repository, whose own prompts are used.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    directory: Path | None = None
    verm: Path | None = None


class Settings(BaseSettings):
    """All that can be set.

    Attributes:
        generator: Writes and mends code.
        critic: Compares pictures.
        search: How much is tried, and when to stop.
        prompts: Prompt texts.
        isolation: Code is refused where the machine cannot isolate it this much; None takes the best it can.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__", env_ignore_empty=True
    )

    generator: GeneratorSettings = GeneratorSettings()
    critic: CriticSettings = CriticSettings()
    search: Search = Search()
    prompts: PromptSettings = PromptSettings()
    isolation: Level | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """``load_settings`` merges the sources itself, so as to know where each value is from."""
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it holds.

    Attributes:
        name: Its parts with dots between.
        value: Fit to be shown: a key only says whether it is set.
        source: Where the value is from.
    """

    name: str
    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and where each is from.

    Attributes:
        settings: All of them.
        sources: Where a setting is from, by its name; those at their defaults are missing.
        note: What is to be said of a settings file that was found; empty where there is none.
    """

    settings: Settings
    sources: Mapping[str, str]
    note: str = ""

    def listed(self) -> tuple[Setting, ...]:
        """Every setting in order."""
        shown = public(self.settings)
        return tuple(
            Setting(name, value, self.sources.get(name, DEFAULT)) for name, value in flattened(shown)
        )


def load_settings(
    flags: Mapping[str, Any] | None = None, file: Path | None = None, *, strict: bool = True
) -> Loaded:
    """The settings that hold.

    Args:
        flags: What the command line sets, nested as the settings are; the None among them are not set.
        file: The settings file; by default ``lookalike.toml`` in the working directory, if there is one and
            the user trusts it.
        strict: Whether ``file`` must exist when it is given.

    Raises:
        ConfigError: A value cannot be used; names it and where it is from.
    """
    if file is None:
        of_file, note = _found(Path(FILE))
    else:
        of_file, note = parsed(file, read_settings_file(file)) if strict or file.exists() else {}, ""
    layers = (
        ((file or Path(FILE)).name, of_file),
        ("environment", _read_environment()),
        ("flag", _given(flags or {})),
    )
    merged: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, values in layers:
        _merge(merged, values)
        sources.update({key: _source(name, key) for key, _ in flattened(values)})
    try:
        return Loaded(Settings(**merged), sources, note)
    except ValidationError as error:
        raise ConfigError(_explained(error, sources)) from None


def public(settings: Settings) -> dict[str, Any]:
    """The settings as plain values; of a key only whether it is set."""
    shown = settings.model_dump(mode="json")
    for role in ("generator", "critic"):
        key = getattr(settings, role).api_key.get_secret_value()
        shown[role]["api_key"] = "set" if key else "not set"
    return shown


def flattened(values: Mapping[str, Any], head: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of nested settings, by dotted name."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{head}{name}.")
        else:
            yield f"{head}{name}", value


def environment_name(setting: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + setting.upper().replace(".", "__")


def _source(layer: str, setting: str) -> str:
    return environment_name(setting) if layer == "environment" else layer


def read_settings_file(path: Path) -> bytes:
    """The content of a settings file.

    Raises:
        ConfigError: It cannot be read.
    """
    try:
        return read_regular(path, _LONGEST_FILE)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such settings file") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None


def parsed(path: Path, content: bytes) -> dict[str, Any]:
    """The settings in a file's content.

    Raises:
        ConfigError: It is no TOML.
    """
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}") from None


def _found(path: Path) -> tuple[dict[str, Any], str]:
    """The settings of a file that nobody named, where the user trusts it, and what is to be said of it."""
    if not path.exists():
        return {}, ""
    try:
        content = read_settings_file(path)
    except ConfigError as error:
        return {}, f"not used: {error}"
    if not is_trusted(path, content):
        return {}, (
            f"the {path} that lies here is not used, as you have not said that you trust it; look at it, "
            "then run `lookalike trust`, or name it with --config"
        )
    return parsed(path, content), f"settings from {path}, which you trust"


def _read_environment() -> dict[str, Any]:
    try:
        return EnvSettingsSource(Settings)()
    except SettingsError as error:
        raise ConfigError(f"environment: {error}") from None


def _given(flags: Mapping[str, Any]) -> dict[str, Any]:
    """Flags without those that were not given."""
    nested = {name: _given(value) if isinstance(value, Mapping) else value for name, value in flags.items()}
    return {name: value for name, value in nested.items() if value is not None and value != {}}


def _merge(into: dict[str, Any], values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, Mapping) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = dict(value) if isinstance(value, Mapping) else value


def _explained(error: ValidationError, sources: Mapping[str, str]) -> str:
    """Each wrong setting, what is wrong, where it is from; never its value, which may be a key."""
    told = []
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        name = ".".join(str(part) for part in item["loc"])
        unknown = item["type"] == "extra_forbidden"
        message = "no such setting" if unknown else _decapitalised(item["msg"].removeprefix("Value error, "))
        told.append(f"{name}: {message} (from {sources.get(name, DEFAULT)})")
    return "; ".join(told)


def _decapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]

"""Where a model is served and how it is asked."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class Sampling(BaseModel):
    """Sampling parameters; None leaves one to the server."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float | None = Field(default=None, ge=0)
    top_p: float | None = Field(default=None, gt=0, le=1)
    top_k: int | None = Field(default=None, ge=-1)
    presence_penalty: float | None = None
    repetition_penalty: float | None = Field(default=None, gt=0)
    max_tokens: int | None = Field(default=None, ge=1)

    def over(self, base: Sampling) -> Sampling:
        """These values where they are set, those of ``base`` elsewhere."""
        return base.model_copy(update=self.model_dump(exclude_none=True))


class Timeouts(BaseModel):
    """How long to wait, in seconds.

    Attributes:
        connect: For a connection.
        first_token: For the first piece of the answer: queueing and reading the prompt.
        idle: Between two pieces of the answer.
        total: For one attempt as a whole.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect: float = Field(default=5.0, gt=0)
    first_token: float = Field(default=120.0, gt=0)
    idle: float = Field(default=30.0, gt=0)
    total: float = Field(default=600.0, gt=0)


class Endpoint(BaseModel):
    """One role's model: its servers, its name there, and how it is asked.

    Attributes:
        base_urls: One or more servers of the same model, each ending in ``/v1``.
        model: The name the servers know it by.
        api_key: Sent as the bearer token; never printed.
        dialect: ``vllm`` also sends ``top_k``, ``repetition_penalty`` and running token counts, which other
            servers refuse; ``openai`` keeps to the public protocol.
        sampling: Overrides what the role asks for by itself.
        timeouts: How long to wait.
        extra_body: Fields that every request has besides, as the server knows them.
        omit: Fields that no request has, for servers that refuse them: ``temperature``, ``max_tokens``.
        attempts: Attempts at one answer, the first included.
        backoff: Seconds before the second attempt; doubles after each, and is jittered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_urls: tuple[str, ...] = Field(min_length=1)
    model: str = Field(min_length=1)
    api_key: SecretStr = SecretStr("")
    dialect: Literal["vllm", "openai"] = "vllm"
    sampling: Sampling = Sampling()
    timeouts: Timeouts = Timeouts()
    extra_body: dict[str, Any] = Field(default_factory=dict)
    omit: tuple[str, ...] = ()
    attempts: int = Field(default=4, ge=1, le=20)
    backoff: float = Field(default=0.5, ge=0)

    @field_validator("base_urls", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        """Accept one address, or several separated by commas."""
        return split_addresses(value) if isinstance(value, str) else value


def split_addresses(text: str) -> tuple[str, ...]:
    """Addresses of servers separated by commas.

    Raises:
        ValueError: One of them is no address.
    """
    addresses = tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
    for address in addresses:
        if not address.startswith(("http://", "https://")):
            raise ValueError(f"{address!r} is no http:// or https:// address")
        if "@" in address.partition("//")[2].partition("/")[0]:
            raise ValueError("an address holds no user name or password; set the key as api_key")
    return addresses

"""Looks over this machine and its model servers: what works, what does not, what to do about it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
from matplotlib import font_manager
from openai import AsyncOpenAI, OpenAIError
from PIL import Image as PILImage
from PIL import ImageDraw, ImageFont

from agent.parts import ASK_A_MODEL, CRITICS, GENERATORS
from agent.settings import CriticSettings, GeneratorSettings, Settings, environment_name
from critic.reading.ocr import TextReader
from prompts.client import ChatClient, ChatRequest
from prompts.endpoint import Endpoint, Sampling
from prompts.errors import ModelError, RequestError
from prompts.messages import Message
from prompts.pictures import PictureFormat, encode_picture
from prompts.verm import read_verm_prompts
from renderers.browser import Browser
from renderers.errors import PluginError, RendererError
from renderers.isolation.levels import Level
from renderers.isolation.probe import probe
from renderers.page import PageRenderer
from renderers.types import Image, Kind, Language, Size

_FONTS = ("DejaVu Sans", "Liberation Sans", "Arial")
_WORD = "Lookalike"


class Verdict(StrEnum):
    """How one check came out."""

    OK = "ok"
    WEAK = "weak"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        name: What.
        verdict: How it came out.
        detail: What was found.
        remedy: What to do; empty where nothing needs doing.
    """

    name: str
    verdict: Verdict
    detail: str
    remedy: str = ""


async def examine(settings: Settings) -> list[Check]:
    """Look at everything; takes some seconds. A check that breaks is told as missing, not raised."""
    checks = [
        await _guarded("browser", _browser),
        await _guarded("fonts", lambda: asyncio.to_thread(_fonts)),
        await _guarded("OCR", lambda: asyncio.to_thread(_ocr)),
        await _guarded("isolation", lambda: asyncio.to_thread(_isolation, settings.isolation)),
    ]
    if settings.critic.chosen == "visual-erm":
        checks.append(await _guarded("critic prompts", lambda: asyncio.to_thread(_prompts, settings)))
    for role, chosen in (("generator", settings.generator), ("critic", settings.critic)):
        checks += await _role(role, chosen)
    return checks


async def _guarded(name: str, check: Callable[[], Awaitable[Check]]) -> Check:
    try:
        return await check()
    except Exception as error:  # a doctor who faints helps nobody
        return Check(name, Verdict.MISSING, f"{type(error).__name__}: {error}"[:300])


async def _browser() -> Check:
    remedy = "run scripts/install_browser, or `playwright install chromium`"
    started = time.perf_counter()
    async with Browser() as browser:
        try:
            drawn = await PageRenderer(browser).render(f"<p>{_WORD}</p>", Language.HTML, Size(120, 60))
        except RendererError as error:
            return Check("browser", Verdict.MISSING, str(error), remedy)
    if not drawn.ok:
        return Check("browser", Verdict.MISSING, f"a page ends as {drawn.status}: {drawn.log}"[:300], remedy)
    seconds = time.perf_counter() - started
    which = browser.confinement
    where = which.path if which else "a browser"
    walls = "in its sandbox" if which and which.sandbox else "outside its sandbox"
    walls += ", without a network" if which and not which.network else ""
    return Check("browser", Verdict.OK, f"{where}, {walls}; first page in {seconds:.1f} s")


def _fonts() -> Check:
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    found = [name for name in _FONTS if name in known]
    if "DejaVu Sans" not in found:
        return Check("fonts", Verdict.MISSING, "matplotlib's DejaVu Sans is gone", "reinstall matplotlib")
    if len(found) == 1:
        remedy = (
            "install the Liberation fonts (Debian: fonts-liberation) to draw tables and pages as intended"
        )
        return Check("fonts", Verdict.WEAK, "DejaVu Sans only", remedy)
    return Check("fonts", Verdict.OK, ", ".join(found))


def _ocr() -> Check:
    started = time.perf_counter()
    lines = TextReader().lines(_sign(_WORD))
    read = " ".join(line.text for line in lines)
    if _WORD.lower() not in read.lower():
        remedy = "reinstall rapidocr and onnxruntime"
        return Check("OCR", Verdict.MISSING, f"read {read!r} where {_WORD!r} stands", remedy)
    return Check("OCR", Verdict.OK, f"reads; first picture in {time.perf_counter() - started:.1f} s")


def _isolation(required: Level | None) -> Check:
    report = probe()
    missing = [f"{entry.layer}: {entry.why}" for entry in report.layers if not entry.active]
    detail = str(report.level) + (f" (without {'; '.join(missing)})" if missing else "")
    if required is not None and report.level.strength < required.strength:
        remedy = f"{environment_name('isolation')} asks for {required}: lower it, or run on a kernel that can"
        return Check("isolation", Verdict.MISSING, detail, remedy)
    if report.level is Level.NONE:
        remedy = (
            "generated code runs with your own rights here: use Linux, or a container that allows namespaces"
        )
        return Check("isolation", Verdict.WEAK, detail, remedy)
    return Check("isolation", Verdict.OK, detail)


def _part(role: str, choice: str) -> Check:
    """A generator or critic that needs no server of ours: whether it can be loaded."""
    try:
        _ = GENERATORS[choice] if role == "generator" else CRITICS[choice]
    except PluginError as error:
        return Check(role, Verdict.MISSING, str(error), f"install what holds it, or choose another {role}")
    return Check(role, Verdict.OK, f"{choice}, needs no server")


def _prompts(settings: Settings) -> Check:
    """Whose words Visual-ERM would be asked in, by kind."""
    own = read_verm_prompts(settings.prompts.verm) if settings.prompts.verm else {}
    told = [f"{kind}: {f'its own, {own[kind].name}' if kind in own else 'ours'}" for kind in Kind]
    remedy = "" if own else "set prompts.verm to a clone of its repository, which has its own words"
    return Check("critic prompts", Verdict.OK, "; ".join(told), remedy)


async def _role(role: str, settings: GeneratorSettings | CriticSettings) -> list[Check]:
    if settings.chosen not in ASK_A_MODEL:
        return [_part(role, settings.chosen)]
    endpoint = settings.endpoint()
    if endpoint is None:
        remedy = f"set {environment_name(f'{role}.base_url')}; `lookalike serve` starts servers and prints it"
        return [Check(role, Verdict.MISSING, f"{settings.chosen} without a server", remedy)]
    checks = []
    for url in endpoint.base_urls:
        checks += await examine_server(role, endpoint.model_copy(update={"base_urls": (url,), "attempts": 1}))
    return checks


async def examine_server(role: str, endpoint: Endpoint) -> list[Check]:
    """Look at one server: reachable, model, pictures, structured outputs, prefix cache, round trip."""
    (url,) = endpoint.base_urls
    served = await _served(role, url, endpoint)
    if served.verdict is Verdict.MISSING:
        return [served]
    checks = [served]
    async with ChatClient(endpoint) as client:
        shown, count = _PICTURES[role]
        examined: dict[str, _Examine] = {shown: partial(_pictures, count), **_CLIENT_CHECKS}
        for name, check in examined.items():
            whole = f"{role}: {name}"
            checks.append(await _guarded(whole, partial(check, whole, client)))
    return checks


async def _served(role: str, url: str, endpoint: Endpoint) -> Check:
    """Whether the server answers and knows the model."""
    name = f"{role}: server"
    started = time.perf_counter()
    key = endpoint.api_key.get_secret_value() or "none"
    async with AsyncOpenAI(base_url=url, api_key=key, timeout=10, max_retries=0) as client:
        try:
            models = [model.id for model in (await client.models.list()).data]
        except OpenAIError as error:
            remedy = f"start it (`lookalike serve`), or correct {environment_name(f'{role}.base_url')}"
            if getattr(error, "status_code", 0) in (401, 403):
                remedy = f"set {environment_name(f'{role}.api_key')}"
            return Check(name, Verdict.MISSING, f"{url}: {error}"[:300], remedy)
    trip = f"{url}, answers in {(time.perf_counter() - started) * 1000:.0f} ms"
    if endpoint.model not in models:
        remedy = f"set {environment_name(f'{role}.model')} to one of {', '.join(models) or 'none'}"
        return Check(name, Verdict.MISSING, f"{trip}; it does not serve {endpoint.model!r}", remedy)
    return Check(name, Verdict.OK, f"{trip}, serves {endpoint.model}")


async def _pictures(count: int, name: str, client: ChatClient) -> Check:
    started = time.perf_counter()
    question = _question("Which picture has more letters? Answer in one word.", tokens=8, pictures=count)
    try:
        await client.chat(question)
    except RequestError as error:
        remedy = (
            f"""start it with --limit-mm-per-prompt '{{"image": {count}}}', and a model that reads pictures"""
        )
        return Check(name, Verdict.MISSING, str(error), remedy)
    except ModelError as error:
        return Check(name, Verdict.MISSING, str(error), "see the server's log")
    return Check(name, Verdict.OK, f"answered in {time.perf_counter() - started:.2f} s")


async def _structured(name: str, client: ChatClient) -> Check:
    schema = {
        "type": "object",
        "properties": {"more": {"type": "string", "enum": ["first", "second"]}},
        "required": ["more"],
        "additionalProperties": False,
    }
    wanted: dict[str, object] = {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": schema},
    }
    remedy = "critiques are then parsed out of free text; nothing needs doing for Visual-ERM"
    try:
        answer = await client.chat(_question("Which picture has more letters?", 64, wanted))
        value = json.loads(answer.text)
    except (ModelError, ValueError) as error:
        return Check(name, Verdict.WEAK, f"not honoured ({error})"[:300], remedy)
    if not isinstance(value, dict) or value.get("more") not in ("first", "second"):
        return Check(name, Verdict.WEAK, "ignored", remedy)
    return Check(name, Verdict.OK, "honoured")


async def _prefix_cache(name: str, client: ChatClient) -> Check:
    """The same question twice: the second time most of it should come out of the cache."""
    question = _question("Say yes." + " Take your time." * 20, tokens=4)
    try:
        await client.chat(question)
        usage = (await client.chat(question)).usage
    except ModelError as error:
        return Check(name, Verdict.WEAK, str(error), "see the server's log")
    if not usage.cached_tokens:
        remedy = "start it with --enable-prompt-tokens-details, and without --no-enable-prefix-caching"
        return Check(name, Verdict.WEAK, "no cached tokens are reported", remedy)
    return Check(name, Verdict.OK, f"{usage.cached_tokens} of {usage.prompt_tokens} tokens")


_PICTURES = {"generator": ("three pictures", 3), "critic": ("two pictures", 2)}
"""What each role is asked with: reference and render, and a generator the places that differ most."""

_Examine = Callable[[str, ChatClient], Awaitable[Check]]

_CLIENT_CHECKS: dict[str, _Examine] = {
    "structured outputs": _structured,
    "prefix cache": _prefix_cache,
}


def _question(
    text: str, tokens: int, response_format: dict[str, object] | None = None, pictures: int = 2
) -> ChatRequest:
    form = PictureFormat(longest=512, encoding="PNG")
    shown = [encode_picture(_sign(_WORD[: len(_WORD) - number]), form) for number in range(pictures)]
    return ChatRequest(
        messages=(Message("user", (*shown, text)),),
        sampling=Sampling(temperature=0.0, max_tokens=tokens),
        response_format=response_format,
    )


def _sign(word: str) -> Image:
    """A small picture with a word on it."""
    picture = PILImage.new("RGB", (320, 96), "white")
    font = ImageFont.truetype(font_manager.findfont("DejaVu Sans"), 40)
    ImageDraw.Draw(picture).text((20, 20), word, fill="black", font=font)
    return np.asarray(picture, dtype=np.uint8)

"""``lookalike refine``: pictures to code, corrected until the render looks the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.choices import (
    AssetsOption,
    CallsOption,
    CandidatesOption,
    ConfigOption,
    CriticOption,
    DecimalOption,
    GeneratorOption,
    KindOption,
    PagesOption,
    PolicyOption,
    PriceOption,
    RoundsOption,
    SecondsOption,
    TargetOption,
    TokensOption,
    ToOption,
    VermOption,
    VotesOption,
    WidthOption,
    decimal_of,
    formats_of,
    kind_of,
    kinds_of,
    search_flags,
)
from agent.commands.config import settings_of
from agent.commands.failures import MUST_BE_MENDED, SOME_FAILED, one_line_failures
from agent.errors import InputError


def refine(
    pictures: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PICTURE...]", help="Pictures, PDF and SVG files; - for standard input."),
    ] = None,
    kind: KindOption = "auto",
    to: ToOption = None,
    decimal: DecimalOption = "auto",
    assets: AssetsOption = "",
    pages: PagesOption = None,
    only: Annotated[
        str | None, typer.Option(metavar="KIND,...", help="Of regions, only these kinds: table,chart.")
    ] = None,
    clipboard: Annotated[
        bool, typer.Option("--clipboard", help="The picture on the clipboard, too.")
    ] = False,
    regions: Annotated[
        bool, typer.Option("--regions", help="Pictures too hold several tables or figures; refine each.")
    ] = False,
    allow_download: Annotated[
        bool, typer.Option("--allow-download", help="Fetch pictures that are named by their address.")
    ] = False,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the runs, one folder a picture.")
    ] = Path("lookalike-out"),
    width: WidthOption = None,
    rounds: RoundsOption = None,
    policy: PolicyOption = None,
    candidates: CandidatesOption = None,
    calls: CallsOption = None,
    tokens: TokensOption = None,
    seconds: SecondsOption = None,
    target: TargetOption = None,
    votes: VotesOption = None,
    price: PriceOption = None,
    generator: GeneratorOption = None,
    critic: CriticOption = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with runs that were cut off, or with a larger budget."),
    ] = False,
    ask: Annotated[
        bool, typer.Option("--ask", help="After each round, ask you what is wrong and whether to go on.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a picture.")] = False,
    open_report: Annotated[bool, typer.Option("--open", help="Open the report in a browser.")] = False,
    verm_prompts: VermOption = None,
    config: ConfigOption = None,
) -> None:
    """Turn pictures into code, and correct it until its render looks the same."""
    from agent.commands.inputs import CLIPBOARD
    from agent.commands.parts import Wanted
    from agent.commands.refining import Asked, refine_all
    from agent.data.assets import folder_of

    with one_line_failures():
        if assets:
            folder_of(assets)
        named = [*(pictures or ()), *([CLIPBOARD] if clipboard else ())]
        if not named:
            raise InputError("name a picture, or --clipboard to take the one on the clipboard")
        asked = Asked(
            named,
            kind_of(kind),
            formats_of(to),
            decimal_of(decimal),
            Wanted(pages, kinds_of(only), regions, kind_of(kind), allow_download),
            out,
            as_json,
            resume,
            open_report,
            ask,
            assets,
        )
        flags = search_flags(
            width=width,
            rounds=rounds,
            policy=policy,
            candidates=candidates,
            calls=calls,
            tokens=tokens,
            seconds=seconds,
            target=target,
            votes=votes,
            price=price,
            verm_prompts=verm_prompts,
            generator=generator,
            critic=critic,
        )
        done, failed = refine_all(asked, settings_of(flags, config).settings)
    if failed:
        raise typer.Exit(SOME_FAILED if done else MUST_BE_MENDED)

"""``lookalike batch``: a dataset in, refined code for every picture out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.choices import (
    CallsOption,
    CandidatesOption,
    ConfigOption,
    CriticOption,
    GeneratorOption,
    KindOption,
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
    formats_of,
    kind_of,
    search_flags,
)
from agent.commands.config import settings_of
from agent.commands.failures import one_line_failures


class EngineName(StrEnum):
    """Where items are refined."""

    LOCAL = "local"
    RAY = "ray"


def batch(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="Folder or pattern of pictures, JSONL, CSV, Parquet, WebDataset .tar, or a saved dataset.",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the results; the same one goes on with them.")
    ] = Path("lookalike-batch"),
    kind: KindOption = "auto",
    to: ToOption = None,
    column: Annotated[
        str | None, typer.Option(help="Column that holds the pictures; found by its name by default.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="This many items at most.")] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="i/n", help="One of n parts of the source; i counts from 0.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(metavar="kind=...", help="Only these kinds: kind=chart,table.")
    ] = None,
    shuffle: Annotated[
        int | None, typer.Option(metavar="SEED", help="Begin items in another order; with --limit, a sample.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Items at a time; by default a core each, or what the model servers take."),
    ] = None,
    engine: Annotated[
        EngineName, typer.Option(help="local: this process. ray: the processes of a Ray cluster.")
    ] = EngineName.LOCAL,
    address: Annotated[
        str | None,
        typer.Option(
            help="Of a Ray cluster; auto is the one of this machine. By default one is started here."
        ),
    ] = None,
    lean: Annotated[bool, typer.Option("--lean", help="Keep code and scores only.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Refine items again that failed earlier.")
    ] = False,
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
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object an event.")] = False,
    verm_prompts: VermOption = None,
    config: ConfigOption = None,
) -> None:
    """Refine every picture of a dataset. Whatever interrupts it, the same command goes on with it."""
    from agent.commands.batching import Asked, run_batch

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
    with one_line_failures():
        asked = Asked(
            source=source,
            out=out,
            column=column,
            kind=kind_of(kind),
            to=formats_of(to),
            lean=lean,
            limit=limit,
            shard=shard,
            where=tuple(where or ()),
            shuffle=shuffle,
            jobs=jobs,
            on_ray=engine is EngineName.RAY,
            address=address,
            retry_failed=retry_failed,
            as_json=as_json,
        )
        run_batch(asked, settings_of(flags, config).settings)

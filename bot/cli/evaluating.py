"""`eval`: models and prompts compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.terminal import Status, go, print_json, read_settings, sentences

if TYPE_CHECKING:
    from bot.settings import Settings


@click.command("eval")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--model", "models", multiple=True, help="May be repeated; else OPENAI_MODEL.")
@click.option("--base-url", help="Where the models are; else OPENAI_BASE_URL.")
@click.option(
    "--prompts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of prompts to try instead of those of Chorus.",
)
@click.option("--language", default="", help="Code of a language, e.g. fr; else each article's.")
@click.option(
    "--cached",
    is_flag=True,
    help="Take replies from the database and keep new ones there; else every question is asked.",
)
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def evaluate(
    folder: Path,
    models: tuple[str, ...],
    base_url: str | None,
    prompts: Path | None,
    language: str,
    cached: bool,
    shape: str,
) -> None:
    """
    Compare models, or prompts, on a FOLDER of readings.

    A reading is a .json as `chorus read --format json` prints it, a saved page (.html) or a copied text (.txt). Where
    NAME.gold.json lies beside NAME.*, digests are held against the positions people found:
    {"positions": [{"core": [1, 4], "also_ok": [7], "stance_to_deal": "for"}]}, comments numbered from 1.

    Each reading is digested three times, its comments in another order each time.
    """
    from bot.core.languages import language_code

    settings = read_settings()
    if base_url:
        settings = settings.model_copy(update={"openai_base_url": base_url})
    names = tuple(dict.fromkeys(models)) or (settings.openai_model,)
    go(_evaluate(settings, folder, names, prompts, language_code(language), cached, shape))


async def _evaluate(
    settings: Settings,
    folder: Path,
    models: Sequence[str],
    prompts: Path | None,
    language: str,
    cached: bool,
    shape: str,
) -> None:
    from bot.app.bench import open_bench
    from bot.evaluation import compare, print_results, results_json
    from bot.saved import cases

    async with open_bench(settings, models, prompts, cached=cached) as bench:
        with Status() as report:
            some = await cases(folder, bench.reader)
            if not some:
                raise click.UsageError(f"There is no .json, .html or .txt in {folder}.")
            at_once = settings.llm_concurrency
            results = await compare(bench, some, language=language, at_once=at_once, report=report)
    words = sentences()
    if shape == "json":
        print_json(results_json(results, bench.prompts, words.error))
    else:
        print_results(results, words.error)
    if all(result.figures is None for result in results):
        error = next(filter(None, (result.error for result in results)))
        raise click.exceptions.Exit(error.exit_code)

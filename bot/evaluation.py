"""
`chorus eval`: the same readings through several models, or other prompts, and what came of them as a table.

Its words are English, as those of `--help`: the columns are named like the fields of the JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING

from bot.core.evaluating import Case, Evaluating, Row
from bot.core.export import SCHEMA, Json
from bot.core.flags import Flagged
from bot.core.measuring import Figures, Rate
from bot.core.ports import Progress, Report, Stage
from bot.errors import ChorusError

if TYPE_CHECKING:
    from rich.table import Table

    from bot.app.bench import Bench

WIDTH = 100
Words = Callable[[ChorusError], str]
"""Returns the sentence of an error."""


@dataclass(frozen=True)
class Result:
    """
    What one model made of all cases. `repairs` are those of the questions of every order.

    `flagged` is what readers said of the digests that they were shown, made by it with these prompts.
    """

    model: str
    rows: tuple[Row, ...]
    repairs: int
    flagged: Flagged

    @property
    def figures(self) -> Figures | None:
        """Those of all readings together; None where none was digested."""
        found = [row.figures for row in self.rows if row.figures]
        return replace(sum(found, Figures()), repairs=self.repairs) if found else None

    @property
    def error(self) -> ChorusError | None:
        """The first that kept a reading from being digested."""
        return next((row.error for row in self.rows if row.figures is None), None)


async def compare(
    bench: Bench, cases: Sequence[Case], *, language: str, at_once: int, report: Report
) -> list[Result]:
    """Run *cases* through each model in turn, *at_once* readings at a time."""
    done, total = 0, len(cases) * len(bench.models)

    def tell() -> None:
        nonlocal done
        done += 1
        report(Progress(Stage.THINKING, done, total))

    results = []
    for model, digester in bench.models:
        evaluating = Evaluating(digester, language=language, detect=_detect, at_once=at_once)
        rows = await evaluating.rows(cases, tell)
        flagged = await bench.flags.count(digester.label) if bench.flags else Flagged(0, 0, 0, 0)
        results.append(Result(model.name, tuple(rows), model.repairs, flagged))
    return results


def _detect(text: str) -> str:
    from py3langid import classify  # brings numpy

    return str(classify(text)[0])


def results_json(results: Sequence[Result], prompts: str, words: Words) -> Json:
    """Return *results* as `chorus eval --format json` prints them; *prompts* is the version of the prompts."""
    return {
        "schema": SCHEMA,
        "prompts": prompts,
        "models": [
            {
                "model": result.model,
                "figures": _figures(result.figures),
                "flagged": asdict(result.flagged),
                "readings": [
                    {
                        "reading": row.name,
                        "figures": _figures(row.figures),
                        "error": words(row.error) if row.error else None,
                    }
                    for row in result.rows
                ],
            }
            for result in results
        ],
    }


def _figures(figures: Figures | None) -> Json | None:
    if figures is None:
        return None
    rates = {
        each.name: _rate(value)
        for each in fields(figures)
        if isinstance(value := getattr(figures, each.name), Rate)
    }
    asked_again = {} if figures.repairs is None else {"repairs": figures.repairs}
    return {
        **rates,
        **asked_again,
        "tokens_in": figures.tokens_in,
        "tokens_out": figures.tokens_out,
        "seconds": round(figures.seconds, 1),
        "cost_usd": float(figures.cost) if figures.cost is not None else None,
    }


def _rate(rate: Rate) -> Json:
    share = rate.share
    return {"share": round(share, 4) if share is not None else None, "of": round(rate.of, 4)}


def _share(rate: Rate) -> str:
    # rounded down: 1.00 is all of them
    return f"{rate.part * 100 // rate.of / 100:.2f}" if rate.of else ""


def _count(rate: Rate) -> str:
    return f"{rate.part:.0f}/{rate.of:.0f}" if rate.of else ""


COLUMNS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("quotes\nraw", lambda one: _share(one.quotes_before)),
    ("\nshown", lambda one: _share(one.quotes_after)),
    ("pla-\nced", lambda one: _share(one.placed)),
    ("bad\nids", lambda one: f"{one.ids_valid.of - one.ids_valid.part:.0f}"),
    ("re-\npair", lambda one: "" if one.repairs is None else f"{one.repairs}"),
    ("sta-\nble", lambda one: _share(one.stability)),
    ("lan-\nguage", lambda one: _share(one.language)),
    ("gold\ncov.", lambda one: _share(one.coverage)),
    ("pre-\ncise", lambda one: _share(one.precision)),
    ("\nF1", lambda one: _share(one.f1)),
    ("\nlone", lambda one: _count(one.lone_views)),
    ("\nside", lambda one: _share(one.stance)),
    ("\ntokens", lambda one: f"{one.tokens_in + one.tokens_out}"),
    ("\nsec.", lambda one: f"{one.seconds:.0f}"),
    ("\nUS$", lambda one: "" if one.cost is None else f"{one.cost:.4f}"),
)

LEGEND = (
    "Quotes as the model gave them that stand in the comment they cite, and of those shown; comments placed in a "
    "position; comments named that do not exist; replies asked for again, in all orders; agreement of the positions "
    "under three orders of the comments; prose in the language asked for. Of NAME.gold.json: positions covered, "
    "positions of ours that are in it, F1 of the comments in those, views of one comment kept, sides right. Tokens, "
    "seconds and price are of one digest a reading, in the order as read."
)


def print_results(results: Sequence[Result], words: Words) -> None:
    """Print *results* as a table, what failed in a sentence each, and what the columns mean."""
    from rich.console import Console

    screen = Console(width=WIDTH, highlight=False, markup=False)
    screen.print(_table(results))
    for result in results:
        if result.flagged.digests:
            screen.print(f"{result.model}: {_said_wrong(result.flagged)}", soft_wrap=True)
    failed: dict[str, list[str]] = {}
    for result in results:
        for row in result.rows:
            if row.error:
                failed.setdefault(f"{row.name}: {words(row.error)}", []).append(result.model)
    for sentence, models in failed.items():
        whose = "" if len(models) == len(results) else f"{', '.join(models)}: "
        screen.print(f"{whose}{sentence}", soft_wrap=True)
    screen.print(f"\n{LEGEND}", style="dim")


def _said_wrong(of: Flagged) -> str:
    return (
        f"with these prompts, readers flagged {of.positions} positions and {of.quotes} quotes as wrong, "
        f"in {of.flagged} of {of.digests} digests that are kept."
    )


def _table(results: Sequence[Result]) -> Table:
    """Return a row for each reading, model after model, then one for each model."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 0, 0, 1), pad_edge=False, width=WIDTH)
    table.add_column("\nreading", overflow="fold", ratio=1)
    for heading, _ in COLUMNS:
        table.add_column(heading, justify="right", no_wrap=True)
    for result in results:
        table.add_row(Text(result.model, "bold"))
        for row in result.rows:
            table.add_row(Text(f" {row.name}"), *_cells(row.figures))
        table.add_section()
    table.add_row(Text("all readings", "bold"))
    for result in results:
        table.add_row(Text(f" {result.model}"), *_cells(result.figures))
    return table


def _cells(figures: Figures | None) -> list[str]:
    return [show(figures) for _, show in COLUMNS] if figures else ["failed"]

"""The texts of prompts/ and their variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.models import Length
from bot.llm.prompts import PromptFolder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "greet.md").write_text("Hello $reader, it costs $$5.\n", "utf-8")
    return tmp_path


def test_variables_are_filled_in(folder: Path) -> None:
    """
    A variable's value is not read for variables again.
    """
    assert "Hello $you, it costs $5." == PromptFolder(folder).render("greet", reader="$you")


@pytest.mark.parametrize("variables", [{}, {"reade": "x"}, {"reader": "x", "more": "y"}])
def test_wrong_variables(folder: Path, variables: dict[str, str]) -> None:
    """
    Missing and unknown variables are both refused.
    """
    with pytest.raises(LookupError):
        PromptFolder(folder).render("greet", **variables)


def test_unknown_prompt(folder: Path) -> None:
    """
    A prompt that does not exist is a LookupError too.
    """
    with pytest.raises(LookupError):
        PromptFolder(folder).render("part")


def test_a_stray_dollar(folder: Path) -> None:
    """
    A broken prompt is found when the folder is read, not in the middle of a run.
    """
    (folder / "broken.md").write_text("$ 5", "utf-8")

    with pytest.raises(LookupError, match=r"broken\.md"):
        PromptFolder(folder)


def test_version_follows_the_texts(folder: Path) -> None:
    """
    Any change of any prompt is another version; line endings are not a change.
    """
    before = PromptFolder(folder).version
    (folder / "greet.md").write_bytes(b"Hello $reader, it costs $$5.\r\n")
    same = PromptFolder(folder).version
    (folder / "part.md").write_text("Bye.", "utf-8")

    assert (before, True) == (same, before != PromptFolder(folder).version)
    assert 8 == len(before)


def test_a_folder_is_checked_against_another(folder: Path, tmp_path: Path) -> None:
    """
    Other words are fine, more prompts too; a missing prompt or another variable is named.
    """
    standard = PromptFolder(folder)
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(LookupError, match=r"greet\.md is missing"):
        PromptFolder(other).check(standard)
    (other / "greet.md").write_text("Hi $raeder.", "utf-8")
    with pytest.raises(LookupError, match=r"greet\.md.*raeder, reader"):
        PromptFolder(other).check(standard)
    (other / "greet.md").write_text("Good day, $reader.", "utf-8")
    (other / "more.md").write_text("More.", "utf-8")

    PromptFolder(other).check(standard)


def test_every_length_has_its_sizes() -> None:
    """
    The project's own prompts know every length a brief can ask for.
    """
    prompts = PromptFolder()

    for length in Length:
        for kind in ("digest", "article"):
            assert prompts.render(f"{kind}.size.{length.value}")


def test_the_stable_part_has_no_variables() -> None:
    """
    What every request starts with is the same for all, so that providers can keep it.
    """
    prompts = PromptFolder()

    assert prompts.render("digest.system")
    assert prompts.render("article.system")

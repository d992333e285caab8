"""The texts of prompts/: what the model is told, as Markdown files with checked `$variables`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from string import Template

_PACKAGE = Path(__file__).resolve().parent.parent
PLACES = (_PACKAGE / "prompts", _PACKAGE.parent / "prompts")  # inside the wheel; in a checkout


class PromptFolder:
    """Implements `bot.core.ports.Prompts` over *folder*: `digest.system.md` is the prompt `digest.system`."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read every prompt at once, so that an edit never meets half of a run; raises `LookupError`."""
        place = folder or next(filter(Path.is_dir, PLACES), None)
        if place is None:
            raise LookupError("prompts/ is missing from this installation")
        self._templates: dict[str, Template] = {}
        digest = hashlib.sha256()
        for file in sorted(place.glob("*.md")):
            text = file.read_text("utf-8").replace("\r\n", "\n").strip()
            digest.update(f"{file.name}\0{text}\0".encode())
            template = Template(text)
            if not template.is_valid():
                raise LookupError(f"{file.name}: a $ that is no variable; write $$")
            self._templates[file.stem] = template
        self._version = digest.hexdigest()[:8]

    def check(self, standard: PromptFolder) -> None:
        """Raise `LookupError` where a prompt of *standard* is missing here, or takes other variables."""
        for name, theirs in standard._templates.items():
            ours = self._templates.get(name)
            if ours is None:
                raise LookupError(f"{name}.md is missing")
            if odd := set(ours.get_identifiers()) ^ set(theirs.get_identifiers()):
                names = ", ".join(sorted(odd))
                raise LookupError(f"{name}.md: missing or unknown variables: {names}")

    @property
    def version(self) -> str:
        """Eight hex characters over the names and texts of all prompts."""
        return self._version

    def render(self, name: str, **variables: str) -> str:
        """Return the prompt *name* filled in; raises `LookupError` where a variable is missing or unknown."""
        template = self._templates[name]
        wanted = set(template.get_identifiers())
        if wanted != set(variables):
            odd = ", ".join(sorted(wanted ^ set(variables)))
            raise LookupError(f"prompt {name}: missing or unknown variables: {odd}")
        return template.substitute(variables)

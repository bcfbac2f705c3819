"""Where the app's manifest is: beside the package in a checkout, inside it when installed."""

from pathlib import Path

import bot

_NAME = "manifest.json"


def manifest_path() -> Path:
    """Raises FileNotFoundError if the installation has lost it."""
    package = Path(bot.__file__).parent
    for folder in (package, package.parent):
        if (folder / _NAME).is_file():
            return folder / _NAME
    raise FileNotFoundError(
        f"{_NAME} is neither in {package} nor beside it: install Tallyman anew."
    )

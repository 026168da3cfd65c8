"""A file that only its owner can read, whole or not at all."""

import os
import secrets
from pathlib import Path


def write_beside(path: Path, text: str) -> Path:
    """A draft beside `path`, mode 0600, safe on disk; link or rename it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft

"""What keeps a person's identifiers from being read where they should not be: sealing, blind indexes, masking."""

from services.kernel.vault.keyfile import open_vault

__all__ = ["open_vault"]

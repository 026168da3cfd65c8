"""What keeps a person's identifiers from being read where they should not be: sealing, blind indexes, masking."""

from services.kernel.vault.datakeys import data_keys_table
from services.kernel.vault.keyfile import KeySource
from services.kernel.vault.suites import Suite
from services.kernel.vault.vaults import ServiceVault, create_data_keys, open_proven, open_vault

__all__ = ["KeySource", "ServiceVault", "Suite", "create_data_keys", "data_keys_table", "open_proven", "open_vault"]

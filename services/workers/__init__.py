"""The register of workers: profiles, their intentions, the import of registers. Owns the workers' database."""

"""What a caller may be allowed to do. Every route declares one; a route without one keeps the application from starting."""

from enum import StrEnum


class Permission(StrEnum):
    """Named `<what>:<deed>`, as they stand in credentials and tokens."""

    WORKERS_READ = "workers:read"
    WORKERS_WRITE = "workers:write"
    WORKERS_IMPORT = "workers:import"
    WORKERS_EXPORT = "workers:export"
    CONSENTS_WRITE = "consents:write"
    TRAINING_READ = "training:read"
    TRAINING_WRITE = "training:write"
    WORKERS_REVEAL = "workers:reveal"
    CONTACTS_REVEAL = "contacts:reveal"
    WORKERS_ERASE = "workers:erase"
    SUBJECTS_EXPORT = "subjects:export"
    POSTINGS_READ = "postings:read"
    POSTINGS_WRITE = "postings:write"
    POSTINGS_IMPORT = "postings:import"
    POSTINGS_REVIEW = "postings:review"
    """Approve or return what waits for a person, merge duplicates."""
    EMPLOYERS_READ = "employers:read"
    EMPLOYERS_WRITE = "employers:write"
    EMPLOYERS_VERIFY = "employers:verify"
    """Verify, warn, suspend, put on the blacklist."""
    FEED_READ = "feed:read"
    WEBHOOKS_WRITE = "webhooks:write"
    MATCHES_READ = "matches:read"
    OPERATIONS_READ = "operations:read"
    ACCESS_MANAGE = "access:manage"


class PrincipalKind(StrEnum):
    """Who a caller is."""

    STAFF = "staff"
    """HR department staff: a province, prefecture, county, or a station in a receiving city."""
    EMPLOYER = "employer"
    PORTAL = "portal"
    """An employer's own system, acting for that employer."""
    KIOSK = "kiosk"
    """A device at one job fair."""
    SERVICE = "service"
    """A background process of ours."""

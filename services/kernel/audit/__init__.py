"""Who did what, to whom, for what purpose: kept in the transaction of the change, chained so that nothing can be taken out.

A command says it in one line: `await service.audit.record(connection, Entry("worker.withdrawn", worker.id))`.
Who acts is known from the request (http/admission.py) or from whoever starts background work (`acting`).
"""

from services.kernel.audit.actor import Actor, acting
from services.kernel.audit.table import AuditTables, audit_tables, create_audit
from services.kernel.audit.writer import Audit, Entry, Outcome

__all__ = ["Actor", "Audit", "AuditTables", "Entry", "Outcome", "acting", "audit_tables", "create_audit"]

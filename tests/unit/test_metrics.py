"""The catalogue of metrics: names, bounded labels, and figures that are never old."""

import re

from prometheus_client.parser import text_string_to_metric_families

from services.kernel import metrics

PERSONAL = {"id", "worker", "posting", "name", "number", "phone", "path", "url", "principal"}


class Broken:
    """A part whose backend does not answer."""

    async def measure(self) -> None:
        """Set what is not known."""
        metrics.BUS_LAG.labels("broken", "indexer").set(metrics.UNKNOWN)
        raise ConnectionError


class Well:
    """A part whose backend answers."""

    async def measure(self) -> None:
        """Set what is known."""
        metrics.BUS_LAG.labels("well", "indexer").set(7)


def test_names_and_labels_follow_the_house() -> None:
    for family in metrics.REGISTRY.collect():
        assert re.fullmatch(r"yungong_[a-z_]+", family.name)
        assert family.documentation
        for sample in family.samples:
            assert not PERSONAL & set(sample.labels), family.name


def test_generations_of_the_index_are_one_reader() -> None:
    assert metrics.group("indexer-workers-00000001") == metrics.group("indexer-postings-00000007") == "indexer"
    assert metrics.group("somebody-else") == "somebody-else"


async def test_one_part_in_trouble_does_not_hide_the_others() -> None:
    text = (await metrics.exposition([Broken(), Well(), object()])).decode()
    lag = {
        sample.labels["topic"]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "yungong_bus_lag_messages"
    }
    assert lag["well"] == 7
    assert lag["broken"] != lag["broken"]

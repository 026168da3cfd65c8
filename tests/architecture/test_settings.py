"""Every setting is said in deploy/env.example, with what it means; nothing there is unknown to the code."""

import re
from pathlib import Path

import pytest

from services.kernel.settings import PREFIX, Settings

EXAMPLE = Path(__file__).parents[2] / "deploy" / "env.example"
# What the command line reads for itself: they are no settings of a service.
OF_THE_COMMAND_LINE = {"YUNGONG_URL", "YUNGONG_CREDENTIAL"}


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


@pytest.mark.skipif(not EXAMPLE.exists(), reason="deploy/env.example is not written yet")
def test_the_example_names_every_setting_and_no_other() -> None:
    named = set(re.findall(rf"^#?\s?({PREFIX}[A-Z_]+)=", EXAMPLE.read_text("utf-8"), re.MULTILINE))
    assert named - OF_THE_COMMAND_LINE == {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}

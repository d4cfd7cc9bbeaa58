"""The agreements that are given as examples, one folder each, are right."""

from pathlib import Path

import pytest

from ingest.agreement import read
from ingest.settings import REPOSITORY

EXAMPLES = REPOSITORY / "dbt_project" / "agreement" / "examples"


def test_every_folder_of_examples_holds_an_agreement():
    assert {"hubspot", "salesforce-hubspot", "salesforce-marketo"} == {one.name for one in EXAMPLES.iterdir()}


@pytest.mark.parametrize("folder", sorted(EXAMPLES.iterdir()), ids=lambda folder: folder.name)
def test_an_example_is_an_agreement_in_which_nothing_is_wrong(folder: Path):
    (agreement,) = read(folder)
    assert agreement.reports

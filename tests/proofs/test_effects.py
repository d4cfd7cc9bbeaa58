"""The effect of a disagreement: what the funnel would be if one side were right, counted anew from that side's word."""

from math import isclose

from tests.flow.swapping import effects_and_recount

MODELS = ("+mismatch_effects", "+stage_mismatches", "+people", "path:models/reports", "+funnel_by_month", "+handoffs")
FAULTS = {"account_push": 0.2, "conflict": 0.2, "not_synced": 0.2}  # nobody's word is open: two counts, not four


def differing(told: dict, counted: dict) -> dict:
    """The cells in which the models tell another effect than the recount, with both."""

    def is_equal(one, other) -> bool:
        return (one is None and other is None) or (None not in (one, other) and isclose(one, other, abs_tol=1e-9))

    return {
        cell: (told.get(cell), numbers)
        for cell, numbers in counted.items()
        if cell not in told or not all(map(is_equal, told[cell], numbers))
    }


def test_each_effect_is_what_counting_the_funnel_anew_under_one_sides_word_gives(company, line, tmp_path):
    exports = company(150, 7, FAULTS, "hubspot")
    disputed = line(exports / "sources.yml", pair="hubspot")
    disputed.build(*MODELS)
    (tmp_path / "swapped").mkdir()
    told, counted = effects_and_recount(disputed.data, tmp_path / "swapped")
    assert differing(told, counted) == {}
    assert len(told) > 100
    assert len({numbers[3] for numbers in told.values()}) > 3

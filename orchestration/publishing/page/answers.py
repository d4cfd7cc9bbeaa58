"""What the figures of a hand-over answer to "Sales never follows up!" and "Marketing sends worthless leads!".

Sentences only; the figures come from `handoffs`. What the data cannot tell is said apart and never counted as late.
"""

from orchestration.publishing.page.words import count, hours, percent, plain

REASONS = {None: "none written down", "unmapped": "a reason not in the agreement"}


def followed_up(total: dict) -> str:
    """Of those that can be judged or should be, how many were answered in time."""
    due = total["met"] + total["breached"] + total["unknown"]
    if not due:
        return "None was due or answered yet."
    late = total["breached"] - total["never"]
    numbers = (total["met"], late, total["never"], total["unknown"])
    in_time, too_late, never, unclear = (part(number, due) for number in numbers)
    return (
        f"Of {count(due)} hand-overs due or answered by now, {in_time} were followed up in time, {too_late} late and "
        f"{never} not at all; of {unclear} the data cannot tell."
    )


def part(number: int, whole: int) -> str:
    """371 (90 %)."""
    return f"{count(number)} ({percent(number / whole, whole)})" if number else "0"


def besides(total: dict) -> str:
    """What nobody can be blamed for; empty where there is none of it."""
    told = {
        "waiting": "not due yet",
        "unassigned": "assigned to nobody, so that no clock ran",
        "withdrawn": "taken back before they were due",
    }
    parts = [f"{count(total[status])} {text}" for status, text in told.items() if total[status]]
    return f"Not counted here: {', '.join(parts)}." if parts else ""


def waited(total: dict) -> str:
    """The two medians, in words."""
    until, then = wait(total, "system"), wait(total, "human")
    parts = [f"{until} until somebody was assigned"] if until else []
    parts += [f"{then} of business time until the follow-up"] if then else []
    return f"Median wait: {', then '.join(parts)}." if parts else ""


def wait(figures: dict, whose: str) -> str:
    """17 min; at least 3.2 h, where those still open decide it; empty where nobody waited."""
    value = figures[f"{whose}_hours"]
    return "" if value is None else f"{'at least ' * bool(figures[f'{whose}_is_least'])}{hours(value)}"


def worth(total: dict, receiver: str, reasons: list[dict]) -> str:
    """Of those on which the receiving team has decided, how many it took, and why most others not."""
    decided = total["accepted"] + total["rejected"]
    if not decided:
        return f"{receiver.capitalize()} has not decided on any yet."
    undecided = total["handed_over"] - decided
    still_open = f" Not decided yet: {count(undecided)}." if undecided else ""
    share = percent(total["accepted"] / decided, decided)
    taken = f"accepted {count(total['accepted'])} of the {count(decided)} that it has decided on ({share})"
    return f"{receiver.capitalize()} {taken} and {sent_back(total, reasons)}.{still_open}"


def sent_back(total: dict, reasons: list[dict]) -> str:
    """How many, and the reason that was given most often."""
    if not total["rejected"]:
        return "sent back none"
    named = next((row for row in reasons if row["name"]), None)
    if named is None:
        return f"sent back {count(total['rejected'])}, for no reason that was written down"
    share = percent(named["rejected"] / total["rejected"], total["rejected"])
    return (
        f"sent back {count(total['rejected'])}, most often for {REASONS.get(named['name'], plain(named['name']))}: "
        f"{count(named['rejected'])} of them ({share})"
    )

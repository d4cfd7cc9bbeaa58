"""Does one version hang together? Everything that a key may refer to is named in the same file.

Systems, fields and values of the connected data are not known here: `ingest.preflight` looks at them.
"""

from collections.abc import Iterator
from itertools import combinations

from ingest.agreement.document import Path_
from ingest.agreement.problems import nearest
from ingest.agreement.shape import Agreement, Range, StageSource

IGNORED = "ignored"
RESERVED = ("idle", "closed", IGNORED)
PERSON_OBJECTS = ("lead", "contact", "prospect")

Found = Iterator[tuple[Path_, str]]


def check(agreement: Agreement) -> Found:
    """Every reference that leads nowhere and every rule that is broken: where it stands, and what would be right."""
    for rule in (_stages, _sources, _speaks_until, _authorities, _corrections, _windows, _handoffs, _syncs, _names,
                 _money, _teams, _identity, _exclusions, _personas):  # fmt: skip
        yield from rule(agreement)


def meanings(agreement: Agreement) -> list[str]:
    """What a value may mean, ranges apart."""
    return [*agreement.ranks, *agreement.exits, IGNORED]


def says(agreement: Agreement, source: StageSource) -> set[str]:
    """The stages and exits that a source may say, the corrections of its own version included."""
    means = [*source.values.values(), *(one.means for one in agreement.corrections if one.source == source.name)]
    return {one for one in [*means, source.enters] if isinstance(one, str) and one != IGNORED}


def _stages(agreement: Agreement) -> Found:
    seen = {}
    places = [(("stages", number, "name"), stage.name) for number, stage in enumerate(agreement.stages)]
    for path, name in [*places, *((("exits", name), name) for name in agreement.exits)]:
        if name in RESERVED:
            yield path, f"{name!r} is a reserved word: choose another name"
        elif "/" in name:
            yield path, f"{name!r} holds a '/', which separates the names of metrics: choose another name"
        elif name.casefold() in seen:
            yield path, f"{name!r} is taken by {seen[name.casefold()]!r}: stages and exits share one set of names"
        seen.setdefault(name.casefold(), name)


def _sources(agreement: Agreement) -> Found:
    read = {}
    for number, source in enumerate(agreement.stage_sources):
        path = ("stage_sources", number)
        if source.field is None and source.enters is None and not source.any:
            yield path, "says nothing: expected `field` and `values`, or `enters` and `any`"
        elif source.field is None:
            yield from _rule(agreement, source, path)
        else:
            yield from _field(agreement, source, path)
            where = (source.system, source.field, source.side)
            if where in read:
                yield (*path, "field"), f"{source.field!r} is read by {read[where]!r} already: put the values there"
            read.setdefault(where, source.name)


def _rule(agreement: Agreement, source: StageSource, path: Path_) -> Found:
    for key in ("values", "people", "reason_field", "forward_only_writers", "company_writers"):
        if getattr(source, key):
            yield (*path, key), f"a rule has no {key}: expected `enters` and `any` alone, or a `field`"
    if not source.any:
        yield (*path, "any"), "is missing: expected a list of {score_crosses: …} or {activity: …}"
    if source.enters is None:
        yield (*path, "enters"), "is missing: expected the stage that the rule enters"
    elif source.enters not in agreement.ranks:
        yield (*path, "enters"), f"{source.enters!r} is no stage: " + nearest(source.enters, agreement.ranks)
    for number, condition in enumerate(source.any):
        here = (*path, "any", number)
        if (condition.score_crosses is None) == (condition.activity is None):
            yield here, "expected either score_crosses or activity"
        elif condition.campaign and condition.activity is None:
            yield (*here, "campaign"), "a score has no campaign: expected it beside an activity"


def _field(agreement: Agreement, source: StageSource, path: Path_) -> Found:
    for key in ("enters", "any"):
        if getattr(source, key):
            yield (*path, key), f"a field has no {key}: expected `values`, or a rule without a `field`"
    yield from _field_name((*path, "field"), source.field, (*PERSON_OBJECTS, "opportunity"))
    if source.kind == "opportunity":
        if source.field != "opportunity.stage":
            yield (*path, "field"), f"{source.field!r} is not read: expected 'opportunity.stage'"
        for key in ("reason_field", "forward_only_writers", "company_writers"):
            if getattr(source, key):
                yield (*path, key), f"an opportunity has no {key}: it belongs to a source of lead, contact or prospect"
    else:
        if source.people:
            yield (*path, "people"), "only a source of opportunity.stage says which people it moves: leave it out"
        if source.reason_field:
            one_object = source.field.partition(".")[:1]  # a reason is read from the record whose stage it explains
            yield from _field_name((*path, "reason_field"), source.reason_field, one_object)
    if not source.values:
        yield (*path, "values"), "is missing: expected what each value of the field means"
    for value, meaning in source.values.items():
        yield from _meaning(agreement, (*path, "values", value), meaning)


def _field_name(path: Path_, field: str, objects: tuple[str, ...]) -> Found:
    name, _, column = field.partition(".")
    if name not in objects:
        yield path, f"{field!r} is not <object>.<field>: the object {name!r}: " + nearest(name, objects)
    elif not column.strip():
        yield path, f"{field!r} names no field: expected something like '{name}.status'"


def _meaning(agreement: Agreement, path: Path_, meaning: str | Range) -> Found:
    if isinstance(meaning, str):
        if meaning not in meanings(agreement):
            hint = nearest(meaning, meanings(agreement))
            yield path, f"{meaning!r} is no stage, no exit and not `ignored`: {hint}"
        return
    ranks, known = agreement.ranks, True
    for key, stage in (("from", meaning.from_), ("to", meaning.to)):
        if stage not in ranks:
            known = False
            yield (*path, key), f"{stage!r} is no stage: " + nearest(stage, ranks)
    if known and ranks[meaning.from_] > ranks[meaning.to]:
        yield path, f"the range runs backwards: expected {{from: {meaning.to}, to: {meaning.from_}}}"


def _speaks_until(agreement: Agreement) -> Found:
    ranks, limits = agreement.ranks, {}
    for number, source in enumerate(agreement.stage_sources):
        limit, path = source.speaks_until, ("stage_sources", number)
        if limit is None:
            continue
        if limit not in ranks:
            yield (*path, "speaks_until"), f"{limit!r} is no stage: " + nearest(limit, ranks)
            continue
        limits.setdefault(limit, (*path, "speaks_until"))
        said = [((*path, "values", value), meaning) for value, meaning in source.values.items()]
        for here, meaning in [*said, ((*path, "enters"), source.enters)]:
            last = meaning.to if isinstance(meaning, Range) else meaning
            if ranks.get(last, 0) > ranks[limit]:
                yield here, f"{last!r} comes after {limit!r}, until which the source speaks: expected a stage up to it"
    for path in list(limits.values())[2:]:
        yield path, f"is a third stage at which sources stop ({', '.join(limits)}): expected two different ones at most"


def _authorities(agreement: Agreement) -> Found:
    sources = {source.name: source for source in agreement.stage_sources}
    places = [(("stages", number), stage.name, stage) for number, stage in enumerate(agreement.stages)]
    for path, name, stage in [*places, *((("exits", name), name, one) for name, one in agreement.exits.items())]:
        saying = [source.name for source in agreement.stage_sources if may_say(agreement, source, name)]
        for number, source in enumerate(stage.authority or []):
            here = (*path, "authority", number)
            if source not in sources:
                yield here, f"{source!r} is no stage source: " + nearest(source, sources)
            elif source in stage.authority[:number]:
                yield here, f"{source!r} is named twice: keep one of them"
            elif source not in saying:
                yield here, f"{source!r} never says {name!r}; those that may: {', '.join(saying) or 'none'}"


def may_say(agreement: Agreement, source: StageSource, name: str, said: set[str] | None = None) -> bool:
    """Whether a source can enter a stage or exit: for an exit of unit opportunity, only opportunity sources can."""
    needs_opportunity = name in agreement.exits and agreement.exits[name].unit == "opportunity"
    said = says(agreement, source) if said is None else said
    return name in said and (source.kind == "opportunity" or not needs_opportunity)


def _corrections(agreement: Agreement) -> Found:
    seen = set()
    for number, correction in enumerate(agreement.corrections):
        if (correction.source, correction.value) in seen:
            yield ("corrections", number), f"{correction.value!r} is corrected twice: keep one of them"
        seen.add((correction.source, correction.value))


def _windows(agreement: Agreement) -> Found:
    for key in agreement.windows:
        if pair(agreement, key) is None:
            known = {f"{one}-{other}": (one, other) for one, other in combinations(agreement.ranks, 2)}
            hint = next((one for one, (a, b) in known.items() if key == f"{b}-{a}"), None)
            hint = f"expected {hint!r}" if hint else nearest(key, known)
            yield ("windows", key), f"{key!r} is not <from>-<to> of two stages in order: {hint}"


def pair(agreement: Agreement, key: str) -> tuple[str, str] | None:
    """The two stages that a window's key names, in their order."""
    return next((two for two in combinations(agreement.ranks, 2) if "-".join(two) == key), None)


def _handoffs(agreement: Agreement) -> Found:
    ranks = agreement.ranks
    for number, handoff in enumerate(agreement.handoffs):
        path, known = ("handoffs", number), True
        for key, stage in (("from", handoff.from_), ("to", handoff.to)):
            if stage not in ranks:
                known = False
                yield (*path, key), f"{stage!r} is no stage: " + nearest(stage, ranks)
        if known and ranks[handoff.from_] >= ranks[handoff.to]:
            yield path, f"{handoff.to!r} does not come after {handoff.from_!r}: expected a later stage in `to`"
        for place, rejection in enumerate(handoff.rejections or []):
            here = (*path, "rejections", place)
            if rejection not in agreement.exits:
                yield here, f"{rejection!r} is no exit: " + nearest(rejection, agreement.exits)
            elif agreement.exits[rejection].unit == "opportunity":
                yield here, f"{rejection!r} ends an opportunity: expected an exit of people"


def _syncs(agreement: Agreement) -> Found:
    seen = set()
    sides = {(source.system, source.side) for source in agreement.stage_sources}
    for number, sync in enumerate(agreement.sync):
        path, two = ("sync", number, "between"), frozenset(sync.between)
        if len(two) == 1 and not {(*two, "crm"), (*two, "map")} <= sides:
            yield path, f"{sync.between[0]!r} is named twice: expected two systems, or one with both sides"
        elif two in seen:
            yield path, f"{' and '.join(sync.between)} have a time already: keep one of them"
        seen.add(two)


def _names(agreement: Agreement) -> Found:
    for section in ("stage_sources", "handoffs", "personas", "reports"):
        names = [one.name for one in getattr(agreement, section)]
        for number, name in enumerate(names):
            if name in names[:number]:
                yield (section, number, "name"), f"{name!r} is used twice: choose another name"
    owner = {}
    for number, report in enumerate(agreement.reports):
        for place, table in enumerate(report.tables):
            if table in owner:
                here = ("reports", number, "tables", place)
                yield here, f"{table!r} belongs to report {owner[table]!r} already: a table is gated by one report"
            owner.setdefault(table, report.name)


def _money(agreement: Agreement) -> Found:
    if agreement.rates and agreement.currency is None:
        yield ("rates",), "rates into which currency? Expected `currency: EUR` or the like"
    for currency, rate in agreement.rates.items():
        if rate == 0:
            yield ("rates", currency), "would make every amount 0: expected what one unit is worth"
        elif currency == agreement.currency and rate != 1:
            yield ("rates", currency), f"{currency} is the agreement's own currency: its rate is 1"


def _teams(agreement: Agreement) -> Found:
    team_of = {}
    for team, members in agreement.teams.items():
        for number, member in enumerate(members):
            if member in team_of:
                yield (
                    ("teams", team, number),
                    f"{member!r} is in team {team_of[member]!r} already: expected in one team",
                )
            team_of.setdefault(member, team)


def _identity(agreement: Agreement) -> Found:
    one = agreement.identity
    for number, mailbox in enumerate(one.shared_mailboxes):
        name, at, domain = mailbox.partition("@")
        if not name or "%" in mailbox or "@" in domain or (at and not domain):
            hint = "expected what stands before the @, such as 'info', or a whole address"
            yield ("identity", "shared_mailboxes", number), f"{mailbox!r} is no mailbox: {hint}"
    for number, domain in enumerate(one.free_mail):
        if "@" in domain or "%" in domain or "." not in domain.strip("."):
            yield ("identity", "free_mail", number), f"{domain!r} is not a domain such as 'gmail.com'"
    if one.merge_from is not None and one.merge_from < one.review_from:
        here = f"{one.merge_from:g} lies below review_from ({one.review_from:g})"
        yield ("identity", "merge_from"), f"{here}: expected what is merged to be at least as alike as what is reviewed"


def _exclusions(agreement: Agreement) -> Found:
    for number, fields in enumerate(agreement.exclude):
        if len(fields) != 1:
            yield ("exclude", number), f"has {len(fields)} fields: expected one; each item excludes by itself"
        for field, values in fields.items():
            for place, value in enumerate(values):
                if field == "email_domain" and ("@" in value or "%" in value):
                    hint = value.rpartition("@")[2].strip("%.") or "ourco.com"
                    yield ("exclude", number, field, place), f"{value!r} is not a domain such as {hint!r}"


def _personas(agreement: Agreement) -> Found:
    for number, persona in enumerate(agreement.personas):
        if not (persona.title_like or persona.industry or persona.company_like or persona.country):
            yield ("personas", number), "has no pattern: expected title_like, industry, company_like or country"

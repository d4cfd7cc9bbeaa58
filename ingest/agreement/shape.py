"""The keys of one version of the agreement, their types and what they mean; references.py checks what they refer to.

A persona is whom both teams want to reach. Its patterns are matched without regard to case; `%` stands for any text.
One of the patterns of every field that it names must match; a person is the first persona in the list that fits.

    personas:
      - {name: operations_lead, meaning: Runs a plant., title_like: ["%operations%"], industry: [steel], country: [DE]}
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from ingest.agreement.mailboxes import FREE_MAIL, SHARED_MAILBOXES
from ingest.agreement.scalars import (
    Currency,
    Day,
    Days,
    Duration,
    Flag,
    Hours,
    Number,
    OneOrMore,
    Share,
    SomeDuration,
    Text,
    Texts,
    TimeZone,
    WholeNumber,
)

EXCLUDABLE = ("email_domain", "email_like", "lead_source", "title_like", "company_like", "country")
Side = Literal["crm", "map"]
Unit = Literal["person", "opportunity"]


def _meaning_kind(value):
    return {str: "name", dict: "range", Range: "range"}.get(type(value))


class Part(BaseModel):
    """A mapping of the agreement: a key that it does not know is an error, a key without a value is absent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _absent(cls, data):
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


class Signature(Part):
    """Who signed for a team, and when."""

    role: Text
    on: Day


class Signatures(Part):
    """Both have to sign."""

    marketing: Signature
    sales: Signature


class Stage(Part):
    """A stage; its rank is its position in the list."""

    name: Text
    owner: Text | None = None
    unit: Unit = "person"
    meaning: Text | None = None
    record_required_in: Annotated[list[Side], OneOrMore] = []
    authority: Texts | None = None


class Exit(Part):
    """A way out of the path; one that reopens may be followed by another cycle."""

    owner: Text | None = None
    unit: Unit = "person"
    meaning: Text | None = None
    reopens: Flag = False
    authority: Texts | None = None


class Range(Part):
    """A value that is compatible with each stage from one to another, and enters none."""

    from_: Text = Field(alias="from")
    to: Text


Meaning = Annotated[Annotated[Text, Tag("name")] | Annotated[Range, Tag("range")], Discriminator(_meaning_kind)]


class Condition(Part):
    """One way to fulfil a rule: a score that crosses a threshold, or an activity, of any or of named campaigns."""

    score_crosses: Number | None = None
    activity: Text | None = None
    campaign: Texts = []


class StageSource(Part):
    """Where stages are read from: a field with its values, or a rule that enters one stage."""

    name: Text
    system: Text
    side: Side
    field: Text | None = None
    people: Literal["origin", "primary", "all_roles"] | None = None
    reason_field: Text | None = None
    values: dict[Text, Meaning] = {}
    enters: Text | None = None
    any: list[Condition] = []
    speaks_until: Text | None = None
    forward_only_writers: Texts = []
    company_writers: Texts = []

    @property
    def kind(self) -> Literal["field", "opportunity", "rule"]:
        """What is read: a field of a person's record, an opportunity's stage, or a rule."""
        if self.field is None:
            return "rule"
        return "opportunity" if self.field.startswith("opportunity.") else "field"


class Sync(Part):
    """How long a change may take from one system to the other, either way."""

    between: Annotated[list[Text], Field(min_length=2, max_length=2)]
    within: Duration


class Cycles(Part):
    """When an exit never happened, and when silence ends a cycle."""

    undo_within: Duration = 0
    idle_ends: SomeDuration | None = None


class Calendar(Part):
    """Business hours; the zone is the agreement's where none is given. Nobody works on a holiday."""

    days: Days
    hours: Hours
    timezone: TimeZone | None = None
    holidays: Annotated[list[Day], OneOrMore] = []


class Handoff(Part):
    """A hand-over with a clock; without a calendar the clock never rests, with one `within` is business time.

    `touch_kinds`: the activities that are a touch, once a salesperson has completed them. `rejections`: the exits by
    which the receiving team sends somebody back; absent, every exit of a person that this team owns, or nobody. Any
    other exit takes the person back.
    """

    name: Text
    from_: Text = Field(alias="from")
    to: Text
    starts_on: Literal["handed_over", "assigned"]
    stops_on: Annotated[list[Literal["touch", "accepted", "rejected"]], OneOrMore, Field(min_length=1)]
    within: SomeDuration
    calendar: Calendar | None = None
    touch_kinds: Annotated[Texts, Field(min_length=1)] = ["call", "email", "meeting", "message"]
    rejections: Texts | None = None


class Correction(Part):
    """What a value should always have meant, in every version that reads it."""

    source: Text
    value: Text
    means: Meaning


class Persona(Part):
    """Whom both teams want to reach (see above)."""

    name: Text
    meaning: Text | None = None
    title_like: Texts = []
    industry: Texts = []
    company_like: Texts = []
    country: Texts = []


class Limits(Part):
    """A report is held when an effect passes both."""

    relative: Number
    absolute: Number


class Mends(Part):
    """Which team mends a disagreement on a side."""

    crm: Text = "sales"
    map: Text = "marketing"


class Identity(Part):
    """When an e-mail is no person's, and how alike records must be to be looked at, or to be one person.

    An item of `shared_mailboxes` is what stands before the @, or a whole address. Such a mailbox, once two different
    names use it, and any that more than `names_in_a_mailbox` use, joins only records of one name; of one phone number,
    where that name has several. A domain of `free_mail` says nothing of a company, nor does one at which
    accounts of more than `names_at_a_domain` names are. Records that no exact rule joins are for review from
    `review_from` on; without `merge_from` likeness alone joins nobody.
    """

    shared_mailboxes: Texts = list(SHARED_MAILBOXES)
    names_in_a_mailbox: WholeNumber = 2
    free_mail: Texts = list(FREE_MAIL)
    names_at_a_domain: WholeNumber = 5
    review_from: Share = 0.9
    merge_from: Share | None = None


class Report(Part):
    """Tables that are held or published together; without limits never held."""

    name: Text
    owner: Text | None = None
    tables: Annotated[list[Text], OneOrMore, Field(min_length=1)]
    holds_over: Limits | None = None


class Agreement(Part):
    """One signed version."""

    version: WholeNumber
    effective_from: Day
    signed: Signatures
    timezone: TimeZone = "UTC"
    currency: Currency | None = None
    rates: dict[Currency, Number] = {}
    identity: Identity = Identity()
    exclude: list[dict[Literal[EXCLUDABLE], Texts]] = []
    stages: Annotated[list[Stage], Field(min_length=1)]
    exits: dict[Text, Exit] = {}
    stage_sources: Annotated[list[StageSource], Field(min_length=1)]
    sync: list[Sync] = []
    cycles: Cycles = Cycles()
    windows: dict[Text, SomeDuration] = {}
    handoffs: list[Handoff] = []
    rejection_reasons: dict[Text, Text] = {}
    teams: dict[Text, Texts] = {}
    mends: Mends = Mends()
    corrections: list[Correction] = []
    personas: list[Persona] = []
    reports: Annotated[list[Report], Field(min_length=1)]

    @property
    def source_file(self) -> str:
        """The file that it stands in."""
        return f"v{self.version}.yml"

    @property
    def ranks(self) -> dict[str, int]:
        """Every stage's rank, from 1."""
        return {stage.name: rank for rank, stage in enumerate(self.stages, 1)}

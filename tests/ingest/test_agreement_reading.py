"""What a file of the agreement may look like, and how its keys and values are read."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.agreement import AgreementError, read
from tests.ingest.agreements import RIGHT, accepted, changed, problems

IN_THE_DESIGN = """\
version: 1
effective_from: 2025-01-01
signed:
  marketing: {role: VP Marketing, on: 2024-12-12}
  sales:     {role: VP Sales, on: 2024-12-12}
timezone: Europe/Berlin            # of months, of dates without a time, of effective_from; default UTC
currency: EUR                      # amounts in other currencies are kept, and converted by `rates:` where given
exclude: [{email_domain: [ourco.com]}, {email_like: "%+test@%"}, {lead_source: [Employee]}]

stages:                            # in order; a stage's rank is its position
  - {name: inquiry,     owner: marketing, meaning: An identifiable person responded.}
  - {name: mql,         owner: marketing, meaning: Worth a salesperson's time., record_required_in: [crm, map]}
  - {name: sal,         owner: sales, meaning: A salesperson took it on.}
  - {name: sql,         owner: sales, meaning: Need confirmed in a conversation.}
  - {name: opportunity, owner: sales, unit: opportunity, meaning: An opportunity is open.}
  - {name: won,         owner: sales, unit: opportunity, meaning: Signed.}
exits:
  recycled:     {owner: sales, reopens: true,  meaning: Good fit, not now.}
  disqualified: {owner: sales, reopens: false, meaning: Never.}
  lost:         {owner: sales, reopens: true,  unit: opportunity, meaning: Closed without a deal.}

stage_sources:
  - name: opportunities
    system: salesforce
    side: crm
    field: opportunity.stage
    people: primary
    values: {Prospecting: opportunity, Negotiation: opportunity, Closed Won: won, Closed Lost: lost}
  - name: lead_status
    system: salesforce
    side: crm
    field: lead.status
    reason_field: lead.rejection_reason
    values:
      Open - Not Contacted: {from: inquiry, to: mql}
      Working: sal
      Qualified: sql
      Nurture: recycled
      Unqualified: disqualified
      Imported: ignored
  - name: mql_rule
    system: marketo
    side: map
    enters: mql
    any: [{score_crosses: 65}, {activity: form_fill, campaign: [Demo Request]}]
    speaks_until: mql
  - name: lifecycle
    system: hubspot
    side: map
    field: contact.lifecyclestage
    forward_only_writers: [sync, company_push]
    company_writers: [company_push]
    values: {lead: inquiry, marketingqualifiedlead: mql}

sync:
  - {between: [salesforce, marketo], within: 30 minutes}
cycles:   {undo_within: 1 day, idle_ends: 365 days}
windows:  {mql-sal: 14 days, sql-opportunity: 90 days}
handoffs:
  - {name: mql_to_sal, from: mql, to: sal, starts_on: assigned, stops_on: [touch, accepted, rejected], within: 4 hours,
     calendar: {days: mon-fri, hours: "09:00-17:00", timezone: Europe/Berlin}}
rejection_reasons: {Bad Fit: bad_fit, No Budget: no_budget}
teams: {sdr: [005A, sdr@ourco.com], ae: [], integration: [Marketing Sync]}
corrections:
  - {source: lead_status, value: Wrking, means: sal}
personas: []
reports:
  - {name: funnel,   owner: sales_ops,     tables: [funnel_by_month, conversion_rates], \
holds_over: {relative: 0.02, absolute: 5}}
  - {name: handoffs, owner: marketing_ops, tables: [handoffs], holds_over: {relative: 0.05, absolute: 10}}
"""


def test_the_agreement_that_the_design_shows_is_accepted(tmp_path):
    agreement = accepted(tmp_path, IN_THE_DESIGN)
    assert [stage.name for stage in agreement.stages] == ["inquiry", "mql", "sal", "sql", "opportunity", "won"]
    assert list(agreement.exits) == ["recycled", "disqualified", "lost"]


def test_only_the_required_keys_are_required(tmp_path):
    agreement = accepted(
        tmp_path,
        """\
version: 1
effective_from: 2017-01-01
signed: {marketing: {role: CMO, on: 2017-01-01}, sales: {role: CSO, on: 2017-01-01}}
stages: [{name: mql}, {name: won, unit: opportunity}]
stage_sources: [{name: forms, system: map, side: map, field: prospect.status, values: {MQL: mql}}]
reports: [{name: funnel, tables: [funnel_by_month]}]
""",
    )
    assert agreement.timezone == "UTC"
    assert (agreement.currency, agreement.cycles.idle_ends, agreement.cycles.undo_within) == (None, None, 0)


def test_words_that_yaml_takes_for_booleans_numbers_or_nothing_stay_the_text_that_was_written(tmp_path):
    values = "values: {yes: sal, on: sal, Off: ignored, null: ignored, 1001: sal, 0123: sal, 1.10: sal, 12:30: sal}"
    agreement = accepted(tmp_path, changed(("values: {Open: {from: inquiry, to: mql}, Working: sal", values[:-1])))
    expected = ["yes", "on", "Off", "null", "1001", "0123", "1.10", "12:30", "Nurture", "Imported"]
    assert list(agreement.stage_sources[1].values) == expected
    assert agreement.signed.sales.on == date(2024, 12, 12)


def test_a_value_is_trimmed(tmp_path):
    agreement = accepted(tmp_path, changed(("Working: sal", "'  Working ': ' sal '")))
    assert agreement.stage_sources[1].values["Working"] == "sal"


def test_a_section_without_content_is_absent(tmp_path):
    agreement = accepted(tmp_path, changed(("windows: {inquiry-mql: 14 days}", "windows:")))
    assert agreement.windows == {}


def test_one_text_may_stand_for_a_list_of_one(tmp_path):
    agreement = accepted(tmp_path, changed(("campaign: [Demo Request]", "campaign: Demo Request")))
    assert agreement.stage_sources[2].any[1].campaign == ["Demo Request"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90 seconds", 90), ("30 minutes", 1800), ("4 hours", 14400), ("1 day", 86400), ("2 weeks", 1209600)],
)
def test_a_duration_is_a_number_and_a_unit(tmp_path, text, seconds):
    assert accepted(tmp_path, changed(("14 days", text))).windows == {"inquiry-mql": seconds}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", ["mon", "tue", "wed", "thu", "fri"]),
        ("sun-thu", ["mon", "tue", "wed", "thu", "sun"]),
        ("[Sat, mon]", ["mon", "sat"]),
        ("'tue,thu'", ["tue", "thu"]),
    ],
)
def test_days_of_a_calendar_are_a_range_or_a_list(tmp_path, text, days):
    calendar = f"within: 4 hours, calendar: {{days: {text}, hours: '08:30-24:00'}}"
    agreement = accepted(tmp_path, changed(("within: 4 hours", calendar)))
    assert agreement.handoffs[0].calendar.days == days
    assert agreement.handoffs[0].calendar.hours == ("08:30", "24:00")


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    (tmp_path / "v1.yml").write_bytes(b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode())
    assert read(tmp_path)[0].version == 1


def test_other_files_in_the_folder_are_left_alone(tmp_path):
    (tmp_path / "README.md").write_text("not: [yaml")
    (tmp_path / ".v1.yml.swp").write_bytes(b"\0")
    (tmp_path / ".#v1.yml").write_text("not: [yaml")
    assert accepted(tmp_path, RIGHT).version == 1


def test_a_window_may_name_stages_that_have_a_dash(tmp_path):
    agreement = accepted(
        tmp_path,
        changed(
            ("{name: inquiry,", "{name: first-touch,"),
            ("from: inquiry", "from: first-touch"),
            ("inquiry-", "first-touch-"),
        ),
    )
    assert list(agreement.windows) == ["first-touch-mql"]


def test_an_empty_folder_says_what_to_put_there(tmp_path):
    with pytest.raises(AgreementError, match=r"put the signed version there as v1\.yml.*ONEFUNNEL_AGREEMENT"):
        read(tmp_path)


def test_a_folder_that_is_not_there_says_what_to_set(tmp_path):
    with pytest.raises(AgreementError, match=r"No such file.*ONEFUNNEL_AGREEMENT"):
        read(tmp_path / "nowhere")


def test_a_file_that_is_not_yaml_is_named_with_its_line(tmp_path):
    assert problems(tmp_path, "version: 1\nstages: [a\nb: c\n") == [
        "line 3: is not valid YAML: expected ',' or ']', but got ':'"
    ]


def test_an_empty_file_is_named(tmp_path):
    assert problems(tmp_path, "# nothing yet\n") == ["v1.yml: is empty"]


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "v1.yml").mkdir()
    with pytest.raises(AgreementError, match=r"v1\.yml: cannot be read: Is a directory"):
        read(tmp_path)


def test_everything_that_is_wrong_in_all_files_is_told_at_once(tmp_path):
    first = changed(
        ("owner: marketing}", "ownr: marketing}"), ("14 days", "14 dayz"), ("Working: sal", "Working: sall")
    )
    second = changed(("version: 1", "version: 2"), ("enters: mql", "enters: mgl"), ("side: map", "side: mop"))
    assert problems(tmp_path, first, second) == [
        "line 8: stages[inquiry].ownr: is no key of the agreement here: did you mean 'owner'?",
        "line 32: windows.inquiry-mql: '14 dayz' is not a duration such as '30 minutes', '4 hours' or '365 days'",
        "line 25: stage_sources[status].values.Working: 'sall' is no stage, no exit and not `ignored`:"
        " did you mean 'sal'?",
        "v2.yml, line 28: stage_sources[rule].side: 'mop' is not known here: did you mean 'map'?",
        "v2.yml, line 29: stage_sources[rule].enters: 'mgl' is no stage: did you mean 'mql'?",
        "v2.yml, line 2: effective_from: 2025-01-01 is not later than 2025-01-01 of v1.yml: expected a later date",
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mangled_file_is_refused_and_never_crashes(tmp_path, data):
    lines = IN_THE_DESIGN.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        number = data.draw(st.integers(0, len(lines) - 1))
        start = data.draw(st.integers(0, len(lines[number])))
        end = data.draw(st.integers(start, len(lines[number])))
        piece = data.draw(
            st.sampled_from(["", ":", "- ", "[]", "{}", "null", "&a", "*a", "<<: *a", "!!set", "\t", "'"])
        )
        piece = data.draw(st.one_of(st.just(piece), st.sampled_from(lines).map(str.strip), st.text(max_size=8)))
        lines[number] = lines[number][:start] + piece + lines[number][end:]
    (tmp_path / "v1.yml").write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    try:
        read(tmp_path)
    except AgreementError as error:
        assert error.problems


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [*a]",
        "&a : *a",
        "\n".join(
            ["a: &a [x, x]"]
            + [f"{b}: &{b} [*{a}, *{a}, *{a}]" for a, b in zip("abcdefghijk", "bcdefghijkl", strict=True)]
        ),
        "[" * 1200,
        "? [a, b]\n: c",
        "--- a\n--- b",
        "a: !!python/object/apply:os.getcwd []",
        'a: "\\ud800"',
        "- a",
        "just a text",
        "version: {a: [1]}\nstages: 3\nexits: []\nstage_sources: {}\nreports: [[]]\nsigned: [x]",
    ],
)
def test_hostile_yaml_is_refused_with_problems(tmp_path, text):
    assert problems(tmp_path, text)

"""Every rule that a version has to keep: a hand-made file that breaks it, and what is said about it."""

import pytest

from ingest.agreement import read
from tests.ingest.agreements import RIGHT, accepted, changed, problems, write

STATUS = "values: {Open: {from: inquiry, to: mql}, Working: sal"
SOURCE = "stage_sources[status]"


def rule(sentence: str, *changes: tuple[str, str], says: list[str], more: str = ""):
    return pytest.param(changed(*changes) + more, says, id=sentence.replace(" ", "_"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        # keys and types
        rule(
            "a required key is missing",
            ("version: 1\n", ""),
            says=["line 1: version: is required and missing: expected something like '1'"],
        ),
        rule(
            "both teams sign",
            ("  sales: {role: VP Sales, on: 2024-12-12}\n", ""),
            says=["line 3: signed.sales: is required and missing: expected keys with values: role, on"],
        ),
        rule(
            "an unknown key is an error with the nearest one",
            ("stages:", "stges:"),
            says=[
                "line 1: stages: is required and missing: expected a list",
                "line 7: stges: is no key of the agreement here: did you mean 'stages'?",
            ],
        ),
        rule(
            "a key is written once",
            ("windows:", "teams: {ae: [U2]}\nwindows:"),
            says=["line 36: 'teams' is written twice, first in line 32: keep one of them"],
        ),
        rule(
            "a value is written once, however it is padded",
            (STATUS, STATUS + ", ' Working': mql"),
            says=["line 25: 'Working' is written twice, first in line 25: keep one of them"],
        ),
        rule(
            "a date is a date",
            ("on: 2024-12-12", "on: 2024-13-12"),
            says=["line 4: signed.marketing.on: '2024-13-12' is not a date such as 2025-01-31"],
        ),
        rule(
            "effective_from is a date without a time",
            ("effective_from: 2025-01-01", "effective_from: 2025-01-01 00:00:00"),
            says=["line 2: effective_from: '2025-01-01 00:00:00' is not a date such as 2025-01-31"],
        ),
        rule(
            "a date lies in years that a calendar knows",
            ("effective_from: 2025-01-01", "effective_from: 9999-01-01"),
            says=["line 2: effective_from: '9999-01-01' lies outside of the years 1901 to 9998"],
        ),
        rule(
            "a version is a whole number",
            ("version: 1\n", "version: 1.5\n"),
            says=["line 1: version: '1.5' is not a whole number such as 1"],
        ),
        rule(
            "a flag is true or false",
            ("reopens: true", "reopens: maybe"),
            says=["line 13: exits.recycled.reopens: 'maybe' is neither true nor false"],
        ),
        rule(
            "a time zone exists",
            ("Europe/Berlin", "Europe/Belrin"),
            says=["line 6: timezone: 'Europe/Belrin' is not a time zone: did you mean 'Europe/Berlin'?"],
        ),
        rule(
            "a duration has a unit",
            ("14 days", "14"),
            says=["line 32: windows.inquiry-mql: '14' is not a duration such as '30 minutes', '4 hours' or '365 days'"],
        ),
        rule(
            "a month is no duration",
            ("14 days", "1 month"),
            says=[
                "line 32: windows.inquiry-mql: '1 month' is not a duration such as '30 minutes', '4 hours'"
                " or '365 days'"
            ],
        ),
        rule(
            "a window is some time",
            ("14 days", "0 days"),
            says=["line 32: windows.inquiry-mql: '0 days' is no time at all: leave the key out to switch it off"],
        ),
        rule(
            "a duration fits into a life",
            ("14 days", "999999999999 days"),
            says=[
                "line 32: windows.inquiry-mql: '999999999999 days' is longer than 100 years:"
                " leave the key out to switch it off"
            ],
        ),
        rule(
            "a side is crm or map",
            ("crm\n    side: crm", "crm\n    side: crn"),
            says=["line 18: stage_sources[deals].side: 'crn' is not known here: did you mean 'crm'?"],
        ),
        rule(
            "a limit is a number and both are needed",
            ("{relative: 0.02, absolute: 5}", "{relative: 2%}"),
            says=[
                "line 37: reports[funnel].holds_over.relative: '2%' is not a number, such as 0.02",
                "line 37: reports[funnel].holds_over.absolute: is required and missing: expected something like '0'",
            ],
        ),
        rule(
            "a limit is finite",
            ("absolute: 5", "absolute: .inf"),
            says=["line 37: reports[funnel].holds_over.absolute: '.inf' is not a number"],
        ),
        rule(
            "values are keys with meanings",
            ("values: {Closed Won: won, Closed Lost: lost}", "values: [won]"),
            says=["line 20: stage_sources[deals].values: expected keys with values, not ['won']"],
        ),
        rule(
            "a stage has keys",
            ("  - {name: inquiry, owner: marketing}\n", "  - inquiry\n"),
            says=[
                "line 8: stages[1]: expected keys with values"
                " (name, owner, unit, meaning, record_required_in, authority), not 'inquiry'"
            ],
        ),
        rule(
            "a text holds nothing that a database cannot store",
            ("name: funnel", 'name: "fun\\0nel"'),
            says=["line 37: reports[fun\0nel].name: holds a character that no database can store"],
        ),
        # stages and exits
        rule(
            "a stage's name is used once, in any case",
            ("{name: sal,", "{name: MQL,"),
            ("Working: sal", "Working: MQL"),
            ("to: sal", "to: MQL"),
            says=["line 10: stages[MQL].name: 'MQL' is taken by 'mql': stages and exits share one set of names"],
        ),
        rule(
            "an exit is no stage",
            ("  lost: {", "  won: {"),
            ("Closed Lost: lost", "Closed Lost: won"),
            says=["line 14: exits.won: 'won' is taken by 'won': stages and exits share one set of names"],
        ),
        rule(
            "idle is a reserved word",
            ("  recycled: {", "  idle: {"),
            ("Nurture: recycled", "Nurture: idle"),
            says=["line 13: exits.idle: 'idle' is a reserved word: choose another name"],
        ),
        rule(
            "closed is a reserved word",
            ("{name: inquiry,", "{name: closed,"),
            ("from: inquiry", "from: closed"),
            ("inquiry-mql", "closed-mql"),
            says=["line 8: stages[closed].name: 'closed' is a reserved word: choose another name"],
        ),
        rule(
            "a stage's name has no slash",
            ("  recycled: {", "  re/cycled: {"),
            ("Nurture: recycled", "Nurture: re/cycled"),
            says=[
                "line 13: exits.re/cycled: 're/cycled' holds a '/', which separates the names of metrics:"
                " choose another name"
            ],
        ),
        # stage sources
        rule(
            "a value means something that there is",
            ("Working: sal", "Working: sall"),
            says=[
                f"line 25: {SOURCE}.values.Working: 'sall' is no stage, no exit and not `ignored`: did you mean 'sal'?"
            ],
        ),
        rule(
            "a value means something at all",
            ("Imported: ignored", "Imported:"),
            says=[
                f"line 25: {SOURCE}.values.Imported:"
                " expected a stage, an exit, `ignored`, or {from: …, to: …}, not nothing"
            ],
        ),
        rule(
            "an empty value is no observation and cannot be mapped",
            (STATUS, STATUS + ", '': mql"),
            says=[f"line 25: {SOURCE}.values.: must not be empty"],
        ),
        rule(
            "a range names stages, not exits",
            ("to: mql", "to: lost"),
            says=[f"line 25: {SOURCE}.values.Open.to: 'lost' is no stage: expected one of: inquiry, mql, sal, won"],
        ),
        rule(
            "a range has both ends",
            (", to: mql", ""),
            says=[f"line 25: {SOURCE}.values.Open.to: is required and missing: expected a text"],
        ),
        rule(
            "a range runs forward",
            ("{from: inquiry, to: mql}", "{from: sal, to: mql}"),
            says=[f"line 25: {SOURCE}.values.Open: the range runs backwards: expected {{from: mql, to: sal}}"],
        ),
        rule(
            "a source's name is used once",
            ("name: status", "name: deals"),
            says=["line 21: stage_sources[deals].name: 'deals' is used twice: choose another name"],
        ),
        rule(
            "a field is read by one source",
            ("field: lead.status", "field: opportunity.stage"),
            says=[f"line 24: {SOURCE}.field: 'opportunity.stage' is read by 'deals' already: put the values there"],
        ),
        rule(
            "a field belongs to an object of the exchange shape",
            ("field: lead.status", "field: leads.status"),
            says=[
                f"line 24: {SOURCE}.field: 'leads.status' is not <object>.<field>: the object 'leads':"
                " did you mean 'lead'?"
            ],
        ),
        rule(
            "a field has a name",
            ("field: lead.status", "field: lead"),
            says=[f"line 24: {SOURCE}.field: 'lead' names no field: expected something like 'lead.status'"],
        ),
        rule(
            "of an opportunity its stage is read",
            ("field: opportunity.stage", "field: opportunity.status"),
            says=[
                "line 19: stage_sources[deals].field: 'opportunity.status' is not read: expected 'opportunity.stage'"
            ],
        ),
        rule(
            "people belong to opportunities",
            ("field: lead.status", "field: lead.status\n    people: primary"),
            says=[
                f"line 25: {SOURCE}.people: only a source of opportunity.stage says which people it moves: leave it out"
            ],
        ),
        rule(
            "a reason belongs to the same record",
            ("field: lead.status", "field: lead.status\n    reason_field: contact.reason"),
            says=[
                f"line 25: {SOURCE}.reason_field: 'contact.reason' is not <object>.<field>: the object 'contact':"
                " expected one of: lead"
            ],
        ),
        rule(
            "an opportunity has no writers",
            ("field: opportunity.stage", "field: opportunity.stage\n    company_writers: [x]"),
            says=[
                "line 20: stage_sources[deals].company_writers: an opportunity has no company_writers:"
                " it belongs to a source of lead, contact or prospect"
            ],
        ),
        rule(
            "a field has values",
            ("    values: {Closed Won: won, Closed Lost: lost}\n", ""),
            says=["line 16: stage_sources[deals].values: is missing: expected what each value of the field means"],
        ),
        rule(
            "a source says something",
            ("    field: opportunity.stage\n    values: {Closed Won: won, Closed Lost: lost}\n", ""),
            says=["line 16: stage_sources[deals]: says nothing: expected `field` and `values`, or `enters` and `any`"],
        ),
        rule(
            "a field enters nothing by itself",
            ("field: lead.status", "field: lead.status\n    enters: mql"),
            says=[f"line 25: {SOURCE}.enters: a field has no enters: expected `values`, or a rule without a `field`"],
        ),
        # rules
        rule(
            "a rule enters a stage that there is",
            ("enters: mql", "enters: mgl"),
            says=["line 29: stage_sources[rule].enters: 'mgl' is no stage: did you mean 'mql'?"],
        ),
        rule(
            "a rule enters something",
            ("    enters: mql\n", ""),
            says=["line 26: stage_sources[rule].enters: is missing: expected the stage that the rule enters"],
        ),
        rule(
            "a rule has conditions",
            ("    any: [{score_crosses: 65}, {activity: form_fill, campaign: [Demo Request]}]\n", ""),
            says=[
                "line 26: stage_sources[rule].any: is missing: expected a list of {score_crosses: …} or {activity: …}"
            ],
        ),
        rule(
            "a rule has no values",
            ("enters: mql", "enters: mql\n    values: {a: mql}"),
            says=[
                "line 30: stage_sources[rule].values: a rule has no values:"
                " expected `enters` and `any` alone, or a `field`"
            ],
        ),
        rule(
            "a condition is one thing",
            ("score_crosses: 65", "score_crosses: 65, activity: visit"),
            says=["line 30: stage_sources[rule].any[1]: expected either score_crosses or activity"],
        ),
        rule(
            "a score has no campaign",
            ("score_crosses: 65", "score_crosses: 65, campaign: x"),
            says=[
                "line 30: stage_sources[rule].any[1].campaign: a score has no campaign: expected it beside an activity"
            ],
        ),
        # speaks_until
        rule(
            "a source speaks until a stage",
            ("speaks_until: mql", "speaks_until: recycled"),
            says=[
                "line 31: stage_sources[rule].speaks_until: 'recycled' is no stage:"
                " expected one of: inquiry, mql, sal, won"
            ],
        ),
        rule(
            "a source maps nothing beyond the stage until which it speaks",
            ("field: lead.status", "field: lead.status\n    speaks_until: mql"),
            says=[
                f"line 26: {SOURCE}.values.Working: 'sal' comes after 'mql', until which the source speaks:"
                " expected a stage up to it"
            ],
        ),
        rule(
            "nor does a range of it reach beyond",
            ("Open: {from: inquiry, to: mql}, Working: sal", "Open: {from: inquiry, to: mql}"),
            ("field: lead.status", "field: lead.status\n    speaks_until: inquiry"),
            says=[
                f"line 26: {SOURCE}.values.Open: 'mql' comes after 'inquiry', until which the source speaks:"
                " expected a stage up to it"
            ],
        ),
        rule(
            "nor does its rule enter a later one",
            ("speaks_until: mql", "speaks_until: inquiry"),
            says=[
                "line 29: stage_sources[rule].enters: 'mql' comes after 'inquiry', until which the source speaks:"
                " expected a stage up to it"
            ],
        ),
        rule(
            "sources stop at two different stages at most",
            ("field: lead.status", "field: lead.status\n    speaks_until: sal"),
            ("field: opportunity.stage", "field: opportunity.stage\n    speaks_until: won"),
            says=[
                "line 33: stage_sources[rule].speaks_until: is a third stage at which sources stop (won, sal, mql):"
                " expected two different ones at most"
            ],
        ),
        # authority
        rule(
            "an authority is a stage source",
            ("{name: sal, ", "{name: sal, authority: [statsu], "),
            says=["line 10: stages[sal].authority[1]: 'statsu' is no stage source: did you mean 'status'?"],
        ),
        rule(
            "an authority says the stage",
            ("{name: sal, ", "{name: sal, authority: [status, rule], "),
            says=["line 10: stages[sal].authority[2]: 'rule' never says 'sal'; those that may: status"],
        ),
        rule(
            "an authority is named once",
            ("{name: sal, ", "{name: sal, authority: [status, status], "),
            says=["line 10: stages[sal].authority[2]: 'status' is named twice: keep one of them"],
        ),
        rule(
            "only opportunities say an exit of unit opportunity",
            ("Nurture: recycled", "Nurture: lost"),
            ("  lost: {", "  lost: {authority: [status], "),
            says=["line 14: exits.lost.authority[1]: 'status' never says 'lost'; those that may: deals"],
        ),
        # windows, hand-overs, sync
        rule(
            "a window names two stages in their order",
            ("inquiry-mql", "mql-inquiry"),
            says=[
                "line 32: windows.mql-inquiry: 'mql-inquiry' is not <from>-<to> of two stages in order:"
                " expected 'inquiry-mql'"
            ],
        ),
        rule(
            "a window ends at no exit",
            ("inquiry-mql", "mql-recycled"),
            says=[
                "line 32: windows.mql-recycled: 'mql-recycled' is not <from>-<to> of two stages in order:"
                " expected one of: inquiry-mql, inquiry-sal, inquiry-won, mql-sal, mql-won, sal-won"
            ],
        ),
        rule(
            "a hand-over starts at a stage",
            ("from: mql, to: sal", "from: mlq, to: sal"),
            says=["line 34: handoffs[mql_to_sal].from: 'mlq' is no stage: did you mean 'mql'?"],
        ),
        rule(
            "a hand-over goes forward",
            ("from: mql, to: sal", "from: sal, to: mql"),
            says=["line 34: handoffs[mql_to_sal]: 'mql' does not come after 'sal': expected a later stage in `to`"],
        ),
        rule(
            "a clock stops on something known",
            ("stops_on: [touch]", "stops_on: [touched]"),
            says=["line 34: handoffs[mql_to_sal].stops_on[1]: 'touched' is not known here: did you mean 'touch'?"],
        ),
        rule(
            "a clock stops",
            ("stops_on: [touch]", "stops_on: []"),
            says=["line 34: handoffs[mql_to_sal].stops_on: has 0 items: expected 1 or more"],
        ),
        rule(
            "business days have names",
            ("within: 4 hours", "within: 4 hours, calendar: {days: mon-fry, hours: '09:00-17:00'}"),
            says=[
                "line 34: handoffs[mql_to_sal].calendar.days: 'mon-fry' are not days such as mon-fri:"
                " did you mean 'fri'?"
            ],
        ),
        rule(
            "business hours lie in one day",
            ("within: 4 hours", "within: 4 hours, calendar: {days: mon-fri, hours: '17:00-09:00'}"),
            says=[
                "line 34: handoffs[mql_to_sal].calendar.hours:"
                " '17:00-09:00' are not hours of one day such as '09:00-17:00'"
            ],
        ),
        rule(
            "a rejection is an exit",
            ("within: 4 hours", "within: 4 hours, rejections: [recycle]"),
            says=["line 34: handoffs[mql_to_sal].rejections[1]: 'recycle' is no exit: did you mean 'recycled'?"],
        ),
        rule(
            "a touch has a kind",
            ("within: 4 hours", "within: 4 hours, touch_kinds: []"),
            says=["line 34: handoffs[mql_to_sal].touch_kinds: has 0 items: expected 1 or more"],
        ),
        rule(
            "a sync is between two systems",
            more="sync: [{between: [crm], within: 1 day}, {between: [crm, crm], within: 1 day}]\n",
            says=[
                "line 38: sync[1].between: has 1 items: expected 2",
                "line 38: sync[2].between: 'crm' is named twice: expected two systems, or one with both sides",
            ],
        ),
        rule(
            "two systems have one sync time",
            more="sync: [{between: [crm, map], within: 1 day}, {between: [map, crm], within: 2 days}]\n",
            says=["line 38: sync[2].between: map and crm have a time already: keep one of them"],
        ),
        # everything else
        rule(
            "a table is gated by one report",
            more="  - {name: other, tables: [funnel_by_month]}\n",
            says=[
                "line 38: reports[other].tables[1]: 'funnel_by_month' belongs to report 'funnel' already:"
                " a table is gated by one report"
            ],
        ),
        rule(
            "a report's name is used once",
            more="  - {name: funnel, tables: [handoffs]}\n",
            says=["line 38: reports[funnel].name: 'funnel' is used twice: choose another name"],
        ),
        rule(
            "a report has tables",
            ("tables: [funnel_by_month]", "tables: []"),
            says=["line 37: reports[funnel].tables: has 0 items: expected 1 or more"],
        ),
        rule(
            "a member is in one team",
            ("{sdr: [U1]}", "{sdr: [U1], ae: [U2, U1]}"),
            says=["line 35: teams.ae[2]: 'U1' is in team 'sdr' already: expected in one team"],
        ),
        rule(
            "a correction speaks of a source with values",
            more="corrections: [{source: stauts, value: a, means: sal}, {source: rule, value: a, means: mql}]\n",
            says=[
                "line 38: corrections[1].source: 'stauts' is no stage source: did you mean 'status'?",
                "line 38: corrections[2].source: 'rule' is a rule and has no values: expected a source with a field",
            ],
        ),
        rule(
            "a correction means something that there is",
            more="corrections: [{source: status, value: Wrking, means: sall}]\n",
            says=["line 38: corrections[1].means: 'sall' is nothing that 'status' may say: did you mean 'sal'?"],
        ),
        rule(
            "a value is corrected once",
            more="corrections: [{source: status, value: a, means: sal}, {source: status, value: ' a', means: mql}]\n",
            says=["line 38: corrections[2]: 'a' is corrected twice: keep one of them"],
        ),
        rule(
            "a mailbox is a name or an address, and what is merged is at least as alike as what is reviewed",
            more="identity: {shared_mailboxes: [info, '@acme.com', 'in%', a@b@c], names_in_a_mailbox: 0,"
            " free_mail: [a@gmail.com], review_from: 0.9, merge_from: 0.8}\n",
            says=[
                "line 38: identity.names_in_a_mailbox: '0' is not a whole number such as 1",
                "line 38: identity.shared_mailboxes[2]: '@acme.com' is no mailbox: expected what stands before the @,"
                " such as 'info', or a whole address",
                "line 38: identity.shared_mailboxes[3]: 'in%' is no mailbox: expected what stands before the @,"
                " such as 'info', or a whole address",
                "line 38: identity.shared_mailboxes[4]: 'a@b@c' is no mailbox: expected what stands before the"
                " @, such as 'info', or a whole address",
                "line 38: identity.free_mail[1]: 'a@gmail.com' is not a domain such as 'gmail.com'",
                "line 38: identity.merge_from: 0.8 lies below review_from (0.9): expected what is merged to be at least"
                " as alike as what is reviewed",
            ],
        ),
        rule(
            "a probability lies above 0 and up to 1",
            more="identity: {review_from: 0, merge_from: 90}\n",
            says=[
                "line 38: identity.review_from: '0' is not a probability above 0 and up to 1, such as 0.9",
                "line 38: identity.merge_from: '90' is not a probability above 0 and up to 1, such as 0.9",
            ],
        ),
        rule(
            "rates need a currency into which they convert",
            more="rates: {USD: 0.9}\n",
            says=["line 38: rates: rates into which currency? Expected `currency: EUR` or the like"],
        ),
        rule(
            "a rate is what one unit is worth",
            more="currency: EUR\nrates: {usd: 1, GBP: 0, EUR: 2}\n",
            says=[
                "line 39: rates.usd: 'usd' is not a currency code such as EUR",
                "line 39: rates.GBP: would make every amount 0: expected what one unit is worth",
                "line 39: rates.EUR: EUR is the agreement's own currency: its rate is 1",
            ],
        ),
        rule(
            "an exclusion names a field that can exclude",
            more="exclude: [{email_domian: [a.com]}]\n",
            says=["line 38: exclude[1].email_domian: 'email_domian' is not known here: did you mean 'email_domain'?"],
        ),
        rule(
            "an exclusion is one field and a domain is a domain",
            more="exclude: [{email_domain: ['@a.com'], lead_source: Employee}]\n",
            says=[
                "line 38: exclude[1]: has 2 fields: expected one; each item excludes by itself",
                "line 38: exclude[1].email_domain[1]: '@a.com' is not a domain such as 'a.com'",
            ],
        ),
        rule(
            "a persona has a pattern",
            more="personas: [{name: buyer, meaning: Buys.}]\n",
            says=["line 38: personas[buyer]: has no pattern: expected title_like, industry, company_like or country"],
        ),
    ],
)
def test_a_rule_is_held(tmp_path, text, says):
    assert problems(tmp_path, text) == says


def test_a_source_may_map_stages_until_it_stops_and_any_exit(tmp_path):
    text = changed(("field: lead.status", "field: lead.status\n    speaks_until: sal"))
    assert accepted(tmp_path, text).stage_sources[1].speaks_until == "sal"


def test_a_file_is_named_after_its_version(tmp_path):
    assert problems(tmp_path, changed(("version: 1\n", "version: 3\n"))) == [
        "line 1: version: 3 is not the version that the file is named after: expected 1"
    ]


@pytest.mark.parametrize("name", ["agreement.yml", "v1.yaml", "v01.yml", "V1.yml", "v1 copy.yml"])
def test_a_file_with_another_name_is_refused(tmp_path, name):
    (tmp_path / name).write_text(changed(("version: 1\n", "version: 2\n")))
    said = problems(tmp_path, RIGHT)
    assert f"{name}: is not the name of a version: name it v1.yml, v2.yml, … after its version" in said


def test_a_later_version_is_in_force_from_a_later_moment(tmp_path):
    second = changed(("version: 1\n", "version: 2\n"), ("2025-01-01", "2024-07-01"))
    assert problems(tmp_path, RIGHT, second) == [
        "v2.yml, line 2: effective_from: 2024-07-01 is not later than 2025-01-01 of v1.yml: expected a later date"
    ]


def test_a_correction_may_speak_of_a_source_that_only_an_older_version_has(tmp_path):
    second = changed(
        ("version: 1\n", "version: 2\n"), ("2025-01-01", "2025-07-01"), ("name: status", "name: lead_status")
    )
    text = second + "corrections: [{source: status, value: Wrking, means: sal}]\n"
    write(tmp_path, RIGHT)
    (tmp_path / "v2.yml").write_text(text)
    assert [one.version for one in read(tmp_path)] == [1, 2]

"""What a world plants to make it hard to say who is one person, and what its truth knows of every record."""

import pytest
from worlds import opened, rows, value, written

PAIRS = ("salesforce-marketo", "salesforce-hubspot", "hubspot")
BLURRED = (("mistyped_email", 0.1), ("private_email", 0.1), ("shared_mailbox", 0.1))
OBJECTS = {"salesforce": ("Lead", "Contact"), "marketo": ("leads",), "hubspot": ("contacts",)}
LISTED = {
    "salesforce": 'select "Id" as id from salesforce.{} where "Id" is not null',
    "marketo": "select id::varchar as id from marketo.leads",
    "hubspot": "select id from hubspot.contacts",
}
MAILS = {
    "salesforce": "select coalesce(c.Email, l.Email) as crm, coalesce(c.Phone, l.Phone) as crm_phone, person_id"
    " from truth.people left join salesforce.Lead as l on l.Id = crm_lead_id"
    " left join salesforce.Contact as c on c.Id = crm_contact_id",
    "marketo": "select email as map, phone as map_phone, sfdcLeadId as link, externalId as external, person_id"
    " from marketo.leads join truth.records on record_id = leads.id::varchar and system = 'marketo'",
}


@pytest.fixture(scope="module", params=PAIRS)
def pair(request):
    with opened(written(400, 7, pair=request.param)) as con:
        yield request.param, con


def test_the_truth_knows_whose_every_record_is_once(pair):
    name, con = pair
    listed = [LISTED[system].format(on) for system in name.split("-") for on in OBJECTS[system]]
    unknown = f"select count(*) from ({' union all '.join(listed)}) anti join truth.records on record_id = id"
    assert value(con, unknown) == 0
    assert value(con, "select count(*) - count(distinct (system, record_id)) from truth.records") == 0
    assert value(con, "select count(*) from truth.records anti join truth.people using (person_id)") == 0


@pytest.fixture(scope="module")
def blurred():
    with opened(written(1500, 7, BLURRED)) as con:
        con.execute(f"create temp table crm as {MAILS['salesforce']}; create temp table map as {MAILS['marketo']}")
        yield con


def test_the_sample_has_none_of_it(pair):
    assert value(pair[1], "select count(*) from truth.people where matched_by = 'likeness'") == 0


def test_people_whom_only_likeness_joins_have_two_addresses_and_no_id_in_common(blurred):
    found = rows(
        blurred,
        """select count(*), count(*) filter (lower(trim(crm)) = lower(trim(map))), count(link), count(external),
            count(*) filter (crm_phone = map_phone)
        from truth.people join crm using (person_id) join map using (person_id)
        where matched_by = 'likeness' and crm is not null""",
    )
    ((count, same, links, externals, phones),) = found
    assert count > 60
    assert (same, links, externals, phones) == (0, 0, 0, 0)


def test_a_shared_mailbox_is_used_by_five_of_a_firm_or_more_in_both_systems(blurred):
    shared = (
        "select lower(trim({0})) as mail, count(distinct person_id) as people from {0} where {0} is not null group by 1"
    )
    for system in ("crm", "map"):
        found = rows(
            blurred, f"select split_part(mail, '@', 1), people from ({shared.format(system)}) where people > 1"
        )
        assert {name for name, _ in found} == {"info", "crew"}
        assert max(people for _, people in found) >= 5


def test_what_only_two_systems_can_have_is_no_fault_of_one():
    with pytest.raises(ValueError, match="no such fault: mistyped_email"):
        written(50, 1, (("mistyped_email", 0.1),), pair="hubspot")

"""How probably two people are one: Splink's answer to people made by hand, with odds that are worked out here."""

import importlib.util
import sys
from pathlib import Path

import duckdb
import pytest

MODEL = Path(__file__).parents[2] / "dbt_project" / "models" / "intermediate" / "identity" / "int_pairs_weighed.py"
FIELDS = ("name", "last_name", "email", "mailbox", "domain", "company", "phone", "title", "country")
BLOCKS = ("by_phone", "by_mailbox", "by_domain", "by_company")
ANN = {"name": "ann lee", "last_name": "lee", "company": "acme", "phone": "12345678", "title": "cfo", "by_phone": "x"}
PEOPLE, COINCIDENCE = 1000, 0.01


@pytest.fixture(scope="module")
def weighed():
    spec = importlib.util.spec_from_file_location("int_pairs_weighed", MODEL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class FakeDbt:
    """What the model asks of dbt: its configuration, and relations."""

    def __init__(self, people: list[dict], review_from: float):
        self.session = duckdb.connect()
        columns = ("person_rank bigint", "system varchar", *(f"{name} varchar" for name in (*FIELDS, *BLOCKS)))
        self.session.execute(f"create table int_people_blocked ({', '.join(columns)})")
        for person in people:
            names = ", ".join(person)
            marks = ", ".join("?" * len(person))
            self.session.execute(f"insert into int_people_blocked ({names}) values ({marks})", list(person.values()))
        self.session.execute("create table int_people_left_alone as from int_people_blocked")
        filled = f"insert into int_people_left_alone (name) select 'name ' || i from range({PEOPLE - len(people)}) t(i)"
        self.session.execute(filled)
        self.session.execute(
            f"create table int_coincidences_measured as select unnest({list(FIELDS)}) as attribute,"
            f" {COINCIDENCE}::double as coincidence, {PEOPLE} as people"
        )
        self.session.execute(f"create table int_identity_agreed as select {review_from}::double as review_from")

    def config(self, **_):
        """Say nothing."""

    def ref(self, name):
        return self.session.table(name)


@pytest.fixture
def pairs(weighed):
    def pairs(*people: dict, review_from: float = 0.0001) -> list[dict]:
        dbt = FakeDbt(list(people), review_from)
        return weighed.model(dbt, dbt.session).to_pylist()

    return pairs


def crm(rank: int = 1, **told) -> dict:
    return {"person_rank": rank, "system": "crm"} | ANN | told


def map(rank: int = 2, **told) -> dict:
    return {"person_rank": rank, "system": "map"} | ANN | told


def probability(*factors: float) -> float:
    """Of a pair by Bayes: the odds before anything is compared, times what each part says."""
    odds = 1 / (10 * PEOPLE - 1)
    for factor in factors:
        odds *= factor
    return odds / (1 + odds)


def test_each_part_multiplies_the_odds_by_how_much_more_often_one_person_agrees_than_strangers(pairs):
    """Name and phone alone; the name stands twice among a thousand, so it tells 0.80 / 0.002."""
    bare = {"company": None, "title": None}
    ((pair),) = pairs(crm(**bare), map(**bare))
    assert (pair["person_rank"], pair["other_rank"]) == (1, 2)
    assert (pair["name_level"], pair["phone_level"], pair["title_level"]) == ("equal", "equal", None)
    assert pair["probability"] == pytest.approx(probability(0.80 / 0.002, 0.60 / 0.01), abs=1e-6)


def test_what_differs_makes_it_less_probable_and_what_is_not_known_says_nothing(pairs):
    ((pair),) = pairs(crm(company=None, title="cfo"), map(company=None, title="intern"))
    strangers = 1 - 0.01 - 0.03
    assert pair["title_level"] == "another"
    assert pair["probability"] == pytest.approx(probability(0.80 / 0.002, 60, (1 - 0.55 - 0.15) / strangers), abs=1e-6)


def test_a_name_that_many_have_says_less(pairs):
    """Fifty-two of a thousand are called so."""
    bare = {"company": None, "title": None}
    namesakes = [map(rank, by_phone=None) for rank in range(3, 53)]
    found = pairs(crm(**bare), map(**bare), *namesakes, review_from=0.00001)
    assert found[0]["probability"] == pytest.approx(probability(0.80 / 0.052, 60), abs=1e-6)


def test_a_typo_is_alike_and_a_shared_mailbox_says_nothing(pairs):
    told = [
        {"name": f"{name} leeson", "email": f"{name}.leeson@acme.example", "mailbox": f"{name}.leeson"}
        for name in ("annabel", "anabel")
    ]
    ((pair),) = pairs(crm(**told[0]), map(**told[1]))
    assert (pair["name_level"], pair["email_level"]) == ("alike", "alike")
    shared = {"email": "info@acme.example", "mailbox": "info"}
    assert pairs(crm(**shared), map(**shared))[0]["email_level"] is None


def test_only_what_is_probable_enough_is_told_and_never_two_of_one_system(pairs):
    assert pairs(crm(), map(), review_from=0.999)
    assert not pairs(crm(title="cfo"), map(name="bob ray", last_name="ray", title="intern"), review_from=0.9)
    assert not pairs(crm(1), crm(2))


def test_people_without_a_mark_in_common_are_not_compared(pairs):
    assert not pairs(crm(by_phone="x"), map(by_phone="y"))


def test_two_runs_whatever_the_order_of_rows_give_the_same(pairs):
    people = [crm(rank) for rank in range(1, 6)] + [map(rank, title="cto") for rank in range(6, 11)]
    assert pairs(*people) == pairs(*people[::-1])


def test_where_nobody_is_left_alone_there_are_no_pairs_and_splink_is_not_even_imported(weighed, pairs, monkeypatch):
    monkeypatch.setitem(sys.modules, "splink", None)
    assert pairs() == []
    with pytest.raises(ImportError):
        pairs(crm(), map())
    assert list(weighed._no_pairs().column_names)[:3] == ["person_rank", "other_rank", "probability"]

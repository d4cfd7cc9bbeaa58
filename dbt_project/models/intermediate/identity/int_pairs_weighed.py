"""How probably two people, of two systems, are one whom no exact rule joins: Fellegi and Sunter's model, by Splink.

How often strangers agree is measured on these very people (`int_coincidences_measured`). How often one person's two
records do is set here, for records that nobody synchronises; it is not learned, so that a run can be repeated. Who
is compared at all is decided in SQL.
"""

import duckdb
import pyarrow as pa

BLOCKS = ("by_phone", "by_mailbox", "by_domain", "by_company")
FIELDS = ("name", "last_name", "email", "mailbox", "domain", "company", "phone", "title", "country")
ONE_IN = 10  # people left alone is taken to be known to the other system as well

# Part → its levels, from the strongest: a word, when it holds, of one person's two records the share at it, the field
# whose coincidences strangers have at it, how many times as many. The rest of either share differ.
PARTS = {
    "name": (
        ("equal", "name_l = name_r", 0.80, ("name",), 1),
        ("alike", "jaro_winkler_similarity(name_l, name_r) >= 0.93", 0.10, ("name",), 3),
        ("equal last name", "last_name_l = last_name_r", 0.05, ("last_name",), 1),
    ),
    "company": (
        ("equal", "domain_l = domain_r or company_l = company_r", 0.70, ("domain", "company"), 1),
        ("alike", "jaro_winkler_similarity(company_l, company_r) >= 0.93", 0.10, ("company",), 3),
    ),
    # what stands before the @ repeats the name: it tells little more
    "e-mail": (("alike", "jaro_winkler_similarity(mailbox_l, mailbox_r) >= 0.94", 0.45, (), 0.05),),
    "phone": (("equal", "phone_l = phone_r", 0.60, ("phone",), 1),),
    "title": (
        ("equal", "title_l = title_r", 0.55, ("title",), 1),
        ("alike", "jaro_winkler_similarity(title_l, title_r) >= 0.88", 0.15, ("title",), 3),
    ),
    "country": (("equal", "country_l = country_r", 0.92, ("country",), 1),),
}
# nothing can be said; two whose e-mail is equal are here because it is a shared mailbox
UNKNOWN = {part: f"{part}_l is null or {part}_r is null" for part in ("name", "phone", "title", "country")} | {
    "company": "coalesce(domain_l, company_l) is null or coalesce(domain_r, company_r) is null",
    "e-mail": "email_l is null or email_r is null or email_l = email_r",
}
NAMES = """
    select name, count(*) / sum(count(*)) over () as tf_name from alone where name is not null group by name
"""


def model(dbt, session):
    """One row per pair that is probable enough: `person_rank` of both, the probability, each part's level in words."""
    dbt.config(materialized="table")
    people = dbt.ref("int_people_blocked").order("person_rank").to_arrow_table()
    names = dbt.ref("int_people_left_alone").query("alone", NAMES).to_arrow_table()
    measured = dbt.ref("int_coincidences_measured").project("attribute, coincidence, people").fetchall()
    agreed = dbt.ref("int_identity_agreed").project("review_from").fetchone()
    if not people.num_rows or not agreed:
        return _no_pairs()
    coincidence = {attribute: share for attribute, share, _ in measured}
    return _weighed(people, names, coincidence, max(size for *_, size in measured), agreed[0])


def _no_pairs() -> pa.Table:
    whole, text = pa.array([], pa.int64()), pa.array([], pa.string())
    levels = {f"{_column(part)}_level": text for part in PARTS}
    return pa.table({"person_rank": whole, "other_rank": whole, "probability": pa.array([], pa.float64())} | levels)


def _column(part: str) -> str:
    return part.replace("-", "")


def _weighed(people: pa.Table, names: pa.Table, coincidence: dict, size: int, review_from: float) -> pa.Table:
    # it takes a second to import, and most runs of a well-kept company have nobody left alone
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="person_rank",
        source_dataset_column_name="system",
        probability_two_random_records_match=1 / (ONE_IN * size),
        comparisons=[_comparison(part, coincidence, size) for part in PARTS],
        blocking_rules_to_generate_predictions=[block_on(block) for block in BLOCKS],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
    )
    with duckdb.connect() as con:
        linker = Linker(people, settings, DuckDBAPI(con), set_up_basic_logging=False)
        linker.table_management.register_term_frequency_lookup(names, "name")
        pairs = linker.inference.predict(threshold_match_probability=review_from)
        levels = ", ".join(f"{_words(part)} as {_column(part)}_level" for part in PARTS)
        return con.sql(
            f"""
            select
                least(person_rank_l, person_rank_r) as person_rank,
                greatest(person_rank_l, person_rank_r) as other_rank,
                round(match_probability, 6) as probability, {levels}
            from {pairs.physical_name} order by all
            """
        ).to_arrow_table()


def _comparison(part: str, coincidence: dict[str, float], size: int) -> dict:
    """Splink's settings of one part, with the shares of one person's records (m) and of strangers' (u)."""
    levels = [{"sql_condition": UNKNOWN[part], "is_null_level": True}]
    rest_m, rest_u = 1.0, 1.0
    for _, condition, m, fields, times in PARTS[part]:
        u = min(rest_u / 2, times * sum(coincidence[field] for field in fields) if fields else times)
        levels.append({"sql_condition": condition, "m_probability": m, "u_probability": u})
        rest_m, rest_u = rest_m - m, rest_u - u
    if part == "name":  # a name that few have says more
        levels[1] |= {"tf_adjustment_column": "name", "tf_adjustment_weight": 1.0, "tf_minimum_u_value": 1 / size}
    levels.append({"sql_condition": "ELSE", "m_probability": rest_m, "u_probability": rest_u})
    return {"output_column_name": _column(part), "comparison_levels": levels}


def _words(part: str) -> str:
    """The level of a part in words; Splink numbers them from the weakest, and what is unknown -1."""
    levels = PARTS[part]
    cases = " ".join(f"when {len(levels) - number} then '{word}'" for number, (word, *_) in enumerate(levels))
    return f"case gamma_{_column(part)} {cases} when 0 then 'another' end"

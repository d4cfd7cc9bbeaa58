"""The exchange shape: the tables that every system is brought to, whatever its vendor calls things.

A column `<event>_at` is a UTC timestamp. Where only a date was known, `<event>_on` beside it holds that date and
`<event>_at` the first instant of the day in the zone of its system; else `<event>_on` is null. Nothing here reads or
writes anything.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """One table of the exchange shape: column → DuckDB type, what must not be null, the key within a system."""

    name: str
    columns: dict[str, str]
    required: tuple[str, ...]
    key: tuple[str, ...]
    changes: bool = True  # False: a row never changes once it is known; it is appended once, by key

    @property
    def raw_columns(self) -> dict[str, str]:
        """The raw table's columns: `system`, the exchange columns with each `_at`'s `_on`, then where and when from.

        Where `loaded_at` is the export's own word, `landed_at` is when it came to us, and `rows_held` how many
        records of its object raw held then.
        """
        raw = {"system": "VARCHAR"}
        for column, kind in self.columns.items():
            raw[column] = kind
            if column.endswith("_at") and kind == "TIMESTAMP":
                raw[column.removesuffix("_at") + "_on"] = "DATE"
        beside = {"source_file": "VARCHAR", "record_number": "BIGINT", "content_hash": "VARCHAR"}
        own_time = {"landed_at": "TIMESTAMP", "rows_held": "BIGINT"} if "loaded_at" in self.columns else {}
        return raw | beside | {"loaded_at": "TIMESTAMP"} | own_time


def _table(name: str, key: str, columns: str, *, changes: bool = True) -> Table:
    """A table from `name` or `name:type` words; `*` marks a column that must not be null; no type means text."""
    kinds = {
        "": "VARCHAR",
        "ts": "TIMESTAMP",
        "date": "DATE",
        "num": "DOUBLE",
        "money": "DECIMAL(18, 2)",
        "int": "BIGINT",
        "flag": "BOOLEAN",
    }
    parsed, required = {}, []
    for word in columns.split():
        column, _, kind = word.partition(":")
        if column.endswith("*"):
            required.append(column := column[:-1])
        parsed[column] = kinds[kind]
    return Table(name, parsed, tuple(required), tuple(key.split()), changes)


TABLES = {
    table.name: table
    for table in (
        _table(
            "people",
            "record_id",
            "record_id* object* email first_name last_name title company domain phone country region lead_source"
            " owner_id account_id score:num created_at:ts updated_at:ts is_deleted:flag converted_to_record_id"
            " converted_at:ts converted_opportunity_id merged_into_record_id linked_system linked_record_id"
            " external_id",
        ),
        _table("field_values", "object record_id field", "record_id* object* field* value set_at:ts writer"),
        _table(
            "field_changes",
            "change_id",
            "change_id* record_id* object* field* old_value new_value changed_at*:ts changed_by writer",
            changes=False,
        ),
        _table(
            "accounts",
            "account_id",
            "account_id* name domain industry employees:int country parent_account_id owner_id created_at:ts"
            " is_deleted:flag linked_system linked_record_id",
        ),
        _table(
            "opportunities",
            "opportunity_id",
            "opportunity_id* account_id person_system person_record_id name pipeline record_type stage_value*"
            " amount:money currency is_closed:flag is_won:flag created_at:ts closed_at:ts close_on:date owner_id"
            " updated_at:ts is_deleted:flag linked_system linked_record_id",
        ),
        _table(
            "opportunity_changes",
            "change_id",
            "change_id* opportunity_id* old_value new_value* changed_at*:ts changed_by",
            changes=False,
        ),
        _table(
            "opportunity_people",
            "opportunity_id record_id role",
            "opportunity_id* record_id* role is_primary:flag added_at:ts",
        ),
        _table(
            "activities",
            "activity_id",
            "activity_id* record_id* kind* side* channel campaign_id direction occurred_at*:ts owner_id"
            " is_completed:flag is_automated:flag linked_system linked_record_id",
        ),
        _table("campaigns", "campaign_id", "campaign_id* name channel cost:money currency started_on:date"),
        _table("users", "user_id", "user_id* name email kind is_active:flag"),
        _table(
            "extractions",
            "object loaded_at",
            "object* loaded_at*:ts complete_through*:ts rows_landed:int rows_at_source:int",
        ),
    )
}

ALLOWED_VALUES = {
    ("people", "object"): ("lead", "contact", "prospect"),
    ("activities", "side"): ("marketing", "sales"),
    ("users", "kind"): ("person", "queue", "integration"),
}

"""Which objects and fields an org has, and which of them we ask for."""

from dataclasses import dataclass

from ingest.sources import System
from ingest.systems.connectors.api import Api
from ingest.systems.kinds import KINDS
from ingest.systems.vendors.names import normalised

KIND = KINDS["salesforce"]
NOT_ASKED = {"address", "location", "base64", "complexvalue"}  # compound fields: their parts are fields of their own


@dataclass(frozen=True)
class Object:
    """One object as this org describes it: its API name, the fields to ask for, the moment by which it is ordered."""

    name: str
    fields: tuple[str, ...]
    stamp: str
    has_deletes: bool  # getDeleted knows it

    def select(self, where: str = "", ordered: bool = True) -> str:
        """SOQL for its records."""
        condition = f" WHERE {where}" if where else ""
        order = f" ORDER BY {self.stamp}, Id" if ordered else ""
        return f"SELECT {', '.join(self.fields)} FROM {self.name}{condition}{order}"


def api_name(table: str) -> str:
    """`opportunity_contact_role` → `OpportunityContactRole`."""
    return "".join(word.capitalize() for word in table.split("_"))


def described(api: Api, system: System, root: str, table: str) -> Object:
    """An object as the org shows it to us; raises Absent where it does not."""
    name, declared = api_name(table), KIND.tables[table].columns
    known = api.get(f"{root}/sobjects/{name}/describe").json
    wanted = {source for on in system.fields if KIND.objects[on] == table for source in system.fields[on].values()}
    names = [
        field["name"]
        for field in known["fields"]
        if field["type"] not in NOT_ASKED
        and (system.api.all_fields or normalised(field["name"]) in declared or field["name"] in wanted)
    ]
    stamp = "SystemModstamp" if "SystemModstamp" in names else "CreatedDate"
    return Object(name, tuple(names), stamp, bool(known.get("replicateable")) and "is_deleted" in declared)

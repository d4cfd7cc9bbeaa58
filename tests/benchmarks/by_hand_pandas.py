"""The same marts in pandas, as far as one would write them by hand: people, history, mismatches, funnel, conversion.

`python by_hand_pandas.py WORLD OUT`: as by_hand.py, for as many people as fit into memory. No segments but `all`.
"""

import json
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

STATUS = {
    "Open - Not Contacted": ("", 0, 1, 2),
    "Working - Contacted": ("sal", 3, 3, 3),
    "Qualified": ("sql", 4, 4, 4),
    "Nurture": ("recycled", 0, -1, -1),
    "Unqualified": ("disqualified", 0, -2, -2),
}
LIFECYCLE = {
    "Engaged": ("inquiry", 1, 1, 1),
    "MQL": ("mql", 2, 2, 2),
    "SAL": ("sal", 3, 3, 3),
    "SQL": ("sql", 4, 4, 4),
    "Opportunity": ("opportunity", 5, 5, 5),
    "Customer": ("won", 6, 6, 6),
    "Recycled": ("recycled", 0, -1, -1),
    "Disqualified": ("disqualified", 0, -2, -2),
    "Lost": ("lost", 0, -3, -3),
}
DEALS = {
    "Prospecting": ("opportunity", 5, 5, 5),
    "Proposal": ("opportunity", 5, 5, 5),
    "Negotiation": ("opportunity", 5, 5, 5),
    "Closed Won": ("won", 6, 6, 6),
    "Closed Lost": ("lost", 0, -3, -3),
}
MEANINGS = pd.DataFrame(
    [
        (source, value, *meaning)
        for source, values in (("lead_status", STATUS), ("lifecycle", LIFECYCLE), ("opportunities", DEALS))
        for value, meaning in values.items()
    ],
    columns=["source", "value", "stage", "rank", "least", "greatest"],
)
PATH = ["inquiry", "mql", "sal", "sql", "opportunity", "won"]
WINDOWS = [30, 14, 30, 60, 120]  # days


def write(world: Path, out: Path) -> None:
    """Create the marts in a new DuckDB file."""
    records = connected(records_of(world))
    said = sayings(world, records)
    moves = moved(said)
    reached = stages_reached(moves)
    tables = {
        "people": records.drop_duplicates("person"),
        "stage_history": moves,
        "stage_mismatches": mismatches(records, said, moves),
        "funnel_by_month": funnel(reached),
        "conversion_rates": conversions(reached),
    }
    out.unlink(missing_ok=True)
    with duckdb.connect(out) as con:
        for name, table in tables.items():
            con.register("frame", table)
            con.execute(f"create table {name} as select * from frame")


def read(world: Path, name: str, columns: list[str]) -> pd.DataFrame:
    """An object's columns, of all its parts."""
    folder, object = name.split("/")
    files = sorted({*(world / folder).glob(f"{object}.parquet"), *(world / folder).glob(f"{object}-[0-9]*.parquet")})
    return pd.concat([pd.read_parquet(file, columns=columns) for file in files], ignore_index=True)


def records_of(world: Path) -> pd.DataFrame:
    """Leads, contacts and prospects, one row each."""
    names = ["id", "email", "link", "external_id", "created_at", "updated_at", "is_deleted", "merged"]
    leads = read(
        world,
        "salesforce/Lead",
        [
            "Id",
            "Email",
            "ConvertedContactId",
            "External_Id__c",
            "CreatedDate",
            "LastModifiedDate",
            "IsDeleted",
            "MasterRecordId",
        ],
    )
    contacts = read(
        world,
        "salesforce/Contact",
        ["Id", "Email", "External_Id__c", "CreatedDate", "LastModifiedDate", "IsDeleted", "MasterRecordId"],
    )
    contacts.insert(2, "link", None)
    prospects = read(
        world, "marketo/leads", ["id", "email", "sfdcContactId", "sfdcLeadId", "externalId", "createdAt", "updatedAt"]
    )
    prospects["id"] = prospects["id"].astype(str)
    prospects.insert(2, "link", prospects["sfdcContactId"].fillna(prospects["sfdcLeadId"]))
    prospects = prospects.drop(columns=["sfdcContactId", "sfdcLeadId"]).assign(is_deleted=False, merged=None)
    parts = []
    for object, frame in (("lead", leads), ("contact", contacts), ("prospect", prospects)):
        frame.columns = names
        parts.append(frame.assign(object=object))
    records = pd.concat(parts, ignore_index=True)
    records["email"] = records["email"].str.strip().str.lower()
    records["link"] = records["link"].fillna(records["merged"])
    records["is_live"] = ~records["is_deleted"].astype(bool) & records["merged"].isna()
    return records


def connected(records: pd.DataFrame) -> pd.DataFrame:
    """Each record with its person."""
    place = pd.Series(records.index, index=records["id"])
    linked = records["link"].map(place)
    pairs = [np.column_stack([linked.dropna().index, linked.dropna().astype(int)])]
    for key in ("email", "external_id"):
        known = records[records[key].notna()]
        first = known.groupby(key)["created_at"].transform(lambda group: group.index[0])
        pairs.append(np.column_stack([known.index, first.astype("int64")]))
    links = np.concatenate(pairs)
    graph = coo_array((np.ones(len(links), dtype=np.int8), (links[:, 0], links[:, 1])), shape=(len(records),) * 2)
    return records.assign(person=connected_components(graph, directed=False)[1])


def sayings(world: Path, records: pd.DataFrame) -> pd.DataFrame:
    """Every stage value that a source has ever said of a person: person, source, value, said_at."""
    person = records.set_index("id")["person"]
    lead_history = read(world, "salesforce/LeadHistory", ["LeadId", "Field", "OldValue", "NewValue", "CreatedDate"])
    lead_history = lead_history[lead_history["Field"] == "Status"].rename(columns={"LeadId": "id"})
    leads = read(world, "salesforce/Lead", ["Id", "Status", "CreatedDate", "ConvertedOpportunityId"])
    deals = read(world, "salesforce/Opportunity", ["Id", "StageName", "CreatedDate", "ContactId"])
    deal_history = read(
        world, "salesforce/OpportunityFieldHistory", ["OpportunityId", "Field", "OldValue", "NewValue", "CreatedDate"]
    )
    deal_history = deal_history[deal_history["Field"] == "StageName"].rename(columns={"OpportunityId": "id"})
    roles = read(world, "salesforce/OpportunityContactRole", ["OpportunityId", "ContactId", "IsPrimary"])
    said = [
        _with_first(lead_history, leads.rename(columns={"Status": "value"})).assign(source="lead_status"),
    ]
    concerned = pd.concat(
        [
            roles.loc[roles["IsPrimary"], ["OpportunityId", "ContactId"]].set_axis(["deal", "id"], axis=1),
            deals[["Id", "ContactId"]].set_axis(["deal", "id"], axis=1),
            leads[["ConvertedOpportunityId", "Id"]].set_axis(["deal", "id"], axis=1),
        ]
    ).dropna()
    concerned["person"] = concerned["id"].map(person)
    concerned = concerned.drop_duplicates(["deal", "person"])[["deal", "person"]]
    of_deals = _with_first(deal_history, deals.rename(columns={"StageName": "value"})).rename(columns={"id": "deal"})
    said.append(of_deals.merge(concerned, on="deal").assign(source="opportunities"))
    activities = read(
        world,
        "marketo/activities",
        ["leadId", "activityDate", "activityTypeId", "primaryAttributeValue", "attributes"],
    )
    activities = activities[activities["activityTypeId"].isin([2, 22, 101])].rename(columns={"activityDate": "said_at"})
    activities["id"] = activities["leadId"].astype(str)
    stages = activities[activities["activityTypeId"] == 101]
    stages = stages.assign(value=[json.loads(text).get("New Stage") for text in stages["attributes"]])
    scores = activities[activities["activityTypeId"] == 22]
    scores = scores.assign(**{
        name: [float(json.loads(text)[key]) for text in scores["attributes"]]
        for name, key in (("new", "New Value"), ("change", "Change Value"))
    })  # fmt: skip
    crossed = scores[(scores["new"] >= 65) & (scores["new"] - scores["change"] < 65)]
    demos = activities[(activities["activityTypeId"] == 2) & (activities["primaryAttributeValue"] == "Demo Request")]
    said += [
        stages.assign(source="lifecycle"),
        crossed.assign(source="mql_rule", value="score"),
        demos.assign(source="mql_rule", value="form"),
    ]
    said = pd.concat([frame.reindex(columns=["id", "person", "deal", "source", "value", "said_at"]) for frame in said])
    said["person"] = said["person"].fillna(said["id"].map(person))
    said = said.dropna(subset=["person", "said_at"]).merge(MEANINGS, on=["source", "value"], how="left")
    rule = said["source"] == "mql_rule"
    said.loc[rule, "stage"], said.loc[rule, "rank"] = "mql", 2
    return said


def _with_first(history: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    first = history.sort_values("CreatedDate").groupby("id")["OldValue"].first()
    value = records["Id"].map(first).fillna(records["value"])
    start = pd.DataFrame({"id": records["Id"], "value": value, "said_at": records["CreatedDate"]})
    changes = history[["id", "NewValue", "CreatedDate"]].set_axis(["id", "value", "said_at"], axis=1)
    return pd.concat([start, changes], ignore_index=True)


def moved(said: pd.DataFrame) -> pd.DataFrame:
    """The history: entries with the authority, in order, with their cycle and transition."""
    by_authority = {
        "lifecycle": ["inquiry", "mql"],
        "mql_rule": ["mql"],
        "lead_status": ["sal", "sql", "recycled", "disqualified"],
        "opportunities": ["opportunity", "won", "lost"],
    }
    is_heard = np.zeros(len(said), dtype=bool)
    for source, stages in by_authority.items():
        is_heard |= (said["source"] == source).to_numpy() & said["stage"].isin(stages).to_numpy()
    moves = said[is_heard].sort_values(["person", "said_at", "rank"], kind="stable").reset_index(drop=True)
    firm = moves["rank"].where(moves["source"] != "mql_rule")
    before = firm.groupby(moves["person"]).ffill().groupby(moves["person"]).shift()
    moves = moves[~((moves["source"] == "mql_rule") & (before > 2))].reset_index(drop=True)
    per_person = moves.groupby("person")
    previous, previous_stage = per_person["rank"].shift(), per_person["stage"].shift()
    waited = moves["said_at"] - per_person["said_at"].shift()
    after_end = previous.isna() | (previous == 0) | ((previous == 6) & (moves["rank"] != 6))
    starts = (moves["rank"] > 0) & (after_end | (waited > pd.Timedelta(days=365)))
    moves["cycle"] = starts.groupby(moves["person"]).cumsum()
    moves["left_at"] = per_person["said_at"].shift(-1)
    moves["previous_stage"], moves["previous_rank"] = previous_stage, previous
    moves["transition"] = np.select(
        [
            starts & (moves["cycle"] == 1),
            starts,
            moves["stage"] == previous_stage,
            moves["stage"] == "recycled",
            moves["rank"] == 0,
            moves["rank"] == previous + 1,
            moves["rank"] > previous,
        ],
        ["entry", "re_entry", "", "recycle", "exit", "forward", "skip"],
        "regression",
    )
    return moves


def stages_reached(moves: pd.DataFrame) -> pd.DataFrame:
    """Person, cycle and stage reached, also by skipping it, with the months."""
    counted = moves[(moves["cycle"] > 0) & (moves["rank"] > 0)]
    ways = [counted[["person", "cycle", "rank", "said_at"]].assign(is_observed=True)]
    skips = counted[counted["transition"] == "skip"]
    for rank in range(2, len(PATH)):
        over = skips[(skips["previous_rank"] < rank) & (skips["rank"] > rank)]
        ways.append(over[["person", "cycle", "said_at"]].assign(rank=rank, is_observed=False))
    ways = pd.concat(ways)
    reached = ways.groupby(["person", "cycle", "rank"], as_index=False).agg(
        reached_at=("said_at", "min"), is_observed=("is_observed", "max")
    )
    local = reached["reached_at"].dt.tz_localize("UTC").dt.tz_convert("Europe/Berlin")
    reached["month"] = local.dt.strftime("%Y-%m-01")
    reached["cohort"] = reached.groupby(["person", "cycle"])["month"].transform("min")
    return reached


def funnel(reached: pd.DataFrame) -> pd.DataFrame:
    """The funnel of all people, by cohort and by period."""
    parts = []
    for basis, month in (("cohort", "cohort"), ("period", "month")):
        counts = reached.groupby([month, "rank"])["is_observed"].agg(["size", "sum"]).reset_index()
        counts.columns = ["month", "rank", "reached", "observed"]
        parts.append(counts.assign(unit="person", basis=basis, segment="all"))
    table = pd.concat(parts)
    return table.assign(stage=[PATH[int(rank) - 1] for rank in table["rank"]])


def conversions(reached: pd.DataFrame) -> pd.DataFrame:
    """Conversion by cohort within its window, with Wilson's interval."""
    following = reached.assign(rank=reached["rank"] - 1)[["person", "cycle", "rank", "reached_at"]]
    pairs = reached[reached["rank"] < len(PATH)].merge(
        following, on=["person", "cycle", "rank"], how="left", suffixes=("", "_next")
    )
    window = pd.to_timedelta([WINDOWS[int(rank) - 1] for rank in pairs["rank"]], unit="D")
    pairs["converted"] = pairs["reached_at_next"] <= pairs["reached_at"] + window
    rates = pairs.groupby(["month", "rank"])["converted"].agg(["size", "sum"]).reset_index()
    rates.columns = ["month", "rank", "entered", "converted"]
    share, z = rates["converted"] / rates["entered"], 1.96
    spread = z * np.sqrt(share * (1 - share) / rates["entered"] + z**2 / 4 / rates["entered"] ** 2)
    for name, sign in (("ci_low", -1), ("ci_high", 1)):
        rates[name] = (share + z**2 / 2 / rates["entered"] + sign * spread) / (1 + z**2 / rates["entered"])
    return rates.assign(rate=share)


def mismatches(records: pd.DataFrame, said: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """People on whom the two sides disagree at the end."""
    live = records[records["is_live"]].assign(is_prospect=lambda rows: rows["object"] == "prospect")
    speaking = live.sort_values(["object", "updated_at"], ascending=[True, False]).drop_duplicates(
        ["person", "is_prospect"]
    )
    speaks = said["id"].isin(speaking["id"]) | (said["source"] == "opportunities")
    said = said[speaks & (said["source"] != "mql_rule") & ~said["value"].isin(["Imported", "Existing Contact"])]
    said = said.assign(
        side=np.where(said["source"] == "lifecycle", "map", "crm"),
        priority=((said["source"] == "opportunities") & (said["stage"] != "lost")).astype(int),
    )
    said = said.sort_values("said_at").drop_duplicates(["side", "person", "source", "deal"], keep="last")
    last = (
        said.sort_values(["priority", "said_at"]).drop_duplicates(["side", "person"], keep="last").set_index("person")
    )
    crm, map = (last[last["side"] == side].add_prefix(f"{side}_") for side in ("crm", "map"))
    faced = pd.DataFrame(index=live["person"].unique()).join(crm).join(map)
    in_both = faced.index.isin(live.loc[live["is_prospect"], "person"])
    in_both &= faced.index.isin(live.loc[~live["is_prospect"], "person"])
    handed_over = faced.index.isin(moves.loc[moves["rank"] >= 2, "person"])
    is_unmapped = (
        faced["crm_stage"].isna() & faced["crm_side"].notna() | faced["map_stage"].isna() & faced["map_side"].notna()
    )
    both_say = faced["crm_side"].notna() & faced["map_side"].notna()
    meet = (faced["crm_least"] <= faced["map_greatest"]) & (faced["map_least"] <= faced["crm_greatest"])
    is_wrong = np.where(in_both, is_unmapped | (both_say & ~meet), handed_over)
    since = faced[["crm_said_at", "map_said_at"]].max(axis=1)
    is_old = ~(since >= said["said_at"].max() - pd.Timedelta(minutes=30))
    return faced[is_wrong & is_old].rename_axis("person").reset_index()


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))

"""A company of a dozen people and a few deals, written by hand, whose exports change between two publications.

Every edit is one cause of a restatement; what it must do to which figure follows from the rows below, by hand.
"""

import csv
from pathlib import Path

SOURCES = """\
systems:
  - name: crm
    kind: files
    role: crm
    path: crm
    tables:
      people:
        file: leads.csv
        columns:
          {record_id: id, object: object, email: email, lead_source: lead_source, created_at: created,
           updated_at: updated, is_deleted: deleted, merged_into_record_id: merged_into,
           converted_to_record_id: converted_to}
        fields: {status: {column: status, set_at: status_since}}
      field_changes:
        file: changes.csv
        columns:
          {change_id: id, record_id: lead, object: {value: lead}, field: {value: status}, old_value: old,
           new_value: new, changed_at: at}
      opportunities:
        file: deals.csv
        columns:
          {opportunity_id: id, stage_value: stage, amount: amount, currency: currency, created_at: created,
           closed_at: closed, updated_at: updated, is_deleted: deleted}
  - name: map
    kind: files
    role: map
    path: map
    tables:
      people:
        file: prospects.csv
        columns:
          {record_id: id, object: {value: prospect}, email: email, created_at: created, linked_system: {value: crm},
           linked_record_id: lead}
        fields: {stage: {column: stage, set_at: since}}
"""
AGREEMENT = """\
version: {version}
effective_from: {effective_from}
signed: {{marketing: {{role: CMO, on: 2025-12-01}}, sales: {{role: CSO, on: 2025-12-01}}}}
currency: EUR
rates: {{USD: {dollar}}}
{exclude}
stages:
  - {{name: mql, owner: marketing, meaning: Worth a call., authority: [status]}}
  - {{name: sal, owner: sales, meaning: Taken on., authority: [status]}}
  - {{name: won, owner: sales, unit: opportunity, meaning: Signed., authority: [deals]}}
exits:
  lost: {{owner: sales, reopens: true, unit: opportunity, meaning: Not signed., authority: [deals]}}
stage_sources:
  - {{name: deals, system: crm, side: crm, field: opportunity.stage, values: {{Open: ignored, Won: won, Lost: lost}}}}
  - {{name: status, system: crm, side: crm, field: lead.status, values: {{MQL: mql, Working: sal, Qualified: ignored}}}}
  - {{name: stage, system: map, side: map, field: prospect.stage, values: {{MQL: mql, SAL: sal}}}}
{corrections}
reports:
  - {{name: funnel, tables: [funnel_by_month, conversion_rates], holds_over: {{relative: 0, absolute: 1}}}}
"""
CORRECTION = "corrections: [{source: status, value: Wrking, means: sal}]"
LEAD = "id,object,email,lead_source,created,updated,deleted,merged_into,converted_to,status,status_since"
CHANGE, DEAL, PROSPECT = (
    "id,lead,old,new,at",
    "id,stage,amount,currency,created,closed,updated,deleted",
    "id,email,created,lead,stage,since",
)
# Whoever has no change in the history is known by the value of today and the time stamped on it.
LEADS = """
known,lead,known@a.example,Web,2026-03-01,2026-03-02,,,,MQL,
late,lead,late@a.example,Web,2026-03-01,2026-03-02,,,,MQL,
dated,lead,dated@a.example,Web,2026-01-10,2026-03-12,,,,MQL,2026-03-12
winner,lead,winner@a.example,Web,2026-03-01,2026-03-04,,,,MQL,2026-03-04
loser,lead,loser@a.example,Web,2026-03-05,2026-03-06,,,,MQL,2026-03-06
gone,lead,gone@a.example,Web,2026-03-01,2026-03-07,,,,MQL,2026-03-07
converted,lead,converted@a.example,Web,2026-03-01,2026-03-15,,,,Working,2026-03-15
misspelt,lead,misspelt@a.example,Web,2026-03-01,2026-03-18,,,,Wrking,2026-03-18
partner,lead,partner@a.example,Partner,2026-03-01,2026-03-09,,,,MQL,2026-03-09
mover,lead,mover@a.example,Web,2026-03-01,2026-03-03,,,,MQL,
"""
CHANGES = """
1,known,,MQL,2026-03-02 09:00:00
2,late,,MQL,2026-03-02 09:00:00
3,mover,,MQL,2026-03-03 09:00:00
"""
DEALS = """
back_dated,Open,1000.10,EUR,2026-02-01,,2026-03-01,
edited,Won,250.25,EUR,2026-02-01,2026-03-20,2026-03-20,
deleted,Won,500.00,EUR,2025-12-01,2026-01-15,2026-01-15,
dollars,Won,100.00,USD,2025-12-01,2026-02-15,2026-02-15,
"""


class Company:
    """Its exports, its sources.yml and its agreement in a folder; every method is something that happens there."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in ("crm", "map", "agreement"):
            (folder / name).mkdir(parents=True)
        (folder / "sources.yml").write_text(SOURCES)
        self.agree(1)
        self.tables = {
            "crm/leads.csv": _read(LEAD, LEADS),
            "crm/changes.csv": _read(CHANGE, CHANGES),
            "crm/deals.csv": _read(DEAL, DEALS),
            "map/prospects.csv": _read(PROSPECT, ""),
        }
        self.export()

    def agree(self, version: int, effective_from="2026-01-01", dollar=0.9, exclude="", corrections="") -> None:
        """Sign a version, or put a correction to it."""
        text = AGREEMENT.format(**{name: value for name, value in locals().items() if name != "self"})
        (self.folder / "agreement" / f"v{version}.yml").write_text(text)

    def edit(self, file: str, id: str, **columns: str) -> None:
        """Change a row of an export, or add it."""
        row = self.tables[file].setdefault(
            id, dict.fromkeys(next(iter(self.tables[file].values()), columns), "") | {"id": id}
        )
        row.update(columns)
        self.export()

    def export(self) -> None:
        """Write every file anew."""
        for file, rows in self.tables.items():
            header = {"crm/leads.csv": LEAD, "crm/changes.csv": CHANGE, "crm/deals.csv": DEAL}.get(file, PROSPECT)
            with open(self.folder / file, "w", newline="") as out:
                writer = csv.DictWriter(out, header.split(","))
                writer.writeheader()
                writer.writerows(rows.values())

    def everything_happens(self) -> None:
        """One edit of each cause, all of them about months that were published on the first of April."""
        lead, change, deal = "crm/leads.csv", "crm/changes.csv", "crm/deals.csv"
        self.edit(lead, "unknown", object="lead", email="unknown@a.example", created="2026-03-05", updated="2026-03-10",
                  status="MQL")  # fmt: skip
        self.edit(change, "4", lead="unknown", new="MQL", at="2026-03-10 09:00:00")
        self.edit(change, "5", lead="late", old="MQL", new="Working", at="2026-03-20 09:00:00")
        self.edit(lead, "late", status="Working", updated="2026-03-20")
        self.edit(lead, "dated", status_since="2026-02-12", updated="2026-05-05")
        self.edit(lead, "loser", merged_into="winner", updated="2026-05-06")
        self.edit(lead, "gone", deleted="true", updated="2026-05-07")
        self.edit(
            lead,
            "converted",
            converted_to="contact",
            status="Qualified",
            status_since="2026-05-02",
            updated="2026-05-02",
        )
        self.edit(
            lead, "contact", object="contact", email="converted@a.example", created="2026-05-02", updated="2026-05-02"
        )
        self.edit(change, "6", lead="mover", old="MQL", new="Working", at="2026-05-20 09:00:00")
        self.edit(lead, "mover", status="Working", updated="2026-05-20")
        self.edit(deal, "back_dated", stage="Won", closed="2026-03-28", updated="2026-05-10")
        self.edit(deal, "edited", amount="249.99", updated="2026-05-03")
        self.edit(deal, "deleted", deleted="true", updated="2026-05-04")
        self.agree(1, corrections=CORRECTION)
        self.agree(2, effective_from="2026-05-01", dollar=0.8, exclude="exclude: [{lead_source: [Partner]}]")


def _read(header: str, text: str) -> dict[str, dict[str, str]]:
    rows = csv.DictReader([header, *text.split()] if " " not in text else [header, *text.strip().splitlines()])
    return {row["id"]: row for row in rows}

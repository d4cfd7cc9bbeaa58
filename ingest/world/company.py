"""The company: its salespeople, its campaigns, the words that names and places are made of. Nobody's journey."""

import duckdb
import pandas as pd

SDRS = ("U001", "U002", "U003", "U004", "U005", "U006")
AES = ("U007", "U008", "U009", "U010", "U011", "U012")
SYNC_USER, IMPORT_USER, QUEUE = "U090", "U091", "Q01"
STAFF = ("Mara Lindt", "Jonas Falk", "Aylin Demir", "Piotr Nowak", "Chiara Russo", "Ben Carter")
STAFF += ("Helene Vogt", "Tom Okafor", "Lucía Prieto", "Sven Dahl", "Nadia Haddad", "Oscar Lund")


# name, channel, cost; the first is the hand-raise that the agreement's rule knows
PROGRAMS = (
    ("Demo Request", "Web", 4000),
    ("Pricing Guide", "Web", 2500),
    ("Newsletter", "Email", 1200),
    ("Autumn Webinar", "Webinar", 9000),
    ("Hannover Fair", "Event", 42000),
    ("Benchmark Report", "Content", 7500),
    ("Partner Days", "Event", 15000),
    ("Search Ads", "Paid Search", 60000),
)

SOURCES = ("Website", "Paid Search", "Webinar", "Trade Show", "Referral", "Content Syndication")
SOURCE_SHARES = (0.30, 0.20, 0.15, 0.12, 0.09, 0.06)  # the rest left it empty
SOURCE_QUALITY = (1.15, 0.95, 1.0, 0.85, 1.5, 0.6, 0.9)  # the last: empty

PERSONAS = ("decision_maker", "practitioner", "outsider")
PERSONA_SHARES = (0.25, 0.47, 0.28)
PERSONA_QUALITY = (1.3, 1.05, 0.6)

# shown, as in an e-mail address
FIRST_NAMES = (
    ("Anna", "anna"), ("Jürgen", "juergen"), ("Zoë", "zoe"), ("Søren", "soeren"), ("Paulo", "paulo"),
    ("Mei", "mei"), ("Fatima", "fatima"), ("Erik", "erik"), ("Laura", "laura"), ("Tomáš", "tomas"),
    ("Ingrid", "ingrid"), ("David", "david"), ("Noor", "noor"), ("Viktor", "viktor"), ("Claire", "claire"),
    ("Hugo", "hugo"), ("Sara", "sara"), ("Marek", "marek"), ("Elif", "elif"), ("James", "james"),
    ("Giulia", "giulia"), ("Ravi", "ravi"), ("Emma", "emma"), ("Luca", "luca"), ("Hanna", "hanna"),
)  # fmt: skip
LAST_NAMES = (
    ("Meyer", "meyer"), ("O'Neill", "oneill"), ("García", "garcia"), ("Novák", "novak"), ("Schmidt", "schmidt"),
    ("Rossi", "rossi"), ("Lindqvist", "lindqvist"), ("Silva", "silva"), ("Kowalski", "kowalski"), ("Chen", "chen"),
    ("Dubois", "dubois"), ("van Dijk", "vandijk"), ("Şahin", "sahin"), ("Hansen", "hansen"), ("Patel", "patel"),
    ("Weber", "weber"), ("Bauer", "bauer"), ("Moreau", "moreau"), ("Costa", "costa"), ("Smith", "smith"),
    ("Nilsson", "nilsson"), ("Fischer", "fischer"), ("Horváth", "horvath"), ("Ferrari", "ferrari"), ("Jones", "jones"),
)  # fmt: skip
TITLES = {
    "decision_maker": ("VP Marketing", "Chief Revenue Officer", "Head of Sales", "Director Operations"),
    "practitioner": ("Marketing Manager", "Sales Operations Analyst", "CRM Administrator", "Demand Generation Lead"),
    "outsider": ("Student", "Freelance Consultant", "Research Assistant", "Intern"),
}
FIRM_FIRST = ("Nordic", "Blue", "Alpine", "Delta", "Prime", "Urban", "Iron", "Solar", "Granite", "River")
FIRM_SECOND = ("Logistics", "Foods", "Systems", "Textiles", "Energy", "Robotics", "Health", "Media", "Tools")
FIRM_FORMS = ("GmbH", "AG", "Ltd", "S.A.", "AB")
INDUSTRIES = ("Manufacturing", "Software", "Retail", "Health Care", "Energy", "Media")
COUNTRIES = ("Germany", "Austria", "Switzerland", "France", "Netherlands", "Sweden", "United States")


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Give `con` the tables `staff`, `programs`, `first_names`, `last_names`, `titles`, each numbered from 0."""
    staff = [(user, name, "Standard") for user, name in zip(SDRS + AES, STAFF, strict=True)]
    staff += [(SYNC_USER, "Marketing Sync", "CloudIntegrationUser"), (IMPORT_USER, "Data Import", "AutomatedProcess")]
    staff += [(QUEUE, "SDR Queue", "Queue")]
    _numbered(con, "staff", staff, ["user_id", "name", "user_type"])
    _numbered(con, "programs", PROGRAMS, ["name", "channel", "cost"])
    _numbered(con, "first_names", FIRST_NAMES, ["shown", "address"])
    _numbered(con, "last_names", LAST_NAMES, ["shown", "address"])
    titles = [(persona, n, title) for persona, names in TITLES.items() for n, title in enumerate(names)]
    _numbered(con, "titles", titles, ["persona", "variant", "title"])


def _numbered(con: duckdb.DuckDBPyConnection, name: str, rows, columns: list[str]) -> None:
    frame = pd.DataFrame(rows, columns=columns)  # noqa: F841  DuckDB reads it by its name
    con.execute(f"create table {name} as select row_number() over () - 1 as n, * from frame")

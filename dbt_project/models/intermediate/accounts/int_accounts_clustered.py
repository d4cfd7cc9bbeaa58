"""Account records that are linked, directly or through others, are one company: connected components, by a library."""

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def model(dbt, session):
    """One row per account record: `account_rank`, and `company_rank`, the smallest of its company."""
    dbt.config(materialized="table")
    links = dbt.ref("int_account_links_found").project("account_rank, linked_rank").fetchnumpy()
    size = dbt.ref("int_accounts_unioned").aggregate("coalesce(max(account_rank), 0)").fetchone()[0] + 1
    ones = np.ones(len(links["account_rank"]), dtype=np.int32)
    graph = coo_array((ones, (links["account_rank"], links["linked_rank"])), shape=(size, size))
    component = connected_components(graph, directed=False)[1][1:]
    rank = np.arange(1, size, dtype=np.int64)
    smallest = np.full(size, size, dtype=np.int64)
    np.minimum.at(smallest, component, rank)
    return pa.table({"account_rank": rank, "company_rank": smallest[component]})

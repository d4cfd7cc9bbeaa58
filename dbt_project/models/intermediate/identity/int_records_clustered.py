"""Records that are linked, directly or through others, are one person: connected components, by a library."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def model(dbt, session):
    """One row per record: `record_rank`, and `person_rank`, the smallest record_rank of its person."""
    dbt.config(materialized="table")
    links = dbt.ref("int_record_links_found").project("record_rank, linked_rank").fetchnumpy()
    size = dbt.ref("int_people_unioned").aggregate("coalesce(max(record_rank), 0)").fetchone()[0] + 1
    ones = np.ones(len(links["record_rank"]), dtype=np.int8)
    graph = coo_array((ones, (links["record_rank"], links["linked_rank"])), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    record_rank = np.arange(1, size, dtype=np.int64)
    smallest = np.full(size, size, dtype=np.int64)
    np.minimum.at(smallest, component[1:], record_rank)
    return pd.DataFrame({"record_rank": record_rank, "person_rank": smallest[component[1:]]})

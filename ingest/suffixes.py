"""The public suffix list, under which companies register domains; it comes with a library and is never downloaded."""

from functools import cache

import pyarrow as pa

COLUMNS = {"suffix": "VARCHAR", "is_wildcard": "BOOLEAN", "is_exception": "BOOLEAN"}


@cache
def public_suffixes() -> pa.Table:
    """One row per rule and spelling: `co.uk`; `ck` of `*.ck`, a wildcard; `www.ck` of `!www.ck`, an exception."""
    import tldextract  # a quarter of a second, which only a load needs

    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
    rules = {}
    for rule in extract.tlds:
        kind = (rule.startswith("*."), rule.startswith("!"))
        name = rule.removeprefix("*.").removeprefix("!")
        rules[name, *kind] = rules[_in_ascii(name), *kind] = None
    return pa.table(dict(zip(COLUMNS, map(list, zip(*sorted(rules), strict=True)), strict=True)))


def _in_ascii(name: str) -> str:
    return name if name.isascii() else ".".join(label.encode("idna").decode() for label in name.split("."))

"""The kinds of system whose exports have their vendor's shape."""

from ingest.systems import hubspot, marketo, salesforce

KINDS = {kind.name: kind for kind in (salesforce.KIND, marketo.KIND, hubspot.KIND)}

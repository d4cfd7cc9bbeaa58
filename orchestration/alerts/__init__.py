"""Who is told what: each thing that is wrong once, when it gets worse and when it is well again; nothing is lost.

`evaluations`, `runs` and `freshness` find what is wrong, `incidents` decides what is worth a message, `outbox` keeps
both in `store`, `sendings` makes of what waits a text with a key, `delivery` gets it to each of `targets` by its
`channels`, in the words of `words`. `heartbeat` knows when nobody looked.
"""

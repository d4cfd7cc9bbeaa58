"""Local servers that behave as a vendor's API does, with a simulated company behind them. Real HTTP on 127.0.0.1.

serving   an application → an address, for as long as a test needs it
faults    what goes wrong with an answer on its way, whatever the vendor; and what a vendor does by itself, by name
calls     every request that came in, to be counted
world     the simulated company as tables that a test may change: what the vendor answers from, and the truth of a load

salesforce, marketo, hubspot: one package each, from the vendor's documentation and recorded traffic.
"""

"""Write the sample data: synthetic responses whose every published total is exact.

The survey's rows were never published; its totals were. This program reads the published totals and deals
them out to clusters, so that the whole way from an export to a report can be run and checked in the open.
Nothing that it writes was answered by anybody.

Ratings are dealt by rank. Each cluster has a general strength, a strength for each outcome that it keeps from
cycle to cycle, and noise; responses are put in the order of the sum, and the published levels, lowest first,
are handed out along that order. So totals are exact by construction, and the ratings of a cluster hang
together. `plausibility.SEED` is the first seed whose sample
also looks as plausible as `plausibility.find_implausibilities` asks.
"""

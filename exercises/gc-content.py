# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# title: GC content that survives messy records
# language: en
# objectives:
# - Write a function that treats small letters, unknown bases and empty sequences on purpose, not by accident.
# - Use your function on every record of a FASTA file.
# lesson: lessons/02-dna-sequences.py
# exercises: 20
# level: beginner
# authors:
# - Catalyst Lessons contributors
# license: CC-BY-4.0
# data:
# - ../lessons/data/sequences.fasta
# date: 2026-11-22
# ---

# %% [markdown]
# In the lesson [Reading DNA sequences](../lessons/02-dna-sequences.py#when-a-record-is-wrong) a simple GC function
# failed on messy records. Here you write a better one, in two steps. Plan about 20 minutes.
#
# Run each cell from top to bottom. Write your code where it says `YOUR CODE HERE`, in place of the `...`.
# The cells with `assert` check your work. If they say "Well done", you have made it.

# %%
import math

from Bio import SeqIO

records = list(SeqIO.parse("../lessons/data/sequences.fasta", "fasta"))
print(len(records), "simulated records, the first one is", records[0].id)

# %% [markdown]
# ## Step 1: a careful function
#
# Complete `gc_content`. It takes a sequence and returns the share of G and C, from 0 to 1. Three rules:
#
# 1. Small letters count like capital letters: `"gc"` is the same as `"GC"`.
# 2. Only the four known bases A, C, G and T count. Other letters, such as N, are left out,
#    above *and* below the line of the fraction.
# 3. If there is no known base at all, return `math.nan`. It means "not a number".
#    An empty sequence has no GC content, and 0 would be a lie.
#
# | sequence | result | why |
# |---|---|---|
# | `"ATGC"` | 0.5 | 2 of 4 |
# | `"atgc"` | 0.5 | small letters count |
# | `"GGNN"` | 1.0 | 2 of 2 known bases |
# | `""` | `math.nan` | nothing to count |

# %% [markdown] tags=["hint"]
# Text has a method `upper`: `"atgc".upper()` gives `"ATGC"`.
# The sequence may be a Biopython `Seq`, so make text of it first: `str(sequence).upper()`.

# %% [markdown] tags=["hint"]
# Count twice. Once for G and C: `bases.count("G") + bases.count("C")`.
# Once for all four known bases. The second number is what you divide by.

# %% [markdown] tags=["hint"]
# Look at the second number *before* you divide. If it is 0, return `math.nan` right away.


# %%
def gc_content(sequence):
    """Return the share of G and C among the known bases, from 0 to 1, or nan if there are none."""
    ### BEGIN SOLUTION
    bases = str(sequence).upper()
    strong = bases.count("G") + bases.count("C")
    known = strong + bases.count("A") + bases.count("T")
    if known == 0:
        return math.nan
    return strong / known
    ### END SOLUTION


# %% tags=["check"]
assert gc_content("ATGC") is not None, "gc_content gives nothing back yet. Did you use return?"
assert math.isclose(gc_content("ATGC"), 0.5), "ATGC has 2 of 4 bases G or C, so it should be 0.5."
assert math.isclose(gc_content("GGGC"), 1.0), "GGGC should be 1.0: a share, not a percentage."
assert gc_content("AATT") == 0, "AATT has known bases, but no G and no C, so it should be 0."
assert math.isclose(gc_content("atgc"), 0.5), "Small letters should count like capital letters."
assert math.isclose(gc_content("GGNN"), 1.0), "N is left out of both counts: GGNN has 2 of 2 known bases."
assert math.isclose(gc_content(records[0].seq), 210 / 681), "The result for lake-1 should be 210 / 681."
try:
    empty = gc_content("")
except ZeroDivisionError:
    empty = None
assert empty is not None, "An empty sequence should give math.nan. Do you divide by 0?"
assert math.isnan(empty), "The empty sequence should give math.nan, not a number such as 0."
print("Well done: step 1 is right.")

# %% [markdown]
# ## Step 2: find the odd one
#
# Complete `widest_gap`. It takes a list of records of **one** isolate.
# It returns the identifier of the record whose GC content lies farthest from the *median* of all of them.
#
# "Farthest" may mean above or below, so use the absolute value: `abs(a - b)`.

# %% [markdown] tags=["hint"]
# `statistics.median` takes a list of numbers. Make that list first:
# `values = [gc_content(record.seq) for record in records]`.

# %% [markdown] tags=["hint"]
# Go through the records with a `for` loop. Remember the largest distance so far, and the identifier that belongs to it.

# %%
import statistics


def widest_gap(records):
    """Return the id of the record whose GC content is farthest from the median of all records."""
    ### BEGIN SOLUTION
    middle = statistics.median([gc_content(record.seq) for record in records])
    farthest_id = None
    farthest = -1
    for record in records:
        distance = abs(gc_content(record.seq) - middle)
        if distance > farthest:
            farthest = distance
            farthest_id = record.id
    return farthest_id
    ### END SOLUTION


# %% tags=["check"]
river = [record for record in records if record.id.startswith("river")]
lake = [record for record in records if record.id.startswith("lake")]
assert widest_gap(river) is not None, "widest_gap gives nothing back yet. Did you use return?"
assert isinstance(widest_gap(river), str), "widest_gap should return an identifier: record.id."
assert widest_gap(river) == "river-3", "Among the river records, river-3 is farthest from the median."
assert widest_gap(lake) == "lake-1", "Among the lake records it is lake-1, below the median: use abs."
print("Well done: step 2 is right, too.")

# %% [markdown] tags=["solution"]
# Both functions follow the same order: first decide what counts, then count, then divide or compare.
#
# In step 1, `math.nan` is better than `0` for an empty sequence. pandas treats `nan` as a missing value:
# a mean leaves it out. A `0` would pull the mean down, and no one would notice.
#
# In step 2, the median is better than the mean. The mean moves toward the odd sequence, so it hides a part of the gap.

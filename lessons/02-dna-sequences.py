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
# title: 'Reading DNA sequences: FASTA, GC content, a first plot'
# language: en
# questions:
# - How do I read a file of DNA sequences with Python?
# - What is GC content, and how do I compute it?
# - How do I see at a glance which sequence is unlike the others?
# - What happens when a record is empty or wrong?
# objectives:
# - Describe the two parts of a FASTA record.
# - Read every record of a FASTA file with Biopython.
# - Predict and compute the GC content of a sequence.
# - Put one row per sequence into a pandas table and summarize it by group.
# - Draw a bar chart and a scatter plot with labeled axes.
# - Recognize records that give a number although they should not.
# keypoints:
# - A FASTA record is a header line that starts with `>` and then lines of sequence.
# - '`SeqIO.parse` hands out records one by one; put them into a list if you need them twice.'
# - GC content is the number of G and C bases divided by the number of bases.
# - A mean can hide one odd sequence; a plot of every sequence shows it.
# - A number that comes out without an error can still be wrong, so look at lengths and letters first.
# prerequisites:
# - You can open a notebook and run a cell.
# - You have seen variables, lists, `for` loops and functions in Python.
# - You know that DNA is written with the letters A, C, G and T.
# teaching: 40
# exercises: 25
# authors:
# - Catalyst Lessons contributors
# license: CC-BY-4.0
# level: beginner
# data:
# - data/sequences.fasta
# date: 2026-11-22
# ---

# %% [markdown]
# A sequencing machine gives you text: long lines of A, C, G and T.
# No one can read thousands of letters with their eyes alone.
# In this lesson you let Python read them, measure them and draw them.
#
# Our measure is **GC content**: how much of a sequence is G or C.
# It is simple, and it says a lot.
# About 19% of the genome of the malaria parasite *Plasmodium falciparum* is G or C.
# In *Mycobacterium tuberculosis*, the bacterium of tuberculosis, it is about 66%.
# A sequence whose GC content does not fit its neighbors makes a scientist curious,
# and sometimes suspicious.
#
# ::: callout
# ### Our sequences are simulated
#
# The file `data/sequences.fasta` holds twelve **simulated** sequences.
# A short program, `data/make_sequences.py`, drew them at random.
# They have the shape of a gene: a start codon, a stop codon at the end, and none in between.
# They come from no real organism.
# Their three "isolates", called *lake*, *soil* and *river*, are imaginary.
# An isolate is a microbe that was taken from one place and grown by itself.
#
# You can learn every step with simulated data. You cannot learn any biology of lakes from it.
# :::
#
# If your notebook does not start yet, look at the [setup page](pages/setup.md) first.

# %% [markdown]
# ## What is inside a FASTA file
#
# FASTA is the most common format for sequences. It is plain text.
# So we begin as with any new file: we look at it. Here are its first four lines.

# %%
with open("data/sequences.fasta") as fasta_file:
    for number in range(4):
        print(fasta_file.readline().strip())

# %% [markdown]
# Each sequence is one **record**, and each record has two parts:
#
# 1. One *header* line. It starts with `>`. The first word is the identifier, here `lake-1`.
#    The rest of the line is a free description.
# 2. One or more lines of *sequence*. Here each full line has 60 letters.
#    The line breaks mean nothing; they only keep the file easy to look at.
#
# :::: challenge
# ### How many records? (3 minutes)
#
# A friend counts the lines of a FASTA file and finds 125.
# She says: "There are 125 sequences in my file."
#
# Why is she wrong? Which lines should she count?
#
# ::: solution
# A record has one header line but often many sequence lines.
# She should count only the lines that start with `>`.
# There is exactly one for each record.
#
# Our own file has 125 lines, too, and only 12 records.
# :::
# ::::

# %% [markdown]
# ## Read records with Biopython
#
# You could split the lines yourself.
# But many people before you have needed the same thing, so there is a library: **Biopython**.
# Its part for reading sequence files is called `SeqIO`, for *sequence input and output*.

# %%
from Bio import SeqIO

records = list(SeqIO.parse("data/sequences.fasta", "fasta"))
print(len(records), "records")

# %% [markdown]
# `SeqIO.parse` needs two things: the name of the file, and the name of the format in lower case.
# Let us look at the first record. It knows its identifier, its description and its sequence.

# %%
first = records[0]
print("id:          ", first.id)
print("description: ", first.description)
print("length:      ", len(first.seq))
print("first bases: ", first.seq[:12])

# %% [markdown]
# A sequence behaves like text in many ways: `len()` and slices such as `[:12]` work.
# It also knows some biology. This is the other strand, read in its own direction:

# %%
print(first.seq[:12])
print(first.seq[:12].reverse_complement())

# %% [markdown]
# :::: challenge
# ### Where did the records go? (4 minutes)
#
# Read this code, but do not run it yet.
#
# ```python
# reader = SeqIO.parse("data/sequences.fasta", "fasta")
# print(len(list(reader)))
# print(len(list(reader)))
# ```
#
# What do you expect to see? Write your guess down. Then add a cell, run the code and compare.
#
# ::: solution
# It prints `12` and then `0`.
#
# Many people expect `12` twice. But `SeqIO.parse` does not give a list.
# It gives a reader that hands out one record at a time and then is at its end,
# like a bucket that you empty with a cup.
# This is useful for files that are larger than your memory.
#
# For a small file, do what we did above: pour everything into a list once,
# `records = list(...)`, and use the list as often as you like.
# :::
# ::::

# %% [markdown]
# ## GC content: predict, then compute
#
# **GC content** is the number of G and C bases, divided by the number of all bases:
#
# $$\text{GC content} = \frac{\text{number of G} + \text{number of C}}{\text{number of bases}}$$
#
# It lies between 0 (no G and no C) and 1 (nothing else). Often it is given in percent.
#
# Take the sequence `ATGCGCAT`. It has 8 bases. Two are G and two are C.
# So its GC content is 4 / 8 = 0.5, or 50%.
#
# :::: challenge
# ### Predict before you run (4 minutes)
#
# The first twelve bases of `lake-1` are `ATGGGTAGTACC`.
#
# 1. Count by hand: what is the GC content of these twelve bases?
# 2. The whole sequence has 681 bases. What is your guess for its GC content:
#    about 30%, about 50%, or about 70%?
#
# ::: solution
# 1. There are four G and two C. So it is 6 / 12 = 0.5, or 50%.
# 2. You cannot know it yet. If you said "about 50%", you trusted a very small sample.
#    The next cells show that the whole sequence is near 31%. Twelve bases say little about 681.
# :::
# ::::
#
# Now we write the rule down as a function.


# %%
def gc_content(sequence):
    """Return the share of G and C in a DNA sequence, from 0 to 1."""
    bases = str(sequence)
    return (bases.count("G") + bases.count("C")) / len(bases)


print("by hand 0.5, by function", gc_content("ATGCGCAT"))
print("first twelve bases of lake-1:", gc_content(first.seq[:12]))
print("all of lake-1:", round(gc_content(first.seq), 3))

# %% [markdown]
# We tested the function with a sequence whose answer we already knew.
# Do this with every function you write. It takes a minute and saves hours.
#
# Biopython has such a function, too: `gc_fraction`. Do the two agree?

# %%
from Bio.SeqUtils import gc_fraction

for record in records:
    ours = gc_content(record.seq)
    theirs = gc_fraction(record.seq)
    print(record.id, round(ours, 3), round(theirs, 3), ours == theirs)

# %% [markdown]
# Twelve times `True`. We now trust our understanding *and* the library.
# From here on we use `gc_fraction`. Later you will see where the two differ.

# %% [markdown]
# ## One row per sequence
#
# Printed lines are hard to sort and to group. A table is better.
# We make one row per record, with **pandas**.

# %%
import pandas as pd

rows = []
for record in records:
    rows.append(
        {
            "id": record.id,
            "isolate": record.id.split("-")[0],
            "length": len(record.seq),
            "gc": round(gc_fraction(record.seq), 3),
        }
    )

table = pd.DataFrame(rows)
table

# %% [markdown]
# The isolate is the part of the identifier before the dash.
# `"lake-1".split("-")` gives the list `["lake", "1"]`, and `[0]` takes its first element.
#
# Which isolate has the highest GC content? We group the rows and take the mean of each group.

# %%
table.groupby("isolate")["gc"].mean().round(3)

# %% [markdown]
# :::: challenge
# ### Mean or median? (4 minutes)
#
# 1. Change `mean` to `median` in the cell above and run it again.
# 2. For which isolate does the number change most?
# 3. What could be the reason? Look for it in the table.
#
# ::: solution
# For *lake* and *soil* the number hardly moves: 0.348 becomes 0.353, and 0.512 stays 0.512.
# For *river* it jumps from 0.596 to about 0.66.
#
# One sequence, `river-3`, has a GC content of only 0.374. The other three lie between 0.637 and 0.690.
# The mean is pulled down by this one sequence. The median is not.
#
# So 0.596 describes none of the four river sequences well.
# When mean and median differ, look at every single value. A plot is the best way to do it.
# :::
# ::::

# %% [markdown]
# ## A first plot
#
# A bar chart compares single values. We draw one bar per sequence, from the table we have.
# Bars that lie down leave room for names, also on a phone.

# %% alt="Bar chart of the GC content of twelve simulated sequences, grouped by isolate. The lake bars are near 35 percent, the soil bars near 50 percent, three river bars between 64 and 69 percent. The bar of river-3 is much shorter, at 37 percent."
import matplotlib.pyplot as plt

colors = {"lake": "#0072B2", "soil": "#E69F00", "river": "#009E73"}

figure, axes = plt.subplots(figsize=(7, 4))
axes.barh(table["id"], table["gc"] * 100, color=table["isolate"].map(colors))
axes.invert_yaxis()
axes.set_xlabel("GC content (%)")
axes.set_title("Simulated sequences")
plt.show()

# %% [markdown]
# Read the code line by line:
#
# - `plt.subplots` makes an empty figure with axes in it.
# - `barh` draws lying bars: first the names, then the lengths of the bars.
# - `invert_yaxis` puts the first row at the top, as in the table.
# - `set_xlabel` says what the axis shows *and its unit*. Never leave it out.
#
# The three colors can be told apart by most people who are color-blind.
# And the names say the same thing as the colors, so no one needs the colors to understand the chart.
#
# ## Two measures at once
#
# Is `river-3` odd because it is short? Short sequences vary more by chance.
# A scatter plot shows two measures for each sequence: its length and its GC content.

# %% alt="Scatter plot of GC content against length for twelve simulated sequences. Length goes from 336 to 840 bases. The lake points lie near 35 percent, the soil points near 50 percent, three river points between 64 and 69 percent. The fourth river point, river-3, lies among the lake points at 37 percent. Length and GC content show no clear relation within an isolate."
markers = {"lake": "o", "soil": "s", "river": "^"}

figure, axes = plt.subplots(figsize=(7, 4))
for isolate, group in table.groupby("isolate"):
    axes.scatter(
        group["length"], group["gc"] * 100, color=colors[isolate], marker=markers[isolate], label=isolate
    )
axes.set_xlabel("Length (bases)")
axes.set_ylabel("GC content (%)")
axes.set_ylim(0, 100)
axes.legend(title="Isolate")
plt.show()

# %% [markdown]
# :::: challenge
# ### Read the scatter plot (5 minutes)
#
# Talk with a neighbor, or write down one sentence for each question.
#
# 1. Is `river-3` the shortest sequence?
# 2. Which isolate does it look like?
# 3. Name two things that could cause this in *real* data.
# 4. Can you decide between them with this plot?
#
# ::: solution
# 1. No. It has 417 bases. Three sequences are shorter, and they fit their groups.
#    So being short is not a good explanation.
# 2. Its GC content, 0.374, is like that of *lake*.
# 3. For example: two samples were mixed up or contaminated; a label was typed wrongly;
#    or the gene came from another species (*horizontal gene transfer*).
#    Some genes are also simply different from the rest of their genome.
# 4. No. The plot tells you *where* to look, not *why*. You would go back to the laboratory
#    notes, and compare the sequence with a database.
#
# And here? We put it there on purpose: the program that made the data draws `river-3` with a low GC content.
# :::
# ::::

# %% [markdown]
# ## When a record is wrong
#
# Our file was clean. Files from real life are not always.
# Here are four records as you may meet them. `StringIO` lets Python treat a text as if it were a file.

# %%
from io import StringIO

messy_text = """>empty
>lower_case
atgcgcat
>unknown_bases
ATGCGCATNNNNNNNN
>protein
MGCSGATLWC
"""

messy_records = list(SeqIO.parse(StringIO(messy_text), "fasta"))
for record in messy_records:
    print(record.id, len(record.seq), record.seq)

# %% [markdown]
# Biopython read all four without a complaint. FASTA does not say what kind of sequence it holds,
# so Biopython cannot know that a record is not what you think.
#
# - `empty` has a header and no sequence. A download may have stopped too early.
# - `lower_case` is fine. Many genome files write repeated regions in small letters.
# - `unknown_bases` has the letter N. It means: there is a base, but we do not know which.
# - `protein` is no DNA at all. Its letters are amino acids.
#
# :::: challenge
# ### Crash, wrong number, or right number? (5 minutes)
#
# For each of the four records, predict what *our* function `gc_content` does:
# does it stop with an error, give a wrong number, or give the right number?
# Then try it, one record at a time: `gc_content(messy_records[0].seq)`, and so on.
#
# Which kind of mistake worries you more?
#
# ::: solution
# - `empty` stops with `ZeroDivisionError`: we divide by a length of 0.
# - `lower_case` gives `0.0`. That is **wrong**. We count `"G"`, and `"g"` is another letter. It should be 0.5.
# - `unknown_bases` gives `0.25`: 4 of 16 letters. Of the eight bases that we *know*, half are G or C.
#   Both can be reported, but you must say which one you mean.
# - `protein` gives `0.4`. That is **nonsense**: there is no GC content of a protein.
#
# An error is annoying, but you notice it. A wrong number without an error goes into your paper.
# :::
# ::::
#
# Does the library save us? Look at the same four records with `gc_fraction`.
# We also ask for every letter that should not be in DNA.

# %%
for record in messy_records:
    unexpected = set(str(record.seq).upper()) - set("ACGTN")
    print(record.id, "gc:", gc_fraction(record.seq), "unexpected letters:", sorted(unexpected))

# %% [markdown]
# `gc_fraction` treats small letters well, and it leaves N out of the count.
# But it gives `0` for the empty record. And for the protein it gives 0.625, another nonsense number:
# in DNA the letters S and W are codes for "G or C" and "A or T", so it counts them, too.
#
# An empty record has no GC content. A `0` in your table looks like a measurement.
#
# So look at the records before you measure them. Two questions find most of the trouble:
#
# 1. Is any length 0, or much shorter than the others?
# 2. Is there any letter that I do not expect?
#
# ::: callout
# ### When the file itself cannot be read
#
# Two error messages are common. Read the *last* lines of an error first.
#
# - `FileNotFoundError: No such file or directory`: the name or the folder is wrong. Check the spelling,
#   and where your notebook is.
# - `ValueError: This FASTA file contains comments at the beginning of the file`: the first line does not
#   start with `>`. Often it is not a FASTA file at all, but a web page that was saved by mistake.
#
# And a file that is completely empty gives *no* error: you get a list with 0 records.
# :::
#
# ::: instructor
# **Time.** About 10 minutes up to the end of the Biopython section, 10 for GC content, 8 for the table,
# 12 for plots and messy records, and 25 for the six challenges. If time is short, leave out the first challenge
# and do the last one together. Do not leave out the messy records: this is what learners need first with their own files.
#
# **Make them write predictions down.** A prediction that is only thought changes itself after the answer.
#
# **What often goes wrong.**
#
# - Cells run out of order: `NameError: name 'records' is not defined`. Restart, then run all cells.
# - `"FASTA"` in capitals: Biopython asks for lower case.
# - Learners read a bar's length as the length of the *sequence*. Point at the axis label.
# - "High GC is better." It is not; it is only different.
#
# **Be clear that the data are simulated.** Someone will ask which lake it is. There is none.
# Without internet everything still works: the data lie beside the lesson.
# :::
#
# ## Where to go next
#
# Now make a GC function that survives messy records, in the exercise
# [GC content that survives messy records](../exercises/gc-content.py).
#
# In the next lesson you count people instead of bases: [an outbreak curve](03-curva-epidemica.md).

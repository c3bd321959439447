# ---
# title: "Your first notebook: memory and rain"
# language: en
# objectives:
#   - "Run the cells of a notebook in order and read the message of a check."
#   - "Complete a small function and see that it works."
# lesson: lessons/01-hub-and-first-notebook.md
# exercises: 20
# level: beginner
# authors:
#   - Catalyst Lessons contributors
# license: CC-BY-4.0
# date: 2026-11-22
# data: []
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# In this exercise you complete two small functions: one plans the memory for a workshop, the other summarizes a week of rain.
# You need about 20 minutes and only what comes with Python.
#
# Work from top to bottom. Where you see `# YOUR CODE HERE`, replace that line and the three dots below it with your own code.
# After each task there is a **check**. Run it. If something is not right yet, the last line of its message tells you what to try.
# You may run a check as often as you like.

# %% [markdown]
# ## How to read a function
#
# A **function** is a small recipe with a name. You give it something, it works, and it gives a result back.
# Run this example, then change the `25` and run it again.

# %%
def centimeters(millimeters):
    """Return a length in centimeters."""
    return millimeters / 10


centimeters(25)

# %% [markdown]
# - `def` gives the recipe its name: `centimeters`.
# - `millimeters` is what goes in.
# - The lines of the recipe start with four spaces. The spaces are part of the code.
# - `return` says what comes out. Without `return`, nothing comes out.

# %% [markdown]
# ## Task 1: memory for a workshop
#
# On the hub each person may use up to 2 GB of memory.
# Complete the function so that it returns how many GB a group needs.
# For example, `workshop_memory(12)` must return `24`.


# %%
def workshop_memory(people):
    """Return the memory, in GB, that a group of people needs at 2 GB each."""
    ### BEGIN SOLUTION
    return people * 2
    ### END SOLUTION


# %% tags=["check"]
assert workshop_memory(12) is not None, "Nothing came out. Does your line start with the word return?"
assert workshop_memory(12) == 24, f"12 people need 24 GB, but your function returned {workshop_memory(12)!r}."
assert workshop_memory(30) == 60, (
    "It works for 12 people, but not for 30. Use the name people instead of a number."
)
print("Task 1 works.")

# %% [markdown] tags=["hint"]
# Multiplication is written with a star: `3 * 4`.

# %% [markdown] tags=["hint"]
# One line is enough. It starts with `return`, and it uses the name `people`.

# %% [markdown]
# ## Task 2: a week of rain
#
# Here is the rain of seven days, in millimeters, as a school in Quibdó, Colombia, might measure it.
# The numbers are made up, but Quibdó is one of the rainiest cities in the world.

# %%
rain = [12, 0, 35, 8, 0, 21, 64]

# %% [markdown]
# Values between square brackets are a **list**. Python has functions that work on a whole list.
# Predict what each line prints, then run the cell.

# %%
print(sum([2, 4, 6]))
print(max([2, 4, 6]))
print(len([2, 4, 6]))

# %% [markdown]
# Now complete `summarize_rain`. It returns three numbers, in this order:
#
# 1. the total of all days;
# 2. the highest value;
# 3. the mean of a day: the total divided by the number of days.
#
# A function can return several values with commas between them: `return 1, 2, 3`.


# %%
def summarize_rain(days):
    """Return the total, the highest value and the mean of a list of rainfall values in millimeters."""
    ### BEGIN SOLUTION
    total = sum(days)
    highest = max(days)
    mean = total / len(days)
    return total, highest, mean
    ### END SOLUTION


# %% tags=["check"]
summary = summarize_rain(rain)
assert summary is not None, "Nothing came out. Does your last line start with the word return?"
assert isinstance(summary, tuple) and len(summary) == 3, (
    "Return three values with commas between them: the total, the highest value and the mean."
)
assert summary[0] == 140, f"The total of the week is 140 mm, but your first value is {summary[0]!r}."
assert summary[1] == 64, f"The highest value is 64 mm, but your second value is {summary[1]!r}."
assert summary[2] == 20, f"The mean is 20 mm a day, but your third value is {summary[2]!r}."
assert summarize_rain([3, 5]) == (8, 5, 4), (
    "It works for this week, but not for a list of two days. Use the name days, and len(days) instead of 7."
)
print("Task 2 works.")

# %% [markdown] tags=["hint"]
# Begin with the total: `total = sum(days)`. Then do the same for the highest value.

# %% [markdown] tags=["hint"]
# The number of days is `len(days)`. Division is written with a slash: `10 / 2`.

# %% [markdown] tags=["hint"]
# The last line of the function is `return total, highest, mean`.

# %% [markdown] tags=["solution"]
# In both tasks the important idea is the same: inside the function use the *name* of what goes in (`people`, `days`), never the values of one example.
# This is why each check tries the function a second time with other values.
# Then the function also works for next week's rain, and for the next workshop.

# %% [markdown]
# ## Before you leave
#
# Choose *Kernel → Restart Kernel and Run All Cells*. Do both checks still pass?
# Then your notebook works for everyone who receives it. Save it, download a copy, and stop your server.

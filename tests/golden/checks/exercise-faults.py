# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# title: Contar
# language: es
# lesson: ../lessons/lluvia.md
# exercises: 700
# authors: [Ana]
# license: CC-BY-4.0
# ---

# %% [markdown]
# Cuenta los casos de [la lista](../lessons/data/casos.csv).
#
# ## Contar
#
# [](https://example.org)

# %% tags=["chek"]
casos = 3
assert casos == 3

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
# title: Contar casos por semana epidemiológica
# language: es
# objectives:
# - Escribir una función que cuenta casos por semana, de domingo a sábado.
# - Conservar las semanas con cero casos.
# - Separar las semanas que ya terminaron de la que está en curso.
# lesson: lessons/03-curva-epidemica.md
# exercises: 20
# level: beginner
# authors:
# - Catalyst Lessons contributors
# license: CC-BY-4.0
# data:
# - ../lessons/data/casos.csv
# date: 2026-11-22
# ---

# %% [markdown]
# En la lección [Una curva epidémica](../lessons/03-curva-epidemica.md#contar-por-semana) contaste casos por semana,
# paso a paso. Aquí lo conviertes en una función que puedes usar con cualquier lista. Reserva unos 20 minutos.
#
# Ejecuta las celdas de arriba abajo. Escribe tu código donde dice `YOUR CODE HERE` ("tu código aquí"),
# en lugar de los tres puntos. Las celdas con `assert` revisan tu trabajo. Si dicen "Bien hecho", lo lograste.
#
# Empezamos con cinco fechas, tan pocas que puedes contarlas a mano. Una falta.

# %%
import pandas as pd

fechas = pd.Series(pd.to_datetime(["2026-03-01", "2026-03-07", "2026-03-08", None, "2026-03-22"]))
pd.DataFrame({"fecha": fechas, "día": fechas.dt.day_name()})

# %% [markdown]
# `Sunday` es domingo y `Saturday` es sábado.
#
# ## Paso 1: contar por semana
#
# Completa `casos_por_semana`. Recibe una serie de fechas y devuelve una serie con el número de casos. Tres reglas:
#
# 1. La semana va de domingo a sábado. Su nombre es la fecha del domingo.
# 2. Las fechas que faltan no se cuentan.
# 3. Una semana sin casos, entre la primera y la última, aparece con 0.
#
# Con las cinco fechas de arriba, el resultado es este. Compruébalo a mano antes de programar:
#
# | semana del domingo | casos |
# |---|---|
# | 2026-03-01 | 2 |
# | 2026-03-08 | 1 |
# | 2026-03-15 | 0 |
# | 2026-03-22 | 1 |

# %% [markdown] tags=["hint"]
# Primero quita las fechas que faltan: `fechas.dropna()`.

# %% [markdown] tags=["hint"]
# Una semana que termina en sábado se escribe `W-SAT`. El domingo de cada fecha es
# `fechas.dt.to_period("W-SAT").dt.start_time`.

# %% [markdown] tags=["hint"]
# `value_counts()` cuenta cada domingo, pero en desorden: sigue con `sort_index()`.
# Después, `asfreq("7D", fill_value=0)` pone las semanas que no tienen casos.


# %%
def casos_por_semana(fechas):
    """Devuelve los casos de cada semana de domingo a sábado, también las semanas con cero."""
    ### BEGIN SOLUTION
    domingos = fechas.dropna().dt.to_period("W-SAT").dt.start_time
    return domingos.value_counts().sort_index().asfreq("7D", fill_value=0)
    ### END SOLUTION


# %% tags=["check"]
conteo = casos_por_semana(fechas)
assert conteo is not None, "La función todavía no devuelve nada. ¿Usaste return?"
assert isinstance(conteo, pd.Series), "El resultado debe ser una serie de pandas."
assert conteo.sum() == 4, "Hay 4 fechas conocidas: la suma debe ser 4."
assert pd.Timestamp("2026-03-01") in conteo.index, "Falta la semana del domingo 2026-03-01."
assert pd.Timestamp("2026-03-15") in conteo.index, "Falta la semana sin casos, 2026-03-15."
assert list(conteo) == [2, 1, 0, 1], "El resultado debe ser 2, 1, 0, 1, en orden de fecha."

casos = pd.read_csv("../lessons/data/casos.csv", parse_dates=["fecha_inicio"])
del_brote = casos_por_semana(casos["fecha_inicio"])
assert del_brote.sum() == 135, "En casos.csv hay 135 casos con fecha de inicio."
assert del_brote.idxmax() == pd.Timestamp("2026-04-05"), "La semana con más casos es la del 2026-04-05."
print("Bien hecho: paso 1.")

# %% [markdown]
# ## Paso 2: solo las semanas que ya terminaron
#
# Completa `semanas_terminadas`. Recibe un conteo como el del paso 1 y la fecha de corte.
# Devuelve solo las semanas que terminaron **antes** del día de corte.
#
# Una semana termina el sábado, 6 días después de su domingo.
# Si el corte es ese mismo sábado, la semana no ha terminado: al día todavía le faltan horas.

# %% [markdown] tags=["hint"]
# El sábado de cada semana es `conteo.index + pd.Timedelta(days=6)`.

# %% [markdown] tags=["hint"]
# Compara los sábados con `pd.Timestamp(corte)`. La comparación da `True` o `False` para cada semana.
# Con ella eliges filas: `conteo[comparacion]`.


# %%
def semanas_terminadas(conteo, corte):
    """Devuelve las semanas de conteo cuyo sábado es anterior a la fecha de corte."""
    ### BEGIN SOLUTION
    sabados = conteo.index + pd.Timedelta(days=6)
    return conteo[sabados < pd.Timestamp(corte)]
    ### END SOLUTION


# %% tags=["check"]
terminadas = semanas_terminadas(del_brote, "2026-04-22")
assert terminadas is not None, "La función todavía no devuelve nada. ¿Usaste return?"
assert isinstance(terminadas, pd.Series), "El resultado debe ser una serie de pandas."
assert len(terminadas) == 7, "Con corte 2026-04-22 terminaron 7 de las 8 semanas."
assert len(semanas_terminadas(del_brote, "2026-04-25")) == 7, "El sábado 2026-04-25 aún no ha terminado."
assert len(semanas_terminadas(del_brote, "2026-04-26")) == 8, "El 2026-04-26 ya terminaron las 8 semanas."
print("Bien hecho: paso 2.")

# %% [markdown] tags=["solution"]
# En el paso 1, el orden importa: primero quitar lo que falta, después dar a cada fecha su domingo, contar,
# ordenar y, al final, llenar los huecos con cero. Sin el último paso, el 8 y el 22 de marzo quedarían como vecinos
# y la figura escondería la pausa.
#
# El paso 2 quita la semana en curso, pero no el retraso de notificación. La semana del 12 de abril ya terminó,
# y aun así va a crecer. *Terminada* no significa *completa*.

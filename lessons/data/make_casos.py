"""Writes casos.csv: the simulated line list of an imaginary outbreak, as it was known on one day."""

from __future__ import annotations

import csv
import io
import math
import random
from datetime import date, timedelta
from pathlib import Path

SEED = 20260422
FIRST_ONSET = date(2026, 3, 3)
# a Wednesday: the last epidemiological week is not over yet
CUT_OFF = date(2026, 4, 22)
ONSETS = 190
MISSING_ONSET = 0.06
MISSING_AGE = 0.03
MUNICIPALITIES = {"Monteluz": 5, "Puerto Arena": 3, "Valle Sereno": 2}
HEADER = ("id", "fecha_inicio", "fecha_notificacion", "edad", "sexo", "municipio", "clasificacion")


def onset_weights() -> list[float]:
    """Return one weight a day: growth that slows down and stays high, with no fall before the cut-off."""
    days = (CUT_OFF - FIRST_ONSET).days + 1
    return [1 / (1 + math.exp(-(day - 26) / 5)) + 0.02 for day in range(days)]


def simulate_classification(rng: random.Random, notified: date) -> str:
    """Draw a classification: the laboratory has had little time for what was notified lately."""
    waited = (CUT_OFF - notified).days
    confirmed = min(0.75, 0.05 + waited * 0.04)
    weights = (confirmed, 0.15, 0.85 - confirmed)
    return rng.choices(("confirmado", "probable", "sospechoso"), weights)[0]


def simulate_case(rng: random.Random, onset: date) -> tuple[date, list[str]]:
    """Return the day of notification and the cells of one row, without its id."""
    notified = onset + timedelta(days=1 + round(rng.gammavariate(2.0, 2.2)))
    onset_text = "" if rng.random() < MISSING_ONSET else onset.isoformat()
    age = "" if rng.random() < MISSING_AGE else str(min(88, round(rng.gammavariate(2.2, 13))))
    municipality = rng.choices(list(MUNICIPALITIES), list(MUNICIPALITIES.values()))[0]
    sex = rng.choice(("F", "M"))
    classification = simulate_classification(rng, notified)
    return notified, [onset_text, notified.isoformat(), age, sex, municipality, classification]


def known_cases() -> list[list[str]]:
    """Return the rows notified by the cut-off, in the order of notification, with their ids."""
    rng = random.Random(SEED)
    weights = onset_weights()
    offsets = rng.choices(range(len(weights)), weights, k=ONSETS)
    cases = [simulate_case(rng, FIRST_ONSET + timedelta(days=offset)) for offset in sorted(offsets)]
    known = sorted((case for case in cases if case[0] <= CUT_OFF), key=lambda case: case[0])
    return [[f"C{number:03d}", *cells] for number, (_, cells) in enumerate(known, start=1)]


def csv_text() -> str:
    """Return the whole file: the same text on every machine, because the seed is fixed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(known_cases())
    return text.getvalue()


if __name__ == "__main__":
    Path(__file__).with_name("casos.csv").write_text(csv_text(), encoding="utf-8", newline="\n")

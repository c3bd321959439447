"""Writes sequences.fasta: twelve simulated gene-like sequences of three imaginary isolates."""

from __future__ import annotations

import random
from pathlib import Path

SEED = 20261122
STOP_CODONS = ("TAA", "TAG", "TGA")
LINE_WIDTH = 60

# isolate: the share of G and C that its four sequences are drawn with
GC_TARGETS = {
    "lake": (0.30, 0.32, 0.33, 0.34),
    "soil": (0.49, 0.51, 0.50, 0.52),
    # the third one stands out on purpose: learners find it in the plot
    "river": (0.65, 0.66, 0.36, 0.67),
}


def simulate_codon(rng: random.Random, gc: float) -> str:
    """Draw three bases with the given share of G and C, again if they are a stop codon."""
    weights = ((1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2)
    while True:
        codon = "".join(rng.choices("ACGT", weights, k=3))
        if codon not in STOP_CODONS:
            return codon


def simulate_gene(rng: random.Random, gc: float) -> str:
    """Return a start codon, 80 to 300 codons and a stop codon: a reading frame that codes for nothing known."""
    inner = [simulate_codon(rng, gc) for _ in range(rng.randint(80, 300))]
    return "ATG" + "".join(inner) + rng.choice(STOP_CODONS)


def fasta_record(isolate: str, number: int, sequence: str) -> str:
    """Return one FASTA record, whose description says that it is simulated."""
    lines = [f">{isolate}-{number} SIMULATED gene-like sequence, imaginary isolate {isolate}"]
    lines += [sequence[start : start + LINE_WIDTH] for start in range(0, len(sequence), LINE_WIDTH)]
    return "\n".join(lines) + "\n"


def fasta_text() -> str:
    """Return the whole file: the same text on every machine, because the seed is fixed."""
    rng = random.Random(SEED)
    return "".join(
        fasta_record(isolate, number, simulate_gene(rng, gc))
        for isolate, targets in GC_TARGETS.items()
        for number, gc in enumerate(targets, start=1)
    )


if __name__ == "__main__":
    Path(__file__).with_name("sequences.fasta").write_text(fasta_text(), encoding="utf-8", newline="\n")

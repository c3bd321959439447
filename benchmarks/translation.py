"""Updating catalogs against msgmerge and polib, segmenting against mdpo: time as ratios, and what each of them finds.

    python benchmarks/translation.py [--messages 5000] [--lines 5000] [--mdpo PYTHON]

`--mdpo` names a Python that has mdpo; what is missing is skipped with a line.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import polib

from catalyst_lessons.core.model import Language, Location
from catalyst_lessons.core.translation.applying import apply_catalog
from catalyst_lessons.core.translation.messages import Catalog, Message, Segment
from catalyst_lessons.core.translation.segments import extract
from catalyst_lessons.core.translation.stretches import stretches
from catalyst_lessons.files.catalogs import update_catalog
from catalyst_lessons.files.sources import read_whole

WORDS = """
    learner hub notebook table value cell gene sample region report script folder kernel figure result error
    lesson teacher group question answer branch column record series count value window letter number circle
""".split()  # noqa: SIM905  a list of so many quotes says less


def sentence(chance: random.Random) -> str:
    """Words enough to be a paragraph, as long as those of real lessons are on average."""
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(9, 26))).capitalize() + "."


def edited(text: str, chance: random.Random) -> str:
    """The text with one word exchanged."""
    words = text.split()
    words[chance.randrange(len(words))] = "something"
    return " ".join(words)


def timed(run: Callable[[], object]) -> float:
    """Seconds of the faster of two runs."""
    times = []
    for _ in range(2):
        began = perf_counter()
        run()
        times.append(perf_counter() - began)
    return min(times)


def catalog_of(pairs: dict[str, str]) -> str:
    """A PO file with these translations."""
    po = polib.POFile(wrapwidth=79)
    po.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "es"}
    po.extend(polib.POEntry(msgid=source, msgstr=text) for source, text in pairs.items())
    return str(po)


def fuzzy_in(path: Path) -> int:
    """The fuzzy messages of a catalog."""
    return sum("fuzzy" in entry.flags for entry in polib.pofile(str(path)) if not entry.obsolete)


def updating(folder: Path, count: int) -> None:
    """An update of `count` messages, a tenth of them edited, with ours, msgmerge and polib."""
    chance = random.Random(4)  # noqa: S311  no secret
    before = list(dict.fromkeys(sentence(chance) for _ in range(count)))
    after = [edited(text, chance) if number % 10 == 0 else text for number, text in enumerate(before)]
    old, template = folder / "old.po", folder / "new.pot"
    old.write_text(catalog_of({text: f"Ñ {text}" for text in before}), encoding="utf-8")
    template.write_text(catalog_of(dict.fromkeys(after, "")), encoding="utf-8")
    segments = [Segment(text, "paragraph", Location("x.md")) for text in after]
    ours, theirs = folder / "ours.po", folder / "theirs.po"

    def update() -> None:
        shutil.copy(old, ours)
        spanish = Language.of("es")
        update_catalog(folder, ours.name, segments, language=spanish, project="x", write=True)

    def merge() -> None:
        po = polib.pofile(str(old))
        po.merge(polib.pofile(str(template)))
        po.save(str(folder / "polib.po"))

    seconds = timed(update)
    found = fuzzy_in(ours)
    print(f"update of {len(before)} messages, {len(before) // 10} edited: {seconds:.2f} s, {found} fuzzy")
    polib_seconds = timed(merge)
    share = seconds / polib_seconds
    print(f"  polib merge: {polib_seconds:.2f} s, ours takes {share:.2f} of it; polib finds no fuzzy ones")
    program = shutil.which("msgmerge")
    if program is None:
        print("  msgmerge: skipped, GNU gettext is not installed")
        return
    command = [program, "--quiet", "--previous", "--output-file", str(theirs), str(old), str(template)]
    their_seconds = timed(lambda: subprocess.run(command, check=True))
    print(
        f"  msgmerge --previous: {their_seconds:.2f} s, ours takes {seconds / their_seconds:.2f} of it; "
        f"{fuzzy_in(theirs)} fuzzy, {len(_fuzzy_ids(ours) & _fuzzy_ids(theirs))} of them the same"
    )


def _fuzzy_ids(path: Path) -> set[str]:
    return {entry.msgid for entry in polib.pofile(str(path)) if "fuzzy" in entry.flags and not entry.obsolete}


def segmenting(folder: Path, lines: int, mdpo: str) -> None:
    """Extraction of the messages of a text, and a translated text made with them, per 1,000 lines."""
    chance = random.Random(4)  # noqa: S311  no secret
    blocks = [
        f"{'- ' if number % 4 == 1 else '## ' if number % 9 == 0 else ''}{sentence(chance)}"
        for number in range(lines // 2)
    ]
    text = "\n\n".join(blocks) + "\n"
    (folder / "x.md").write_text(text, encoding="utf-8")
    pairs = {segment.text: f"Ñ {segment.text}" for segment in extract(read_whole(text, "x.md"))}
    catalog = Catalog("es", "", {source: Message(source, made) for source, made in pairs.items()})
    (folder / "x.po").write_text(catalog_of(pairs), encoding="utf-8")

    def take() -> None:
        stretches.cache_clear()
        extract(read_whole(text, "x.md"))

    extracting, applying = timed(take), timed(lambda: apply_catalog(text, read_whole(text, "x.md"), catalog))
    thousands = text.count("\n") / 1000
    print(f"per 1,000 lines: extract {extracting / thousands:.3f} s, translate {applying / thousands:.3f} s")
    script = _MDPO.format(source=str(folder / "x.md"), po=str(folder / "x.po"))
    done = subprocess.run([mdpo, "-c", script], capture_output=True, text=True, check=False)
    if done.returncode:
        print("  mdpo: skipped, it is not installed (name a Python that has it with --mdpo)")
        return
    times = [float(part) / thousands for part in done.stdout.split()[-2:]]
    print(
        f"  mdpo: extract {times[0]:.3f} s, translate {times[1]:.3f} s; "
        f"ours takes {extracting / thousands / times[0]:.2f} and {applying / thousands / times[1]:.2f} of it"
    )


_MDPO = """
from time import perf_counter
from mdpo.md2po import markdown_to_pofile
from mdpo.po2md import pofile_to_markdown
began = perf_counter(); markdown_to_pofile([{source!r}]); middle = perf_counter()
pofile_to_markdown({source!r}, [{po!r}]); print(middle - began, perf_counter() - middle)
"""


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description="Times of our translation tools against others'")
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--lines", type=int, default=5000)
    parser.add_argument("--mdpo", default=sys.executable, help="a Python that has mdpo")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        updating(Path(name), options.messages)
        segmenting(Path(name), options.lines, options.mdpo)


if __name__ == "__main__":
    main()

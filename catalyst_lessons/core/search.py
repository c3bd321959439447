"""The search index of one language: its own pages alone, found with and without accents."""

from __future__ import annotations

from collections.abc import Mapping

from catalyst_lessons.core.model import Json, Language

# Material has ways of its own to cut these into words, which it finds by their names.
_CUT_BY_MATERIAL = frozenset({"hi", "ja", "jp", "ko", "th", "zh"})
# Marks between words of a script, which Material's default (spaces and hyphens) does not know.
_SEPARATORS = {"am": "[፠-፨]+", "ti": "[፠-፨]+"}

# Runs in Material's search worker, which loads it like any other language of lunr.js. Both what is indexed and what is
# asked for lose their accents; where a word stands on the page stays known, so it is marked there as it is written.
_FOLDING = """
(() => {
  const marks = /[\\u0300-\\u036f\\u064b-\\u0655\\u0670]/g;
  const fold = (text) => text.normalize("NFD").replace(marks, "").normalize("NFC");
  const folded = (token) => token.update(fold);
  const base = %(base)s;
  const ours = function () {
    const steps = [ours.stopWordFilter, folded, ours.stemmer].filter(Boolean);
    this.pipeline.reset();
    this.pipeline.add(...steps);
    this.searchPipeline.reset();
    this.searchPipeline.add(...steps.filter((step) => step !== ours.stopWordFilter));
  };
  ours.stopWordFilter = base.stopWordFilter;
  ours.stemmer = base.stemmer;
  lunr["%(name)s"] = ours;
  lunr.Pipeline.registerFunction(folded, "%(name)s");
  lunr.QueryParser = class extends lunr.QueryParser {
    constructor(text, query) { super(fold(text), query); }
  };
})();
"""


def rules_of(language: Language) -> str:
    """The name under which the worker loads our rules for a language, "" where Material's own must stay."""
    main = language.tag.split("-")[0].lower()
    return "" if main in _CUT_BY_MATERIAL else f"catalyst-{main}"


def rules(language: Language, stock: str) -> str:
    """Our rules as a script; `stock` is lunr.js' own script for the language, "" where it has none."""
    main = language.tag.split("-")[0].lower()
    base = "lunr" if main == "en" else f'lunr["{main}"]' if stock else "{}"
    return stock + _FOLDING % {"base": base, "name": rules_of(language)}


def own_index(index: Mapping[str, Json], language: Language, *, folder: str) -> dict[str, Json]:
    """What Material's search plugin collected in the pass of a language, as the index of that language alone.

    `folder` is where its pages are ("" at the top of the site); addresses in the index are counted from there.
    """
    prefix = f"{folder}/" if folder else ""
    docs = [entry for entry in index["docs"] if entry["location"].startswith(prefix)]
    moved = [{**entry, "location": entry["location"].removeprefix(prefix)} for entry in docs]
    config = dict(index["config"])
    main = language.tag.split("-")[0].lower()
    config["lang"] = [rules_of(language)] if rules_of(language) else [main]
    if main in _SEPARATORS:
        config["separator"] = f"{config['separator']}|{_SEPARATORS[main]}"
    return {**index, "config": config, "docs": moved}

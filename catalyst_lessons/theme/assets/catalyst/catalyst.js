// What the pages of catalyst-lessons do with a script; without it they only lose comfort. No network, no dependency.
(() => {
  "use strict";

  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const words = (element) => element.textContent.replace(/¶/g, "").replace(/\s+/g, " ").trim();
  const MARKS = ".md-content :is(h1,h2,h3,h4,h5,h6,dt)[id]";

  // Headings have the same ids in every language, so the last one scrolled past is the reader's place.
  const place = () => {
    const last = all(MARKS).filter((mark) => mark.getBoundingClientRect().top < 160).pop();
    return last && last.tagName !== "H1" ? last.id : "";
  };

  const keepPlace = (event) => {
    const link = event.target instanceof Element && event.target.closest("a.md-select__link[hreflang]");
    if (!link) return;
    link.hash = place() || (scrollY > 0 ? location.hash : "");
    // Material looks the page up in a sitemap and drops the place; the link itself is right.
    if (event.type === "click") event.stopPropagation();
  };

  // What scrolls sideways can be reached and scrolled with the keyboard, and has a name of its own.
  const scrollable = () => {
    const names = new Map();
    const headings = all(MARKS);
    all(".catalyst-html, .md-typeset__scrollwrap, .md-typeset pre, .md-typeset div.math").forEach((box) => {
      const inner = box.matches("pre") ? box.querySelector("code") || box : box;
      const wide = box.matches(".catalyst-html") || inner.scrollWidth > inner.clientWidth + 1;
      if (!wide || box.parentElement.closest(".catalyst-html")) return;
      const before = headings.filter((one) => one.compareDocumentPosition(box) & 4).pop();
      const name = (before && words(before)) || document.title;
      const count = (names.get(name) || 0) + 1;
      names.set(name, count);
      inner.tabIndex = 0;
      inner.setAttribute("role", "region");
      inner.setAttribute("aria-label", count > 1 ? `${name} (${count})` : name);
    });
    all(".md-typeset span.math").forEach((formula) => {
      const wide = formula.getBoundingClientRect().width > formula.parentElement.clientWidth;
      if (wide) formula.classList.add("catalyst-wide");
    });
  };

  const named = () => {
    all(".task-list-item input:not([aria-label])").forEach((box) => {
      box.setAttribute("aria-label", words(box.closest("li")));
    });
    all(".md-code__nav").forEach((nav) => nav.setAttribute("role", "presentation"));
    all("[role=dialog]:not([aria-label])").forEach((dialog) => {
      const field = dialog.querySelector("input[aria-label]");
      if (field) dialog.setAttribute("aria-label", field.getAttribute("aria-label"));
    });
  };

  // A link to something inside a closed box opens the box.
  const reveal = () => {
    const target = document.querySelector(":target");
    let closed = false;
    for (let box = target; (box = box && box.closest("details:not([open])")); closed = true) box.open = true;
    if (closed) target.scrollIntoView();
  };

  let opened = [];
  const open = () => {
    const closed = all("details:not([open])");
    closed.forEach((box) => { box.open = true; });
    opened = opened.concat(closed);
  };
  const restore = () => {
    opened.forEach((box) => { box.open = false; });
    opened = [];
  };

  ["pointerdown", "focusin", "click"].forEach((type) => document.addEventListener(type, keepPlace, true));
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", open);
  addEventListener("afterprint", restore);
  const start = () => { named(); scrollable(); reveal(); };
  // Material tells of each page, also of those that navigation.instant puts in without loading anything anew.
  if (window.document$) window.document$.subscribe(start);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  // Once more at the end: pictures change widths, and Material wraps tables and adds controls of its own.
  addEventListener("load", () => setTimeout(start, 0));
})();

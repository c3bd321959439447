// What Material asks the network for on every page, although few readers need it: saved for slow connections.
(() => {
  "use strict";

  const { open, send } = XMLHttpRequest.prototype;
  const held = new Map();
  // Words to search for, or to mark, in the page's own address.
  let searching = /[?&][qh]=/.test(location.search);

  // Material looks for the same page in another language in a sitemap, one for each language; the links of the
  // language menu are right without it, and where a page is no home page, there is no such sitemap.
  const needless = () => {
    const settings = document.getElementById("__config");
    const instant = settings && JSON.parse(settings.textContent).features.includes("navigation.instant");
    return !instant && document.querySelector("link[rel=alternate][hreflang]");
  };

  // Material waits for an index that does not come without an end, and says nothing.
  const failed = () => {
    const settings = document.getElementById("__config");
    const told = settings && (JSON.parse(settings.textContent).translations || {})["catalyst.search.failed"];
    const place = document.querySelector(".md-search-result__meta");
    if (told && place) place.textContent = told;
  };
  // On a disk, Material looks for the index in a script, which only its plugin "offline" writes.
  addEventListener("error", ({ target }) => {
    if (target instanceof HTMLScriptElement && /\/search\/search_index\.js$/.test(target.src)) failed();
  }, true);
  // Where the browser starts no worker from a disk either, Material takes the search box away without a word.
  addEventListener("load", () => {
    const box = document.querySelector("[data-md-component=search]");
    if (location.protocol !== "file:" || !box || !box.hidden) return;
    box.hidden = false;
    failed();
  });

  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    const path = new URL(address, location.href).pathname;
    if (path.endsWith("/search/search_index.json")) {
      this.addEventListener("error", failed);
      this.addEventListener("load", () => { if (this.status >= 400) failed(); });
    }
    const index = !searching && path.endsWith("/search/search_index.json");
    if (index || (path.endsWith("/sitemap.xml") && needless())) held.set(this, { index });
    return open.call(this, method, address, ...rest);
  };
  XMLHttpRequest.prototype.send = function (...body) {
    if (held.has(this)) held.get(this).body = body;
    else send.apply(this, body);
  };

  // The search index waits until the reader goes to the search box.
  const release = (event) => {
    if (searching || !(event.target instanceof Element)) return;
    if (!event.target.closest("[data-md-component=search], [for=__search]")) return;
    searching = true;
    held.forEach(({ index, body }, request) => { if (index && body) send.apply(request, body); });
    held.clear();
  };
  document.addEventListener("focusin", release);
  document.addEventListener("pointerover", release);
})();

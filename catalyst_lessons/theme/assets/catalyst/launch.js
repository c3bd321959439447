// The reader's own hub: typed or chosen once, kept in this browser alone, and put into the launch button of every page.
(() => {
  "use strict";

  const KEY = "catalyst-hub";
  const PREFIXES = { lab: "lab/tree", doc: "doc/tree", notebooks: "notebooks", tree: "tree" };
  const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

  const encode = (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

  // The same as hub_link in core/launching/links.py: tests/golden/launch/script.json holds for both.
  const link = (hub, it) => {
    const opens = hub.interface === "notebooks" && !it.path.endsWith(".ipynb") ? "tree" : hub.interface;
    const place = [hub.parent, it.target, it.path].filter(Boolean).join("/").split("/").map(encode).join("/");
    const urlpath = opens === "rstudio" ? "rstudio/" : `${PREFIXES[opens]}/${place}`;
    const query = Object.entries({ repo: it.repository, branch: it.branch, targetPath: it.target, urlpath });
    return `${hub.url}/hub/user-redirect/git-pull?${query.map(([name, value]) => `${name}=${encode(value)}`).join("&")}`;
  };

  // The hub's front page in what somebody typed or pasted; "" for anything that is not surely one.
  const front = (typed) => {
    const text = typed.trim();
    const bare = /^[\w-]+(\.[\w-]+)+(:\d+)?(\/|$)/.test(text);
    if (text.length > 500 || /[\s\\]/.test(text) || !(bare || /^https?:\/\//i.test(text))) return "";
    let url;
    try { url = new URL(bare ? `https://${text}` : text); } catch { return ""; }
    const safe = url.protocol === "https:" || (url.protocol === "http:" && LOCAL.includes(url.hostname));
    if (!safe || url.username || url.password || !/^[\w.:[\]-]+$/.test(url.host)) return "";
    return url.origin + url.pathname.replace(/\/(?:hub|user|user-redirect)(?:\/.*)?$/, "").replace(/\/+$/, "");
  };

  // What is kept is an id or an address, and either is checked again before it is used.
  const find = (it, choice) => {
    const url = front(choice);
    const known = it.hubs.find((hub) => hub.id === choice || hub.url === url);
    if (known || !url || it.closed.includes(url)) return known;
    return { id: "", name: url.replace(/^https?:\/\//, ""), url, interface: "lab", parent: "" };
  };

  // Storage can be blocked or full: then a choice holds for this page.
  const shelf = (name) => {
    let refused = null;
    return {
      get: () => { try { return refused ?? (window[name].getItem(KEY) || ""); } catch { return ""; } },
      set: (text) => { try { window[name].setItem(KEY, text); refused = null; } catch { refused = text; } },
    };
  };
  const kept = shelf("localStorage");
  const visit = shelf("sessionStorage");

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  };

  const build = (bar) => {
    const it = JSON.parse(bar.dataset.launchSettings);
    const { words } = it;
    const said = (text, hub) => text.replace("{hub}", () => (hub ? hub.name : ""));
    const row = bar.querySelector("[data-launch]").parentElement;
    let buttons = Array.from(row.querySelectorAll("[data-launch=hub]"));
    if (!buttons.length) {
      buttons = [make("a", { class: "md-button", "data-launch": "hub", hidden: "" })];
      row.prepend(buttons[0]);
    }
    const [first, ...others] = buttons;
    const before = { href: first.getAttribute("href"), label: first.textContent };
    const next = row.querySelector("[data-launch]:not([data-launch=hub])");

    const select = make("select", { id: "catalyst-hub" }, make("option", { value: "" }, words.proposed));
    it.hubs.forEach((hub) => select.append(make("option", { value: hub.id }, hub.name)));
    select.append(make("option", { value: "other" }, words.other));
    const field = make("input", {
      id: "catalyst-hub-address", type: "url", dir: "ltr", placeholder: "https://hub.example.org",
      autocomplete: "url", spellcheck: "false", "aria-describedby": "catalyst-hub-status",
    });
    const own = make("div", { class: "catalyst-own" }, make("label", { for: field.id }, words.address), field,
      make("button", { class: "md-button" }, words.use));
    const form = make("form", { novalidate: "" }, make("label", { for: select.id }, words.mine), select, own);
    const menu = make("details", { class: "catalyst-hub" }, make("summary", {}, words.choose), form,
      make("p", { class: "catalyst-note" }, words.note));
    const status = make("p", { class: "catalyst-status", id: "catalyst-hub-status", role: "status", "aria-live": "polite" });
    const remember = make("button", { class: "md-button", type: "button", hidden: "" }, words.remember);
    row.after(menu, status, remember);

    const current = () => find(it, visit.get()) || find(it, kept.get());
    const show = () => {
      const hub = current();
      const href = hub ? link(hub, it) : before.href;
      if (href) first.setAttribute("href", href);
      first.textContent = hub ? said(words.open, hub) : before.label;
      first.hidden = !href || (!hub && !before.href);
      others.forEach((button) => { button.hidden = Boolean(hub); });
      first.classList.toggle("md-button--primary", !first.hidden);
      if (next && !before.href) next.classList.toggle("md-button--primary", first.hidden);
      select.value = hub ? hub.id || "other" : "";
      own.hidden = select.value !== "other";
      if (hub && !hub.id) field.value = hub.url;
      remember.hidden = !find(it, visit.get());
      return hub;
    };
    const choose = (choice) => {
      visit.set("");
      kept.set(choice);
      const hub = show();
      status.textContent = hub ? said(words.remembered, hub) : choice ? words.gone : words.forgotten;
      return hub;
    };
    // A hub that does not let itself be asked from here may work all the same, so nothing waits for this.
    const ask = async (hub) => {
      let answer = words.unknown;
      status.textContent = said(words.asking, hub);
      try {
        const options = { credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(3000) };
        const reply = await fetch(`${hub.url}/hub/api/`, options);
        if (reply.ok && typeof (await reply.json()).version === "string") answer = words.answers;
      } catch { /* unknown */ }
      const now = current();
      if (now && now.url === hub.url) status.textContent = `${said(words.remembered, hub)} ${said(answer, hub)}`;
    };

    select.addEventListener("change", () => {
      if (select.value === "other") own.hidden = false;
      else choose(select.value);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const url = front(field.value);
      field.setAttribute("aria-invalid", String(!url));
      const hub = url && choose(url);
      if (hub) ask(hub);
      if (!url) { status.textContent = words.bad; field.focus(); }
    });
    remember.addEventListener("click", () => { choose(visit.get()); first.focus(); });
    addEventListener("pageshow", (event) => { if (event.persisted) show(); });

    const hub = show();
    if (!remember.hidden) status.textContent = said(words.visiting, hub);
    else if (visit.get() || (kept.get() && !hub)) status.textContent = words.gone;
  };

  const start = () => {
    const asked = new URLSearchParams(location.search).get("hub");
    if (asked !== null) visit.set(asked.slice(0, 500));
    const bar = document.querySelector("[data-launch-settings]");
    if (bar) build(bar);
  };
  window.catalystLaunch = Object.freeze({ link, front });
  // Material tells of each page, also of those that navigation.instant puts in without loading anything anew.
  if (window.document$) window.document$.subscribe(start);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

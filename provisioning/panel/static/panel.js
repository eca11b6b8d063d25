"use strict";
// Puts in what the server sends. Without this script every page and every button works, by loading pages.

const FRAGMENT = { "X-Panel-Fragment": "1" };
const TYPING_MS = 100;
const waiting = new Map(); // parts that are looked at, and what takes their place when nobody does

const isHeld = (place) => place.hasAttribute("data-hold")
  && (place.matches(":hover") || place.matches(":focus-within"));

// Keeps what the reader is at: which control has the focus, what is folded open, how far a list is scrolled.
const put = (place, nodes) => {
  const at = place.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...place.querySelectorAll("details[open][id]")].map((each) => each.id);
  const scrolled = [...place.querySelectorAll("[data-keep]")].map((each) => [each.dataset.keep, each.scrollTop]);
  place.replaceChildren(...nodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const [name, top] of scrolled) {
    const list = place.querySelector(`[data-keep="${CSS.escape(name)}"]`);
    if (list) list.scrollTop = top;
  }
  if (at) document.getElementById(at)?.focus({ preventScroll: true });
  countFrom(place);
};

const take = (name, nodes) => {
  const place = document.getElementById(name);
  if (!place) return;
  if (isHeld(place)) waiting.set(place, nodes);
  else put(place, nodes);
};

const release = (place) => {
  if (waiting.has(place) && !isHeld(place)) {
    put(place, waiting.get(place));
    waiting.delete(place);
  }
};

for (const kind of ["mouseout", "focusout"]) {
  document.addEventListener(kind, () => setTimeout(() => [...waiting.keys()].forEach(release)));
}

const parsed = (text) => {
  const template = document.createElement("template");
  template.innerHTML = text;
  return template.content;
};

// What changes while it is looked at. The browser connects again by itself, and is then sent everything.
const listen = () => {
  const said = document.getElementById("connection");
  const events = new EventSource(document.body.dataset.events + location.search);
  events.onopen = () => { said.textContent = ""; document.documentElement.dataset.live = "yes"; };
  events.onerror = () => {
    said.textContent = "Not connected: this is what was heard last.";
    document.documentElement.dataset.live = "no";
  };
  events.onmessage = (message) => {
    const part = parsed(message.data).firstElementChild;
    take(part.dataset.part, [...part.childNodes]);
  };
};

// Seconds that are left, counted down here: they are no news that anybody should be sent or read aloud.
const countFrom = (place) => {
  for (const each of place.querySelectorAll("[data-seconds]")) {
    each.dataset.until = performance.now() + 1000 * Number(each.dataset.seconds);
  }
  count();
};

const count = () => {
  for (const each of document.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.round((each.dataset.until - performance.now()) / 1000));
    const [days, hours, minutes] = [Math.floor(left / 86400), Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60];
    const parts = days ? [`${days} d`, `${hours} h`] : hours ? [`${hours} h`, `${minutes} min`]
      : [`${minutes}:${String(left % 60).padStart(2, "0")} min`];
    each.textContent = left ? `in ${parts.join(" ")}` : "now";
  }
};

// A form with data-into is answered into the element of that id; into the dialog, when that is it.
const send = async (form, submitter) => {
  const fields = new FormData(form, submitter);
  const isGet = form.method === "get";
  const address = new URL(form.action);
  if (isGet) address.search = new URLSearchParams(fields);
  const into = document.getElementById(form.dataset.into);
  form.setAttribute("aria-busy", "true");
  try {
    const body = isGet ? undefined : new URLSearchParams(fields);
    const answer = await fetch(address, { method: form.method, body, headers: FRAGMENT });
    put(into, [...parsed(await answer.text()).childNodes]);
  } catch {
    put(into, [...parsed('<p class="trouble" role="alert">The panel does not answer. Is elium panel still running?</p>').childNodes]);
  } finally {
    form.removeAttribute("aria-busy");
  }
  if (into instanceof HTMLDialogElement && !into.open) into.showModal();
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.into) return;
  event.preventDefault();
  send(form, event.submitter);
});

let typing;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-as-typed]");
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(() => form.requestSubmit(), TYPING_MS);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-into]");
  if (event.target.closest("[data-close]")) {
    event.preventDefault();
    event.target.closest("dialog")?.close();
  } else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const form = document.createElement("form");
    Object.assign(form, { action: link.href, method: "get" });
    form.dataset.into = link.dataset.into;
    new URL(link.href).searchParams.forEach((value, name) => {
      form.append(Object.assign(document.createElement("input"), { name, value }));
    });
    send(form);
  }
});

countFrom(document);
setInterval(count, 1000);
listen();

"use strict";
// Puts in what the server sends. Without this script every page and every button works, by loading pages.

const FRAGMENT = { "X-Panel-Fragment": "1" };
const TYPING_MS = 100;
const AGAIN_MS = 3000;
const acted = new Set(); // places in which a button was pressed: what comes of it is shown, whoever is in them
const waiting = new Map(); // places that are looked at, and what is done to them when nobody does

const isHeld = (place) => place.hasAttribute("data-hold") && !acted.has(place)
  && (place.matches(":hover") || place.matches(":focus-within"));

// Keeps what the reader is at: which control has the focus, what is folded open, how far a list is scrolled.
const wayTo = ({ id, tagName, parentElement }) => id ? `#${CSS.escape(id)}`
  : tagName === "SUMMARY" && parentElement.id ? `#${CSS.escape(parentElement.id)} > summary` : "";

const put = (place, nodes) => {
  const at = place.contains(document.activeElement) ? wayTo(document.activeElement) : "";
  const open = [...place.querySelectorAll("details[open][id]")].map((each) => each.id);
  const scrolled = [...place.querySelectorAll("[data-keep]")].map((each) => [each.dataset.keep, each.scrollTop]);
  const written = [...place.querySelectorAll("input[id]")].filter((each) => each.value !== each.defaultValue);
  const known = new Set([...place.querySelectorAll("[role=alert], [data-known]")].map((each) => each.textContent));
  for (const node of nodes) hush(node, known);
  place.replaceChildren(...nodes);
  for (const { id, value, defaultValue } of written) {
    const field = document.getElementById(id);
    if (field && field.defaultValue === defaultValue) field.value = value;
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const [name, top] of scrolled) {
    const list = place.querySelector(`[data-keep="${CSS.escape(name)}"]`);
    if (list) list.scrollTop = top;
  }
  if (at) document.querySelector(at)?.focus({ preventScroll: true });
  countFrom(place);
  announce(place);
  resubmit(place);
};

// An alert that was there before is no news, and is not read aloud again whenever what is around it changes.
const hush = (node, known) => {
  if (!(node instanceof Element)) return;
  for (const each of [node, ...node.querySelectorAll("*")]) {
    if (each.getAttribute("role") !== "alert" || !known.has(each.textContent)) continue;
    each.removeAttribute("role");
    each.dataset.known = "";
  }
};

// What is read aloud stands in an element that stays, and changes only when the words do.
const announce = (place) => {
  for (const each of place.querySelectorAll("[data-announce]")) {
    const said = document.getElementById(each.dataset.announce);
    if (said && said.textContent !== each.textContent) said.textContent = each.textContent;
  }
};

// A form that is answered out of what has changed is sent anew; once more, however often it changed meanwhile.
const versions = new Map();
const outdated = new Set();
const sendAnew = (form) => {
  const into = document.getElementById(form.dataset.into);
  if (form.hasAttribute("aria-busy")) outdated.add(form);
  // The page of the answer that is looked at, which a link may have led to.
  else if (asked.has(into)) send(form, undefined, asked.get(into));
  else form.requestSubmit();
};
const resubmit = (place) => {
  for (const each of place.querySelectorAll("[data-resubmit]")) {
    const { resubmit: name, version } = each.dataset;
    const form = document.getElementById(name);
    if (form && versions.has(name) && versions.get(name) !== version) {
      unlessHeld(document.getElementById(form.dataset.into), () => sendAnew(form));
    }
    versions.set(name, version);
  }
};

// Whoever comes back to the page is sent everything, and what is the same is left as it is, with what is chosen in it.
const sent = new Map();
const take = (name, nodes, text) => {
  const place = document.getElementById(name);
  if (!place || sent.get(name) === text) return;
  sent.set(name, text);
  unlessHeld(place, () => put(place, nodes));
};

const unlessHeld = (place, act) => {
  if (isHeld(place)) waiting.set(place, act);
  else {
    waiting.delete(place);
    act();
  }
  place.toggleAttribute("data-waits", waiting.has(place));
};

const release = (place) => {
  if (waiting.has(place) && !isHeld(place)) {
    unlessHeld(place, waiting.get(place));
  }
};

const leave = () => {
  for (const each of [...acted]) if (!each.matches(":hover") && !each.matches(":focus-within")) acted.delete(each);
  [...waiting.keys()].forEach(release);
};

for (const kind of ["mouseout", "focusout"]) {
  document.addEventListener(kind, () => setTimeout(leave));
}

const parsed = (text) => {
  const template = document.createElement("template");
  template.innerHTML = text;
  return template.content;
};

// What changes while it is looked at. The browser connects again by itself, and is then sent everything.
// In the background nobody looks: the connection is left to other pages, of which a browser has but a few.
let events;
const listen = () => {
  const said = document.getElementById("connection");
  if (document.hidden || events && events.readyState !== EventSource.CLOSED) return;
  events = new EventSource(document.body.dataset.events + location.search);
  events.onopen = () => { said.textContent = ""; document.documentElement.dataset.live = "yes"; };
  events.onerror = () => {
    document.documentElement.dataset.live = "no";
    const isFull = events.readyState === EventSource.CLOSED;
    said.textContent = isFull ? "Not followed: five pages are already, or elium panel was started anew. It is tried again."
      : "Not connected: elium panel does not answer. What is here was heard last.";
    if (isFull) setTimeout(listen, AGAIN_MS);
  };
  events.onmessage = (message) => {
    const part = parsed(message.data).firstElementChild;
    take(part.dataset.part, [...part.childNodes], message.data);
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

// A form with data-into is answered into the element of that id; into the dialog, when that is it. What is asked for
// last is what is shown, in whichever order the answers come.
const asked = new WeakMap();
const send = async (form, submitter, again) => {
  const fields = new FormData(form, submitter);
  const isGet = form.method === "get";
  const address = new URL(again ?? form.action);
  if (isGet && !again) address.search = new URLSearchParams(fields);
  const into = document.getElementById(form.dataset.into);
  asked.set(into, address);
  form.setAttribute("aria-busy", "true");
  document.documentElement.toggleAttribute("data-busy", true);
  let nodes;
  let isDone = false;
  try {
    const body = isGet ? undefined : new URLSearchParams(fields);
    const answer = await fetch(address, { method: form.method, body, headers: FRAGMENT });
    nodes = parsed(await answer.text());
    isDone = answer.ok;
  } catch {
    if (!(into instanceof HTMLDialogElement)) return lost();
    nodes = parsed('<p class="trouble" role="alert">The panel does not answer. Is elium panel still running?</p>');
  } finally {
    form.removeAttribute("aria-busy");
    document.documentElement.toggleAttribute("data-busy", document.querySelector("[aria-busy]") !== null);
  }
  const held = form.closest("[data-hold]");
  if (held && !isGet) {
    acted.add(held);
    release(held);
  }
  if (isDone && form.hasAttribute("data-reset")) form.reset();
  if (asked.get(into) !== address) return;
  put(into, [...nodes.childNodes]);
  if (into instanceof HTMLDialogElement) show(into);
  if (outdated.delete(form)) unlessHeld(into, () => sendAnew(form));
};

const show = (dialog) => {
  dialog.setAttribute("aria-label", dialog.querySelector("h1, h2")?.textContent ?? "Answer");
  if (!dialog.open) {
    const from = document.activeElement?.id;
    dialog.showModal();
    // Its beginning is read first, and in view; on a phone the first control may lie below both.
    dialog.focus();
    // What it was opened from may have been drawn anew meanwhile.
    dialog.addEventListener("close", () => from && document.getElementById(from)?.focus(), { once: true });
  } else if (!dialog.contains(document.activeElement)) {
    dialog.querySelector("button, a[href]")?.focus();
  }
};

// A form with data-quietly is sent, and what comes of it is seen where it is shown anyway.
const tell = (form) => fetch(form.action, { method: "post", redirect: "manual" }).catch(() => lost());

const lost = () => {
  document.getElementById("connection").textContent = "Not connected: elium panel does not answer. What is here was heard last.";
};

// The command that a button stands behind. Where a browser does not let it be copied, it is chosen, to be copied by hand.
const copied = document.getElementById("copied");
const copy = async (button) => {
  const shown = button.previousElementSibling;
  let came = "Copied";
  try {
    await navigator.clipboard.writeText(shown.textContent);
  } catch {
    getSelection().selectAllChildren(shown);
    came = "Chosen: copy it yourself";
  }
  // While a dialog is open nothing outside of it is read aloud.
  (button.closest("dialog") ?? document.body).append(copied);
  copied.textContent = "";
  setTimeout(() => { copied.textContent = came; }, 50);
  button.textContent = came;
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
};

const pressed = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-quietly") && !form.dataset.into) return;
  event.preventDefault();
  const said = new URLSearchParams(new FormData(form, event.submitter)).toString();
  // Pressed twice, it is done once.
  if (form.method === "post" && form.hasAttribute("aria-busy") && pressed.get(form) === said) return;
  pressed.set(form, said);
  form.dataset.into ? send(form, event.submitter) : tell(form);
});

let typing;
document.addEventListener("input", (event) => {
  // Whoever writes is not to lose the place where they are at.
  acted.delete(event.target.closest("[data-hold]"));
  const form = event.target.closest("form[data-as-typed]");
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(() => form.requestSubmit(), TYPING_MS);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-into]");
  const copies = event.target.closest("[data-copy]");
  if (copies) copy(copies);
  const closes = event.target.closest("[data-close]");
  const dialog = closes?.closest("dialog");
  const told = closes?.closest("#told");
  if (dialog || told) {
    event.preventDefault();
    dialog?.close();
    if (told) put(told, sent.has("told") ? [...parsed(sent.get("told")).firstElementChild.childNodes] : []);
  } else if (link && !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const form = document.createElement("form");
    form.dataset.into = link.dataset.into;
    send(form, undefined, link.href);
  }
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) events?.close();
  listen();
});

document.documentElement.dataset.scripted = "yes";
countFrom(document);
announce(document);
resubmit(document);
setInterval(count, 1000);
listen();

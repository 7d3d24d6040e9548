"use strict";

// The day page. The server says what today is and what time it is; this page only shows and asks.

const $ = (id) => document.getElementById(id);
const STATUS = {
  booked: ["○", "Expected"],
  arrived: ["●", "Arrived"],
  fulfilled: ["✓", "Seen"],
  cancelled: ["×", "Cancelled"],
};
const TEXT = { due: "Text waiting", claimed: "Text going out", accepted: "Text sent", delivered: "Text delivered", failed: "Text not delivered", unknown: "Text sent, not confirmed", refused: "Text refused", skipped: "Not texted" };
const REASON = {
  "no-consent": "no consent",
  "no-phone": "no phone number",
  "opted-out": "answered STOP",
  "visit-changed": "the visit changed first",
  "too-late": "it was too late",
};
const ADVICE = {
  "not-yet": "Its day has not come. Check in on the day itself.",
  "visit-already-finished": "The visit is finished; a check-in can no longer be undone.",
  "stale-version": "It was changed by somebody else. The list now shows how it is; look and try again.",
  "not-found": "It is not one of your site's appointments any more. The list is being read again.",
  forbidden: "Your role may not do this. Ask a manager.",
  unavailable: "The appointment book does not answer now. Nothing was changed; try again in a moment.",
  "outcome-unknown": "It is not certain whether that was done. Wait for the list to change before you try again.",
};

const LATE_AFTER_MS = 5 * 60 * 1000;

const state = { me: null, sites: [], site: null, items: new Map(), zone: "UTC", clock: null, source: null, chosen: null };

// --- asking the server ---------------------------------------------------------------------------------------------

class Refusal extends Error {
  constructor(status, problem) {
    super(problem.slug || `status-${status}`);
    this.status = status;
    this.problem = problem;
  }
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function ask(method, path, body, headers = {}) {
  const given = { "Frontdesk-Page": "1", ...headers };
  if (method !== "GET") {
    given["Content-Type"] = "application/json";
    given["Idempotency-Key"] ??= newKey();
  }
  const answer = await fetch(path, { method, headers: given, body: method === "GET" ? undefined : JSON.stringify(body ?? {}), credentials: "same-origin" });
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const problem = await answer.json().catch(() => ({}));
  throw new Refusal(answer.status, problem);
}

// A write whose answer was lost is asked again with the same key: the same answer, never a second effect.
async function askSurely(path, headers) {
  const key = newKey();
  for (let turn = 0; ; turn += 1) {
    try {
      return await ask("POST", path, {}, { ...headers, "Idempotency-Key": key });
    } catch (error) {
      const again = !(error instanceof Refusal) || error.status === 503 || error.status === 504;
      if (!again || turn === 3) throw error;
      await new Promise((done) => setTimeout(done, 400 * 2 ** turn));
    }
  }
}

// --- signing in and out --------------------------------------------------------------------------------------------

function showDoor(why) {
  stopListening();
  state.items.clear();
  $("rows").replaceChildren();
  $("desk").hidden = true;
  $("sign-in").hidden = false;
  if (why) $("sign-in-why").textContent = why;
  $("login").focus();
}

async function signIn(event) {
  event.preventDefault();
  const button = event.submitter ?? event.target.querySelector("button");
  button.disabled = true;
  $("sign-in-error").textContent = "";
  try {
    await ask("POST", "/v1/sessions", { login: $("login").value, password: $("password").value, cookie: true });
    $("password").value = "";
    await begin();
  } catch (error) {
    $("sign-in-error").textContent = signInAdvice(error);
    $("password").select();
  } finally {
    button.disabled = false;
  }
}

function signInAdvice(error) {
  if (!(error instanceof Refusal)) return "The server does not answer. Check the network and try again.";
  if (error.status === 401) return "Login and password do not match. Try again, or ask for a new password.";
  if (error.status === 429) return `Too many tries. Wait ${error.problem.details?.retry_after ?? 60} seconds.`;
  return "Signing in does not work at the moment. Try again shortly.";
}

async function signOut() {
  await ask("DELETE", "/v1/sessions/current").catch(() => null);
  showDoor("You are signed out.");
}

async function all(path) {
  const items = [];
  for (let page = { next: "" }; page.next !== null; items.push(...page.items)) {
    page = await ask("GET", page.next ? `${path}&cursor=${encodeURIComponent(page.next)}` : path);
  }
  return items;
}

async function begin() {
  state.me = await ask("GET", "/v1/me");
  $("who").textContent = state.me.login;
  state.sites = await all("/v1/sites?limit=200");
  $("sign-in").hidden = true;
  $("desk").hidden = false;
  const why = whyNoDay();
  for (const id of ["sheet", "keys", "connection"]) $(id).hidden = Boolean(why);
  $("site").parentElement.hidden = Boolean(why);
  complain(why);
  if (why) return;
  fillSites();
  openSite($("site").value);
  $("day").focus();
}

function whyNoDay() {
  if (!may("appointments:read")) return "Your role does not include the day page: it is for those who book and see patients. Ask a manager for another role.";
  return state.sites.length === 0 ? "No site is assigned to you. Ask a manager." : "";
}

function fillSites() {
  const remembered = localStorage.getItem("frontdesk-site");
  $("site").replaceChildren(...state.sites.map((site) => new Option(site.name, site.site_id, false, site.site_id === remembered)));
}

// --- the live day --------------------------------------------------------------------------------------------------

function openSite(siteId) {
  localStorage.setItem("frontdesk-site", siteId);
  state.site = siteId;
  state.items.clear();
  state.chosen = null;
  draw();
  listen();
}

function stopListening() {
  state.source?.close();
  state.source = null;
}

function listen() {
  stopListening();
  connection("connecting", "Connecting…");
  const source = new EventSource(`/v1/day/changes?site_id=${encodeURIComponent(state.site)}`);
  state.source = source;
  source.addEventListener("day", (event) => showDay(JSON.parse(event.data)));
  source.addEventListener("changes", (event) => applyChanges(JSON.parse(event.data)));
  source.addEventListener("here", (event) => setClock(JSON.parse(event.data).now));
  source.addEventListener("trouble", () => connection("lost", "The appointment book does not answer; this list may be old"));
  source.addEventListener("signed-out", () => showDoor("Your session has ended. Sign in again."));
  source.onerror = () => lost(source);
}

async function lost(source) {
  connection("lost", "Connection lost; this list may be old. Trying again…");
  if (source.readyState !== EventSource.CLOSED) return;
  try {
    await ask("GET", "/v1/me");
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return showDoor("Your session has ended. Sign in again.");
  }
  setTimeout(() => { if (state.source === source) listen(); }, 2000);
}

function showDay(day) {
  state.zone = day.zone;
  state.items = new Map(day.items.map((item) => [item.appointment_id, item]));
  state.simulated = day.simulated;
  setClock(day.now);
  $("date").textContent = longDate(day.on);
  document.title = `${longDate(day.on)} · ${day.site.name}`;
  connection("live", "Live");
  const isFirst = state.chosen === null;
  if (isFirst) state.chosen = nextExpected()?.appointment_id ?? null;
  draw();
  if (isFirst && [document.body, $("day")].includes(document.activeElement)) chosenRow()?.focus();
}

// Who is to be checked in next: the first who is expected and not long over.
function nextExpected() {
  const expected = [...state.items.values()].filter((item) => item.status === "booked").sort(byTime);
  return expected.find((item) => new Date(item.end_at) > businessNow()) ?? expected.at(-1);
}

const chosenRow = () => [...$("rows").children].find((row) => row.dataset.id === state.chosen);

function applyChanges({ items, gone }) {
  for (const id of gone) state.items.delete(id);
  for (const item of items) {
    const known = state.items.get(item.appointment_id);
    if (known && known.version > item.version) continue;
    state.items.set(item.appointment_id, item);
    if (known && known.status !== item.status) say(`${nameOf(item)}: ${STATUS[item.status]?.[1] ?? item.status}`);
  }
  connection("live", "Live");
  draw(new Set(items.map((item) => item.appointment_id)));
}

// --- drawing -------------------------------------------------------------------------------------------------------

function draw(told = new Set()) {
  const items = [...state.items.values()].filter((item) => item.site_id === state.site).sort(byTime);
  const rows = new Map([...$("rows").children].map((row) => [row.dataset.id, row]));
  const focused = document.activeElement?.closest("tr")?.dataset.id;
  const wanted = items.map((item) => drawRow(rows.get(item.appointment_id) ?? newRow(item), item, told.has(item.appointment_id)));
  if (wanted.length !== rows.size || wanted.some((row, place) => $("rows").children[place] !== row)) {
    $("rows").replaceChildren(...wanted);
    if (focused) wanted.find((row) => row.dataset.id === focused)?.focus();
  }
  $("sheet").hidden = items.length === 0;
  $("empty").hidden = items.length > 0 || $("connection").dataset.state !== "live";
  drawCounts(items);
  markNow(items);
  keepOneStop();
}

function newRow(item) {
  const row = document.createElement("tr");
  row.dataset.id = item.appointment_id;
  row.tabIndex = -1;
  for (const name of ["time", "patient", "with", "for", "status", "text", "action"]) {
    const cell = document.createElement(name === "patient" ? "th" : "td");
    if (name === "patient") cell.scope = "row";
    cell.className = name;
    row.append(cell);
  }
  row.addEventListener("focus", () => { state.chosen = item.appointment_id; keepOneStop(); });
  return row;
}

function drawRow(row, item, isTold) {
  const [mark, word] = STATUS[item.status] ?? ["?", item.status];
  const [time, patient, withWhom, what, status, text, action] = row.children;
  row.dataset.status = item.status;
  row.classList.toggle("told", isTold);
  fill(time, clockTime(item.start_at), `${minutes(item)} min`);
  fill(patient, nameOf(item), item.patient?.birth_on ? `born ${item.patient.birth_on}` : "");
  withWhom.textContent = item.practitioner_name ?? "";
  what.textContent = item.type_name ?? "";
  status.dataset.mark = mark;
  status.textContent = item.arrived_at && item.status === "arrived" ? `${word} ${clockTime(item.arrived_at)}` : word;
  const [words, kind] = textWords(item.text);
  text.textContent = words;
  text.dataset.kind = kind;
  drawAction(action, item);
  return row;
}

function drawAction(cell, item) {
  const verbs = { booked: ["Check in", checkIn], arrived: ["Undo", undoCheckIn] };
  const [label, act] = may("appointments:write") ? verbs[item.status] ?? [] : [];
  if (!label) return cell.replaceChildren();
  const button = cell.querySelector("button") ?? document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.tabIndex = -1;
  button.textContent = label;
  button.setAttribute("aria-label", `${label}: ${nameOf(item)}, ${clockTime(item.start_at)}`);
  button.disabled = Boolean(item.busy);
  button.onclick = () => act(item.appointment_id);
  if (button.parentElement !== cell) cell.replaceChildren(button);
}

function fill(cell, main, small) {
  const detail = document.createElement("small");
  detail.textContent = small;
  cell.replaceChildren(document.createTextNode(main), ...(small ? [detail] : []));
}

function drawCounts(items) {
  const count = (status) => items.filter((item) => item.status === status).length;
  $("counts").textContent = items.length ? `${count("booked")} expected · ${count("arrived")} here · ${count("fulfilled")} seen` : "";
}

// The line between what has begun and what is to come.
function markNow(items) {
  const now = businessNow();
  const next = items.findIndex((item) => new Date(item.start_at) > now);
  [...$("rows").children].forEach((row, place) => {
    row.classList.toggle("now", place === next && next > 0);
    row.classList.toggle("late", items[place]?.status === "booked" && now - new Date(items[place].start_at) > LATE_AFTER_MS);
  });
}

function keepOneStop() {
  const rows = [...$("rows").children];
  const stop = rows.find((row) => row.dataset.id === state.chosen) ?? rows[0];
  for (const row of rows) row.tabIndex = row === stop ? 0 : -1;
}

// --- words ---------------------------------------------------------------------------------------------------------

const byTime = (a, b) => a.start_at.localeCompare(b.start_at) || a.appointment_id.localeCompare(b.appointment_id);
const nameOf = (item) => (item.patient ? `${item.patient.family}, ${item.patient.given}` : "Name is on its way");
const minutes = (item) => Math.round((new Date(item.end_at) - new Date(item.start_at)) / 60000);
const may = (scope) => Boolean(state.me?.scopes.includes(scope));

function clockTime(instant) {
  return new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit", timeZone: state.zone }).format(new Date(instant));
}

function longDate(day) {
  return new Intl.DateTimeFormat("en-US", { weekday: "long", month: "long", day: "numeric", year: "numeric", timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`));
}

function textWords(text) {
  if (!text) return ["No text", "quiet"];
  const words = TEXT[text.status] ?? text.status;
  const reason = text.reason ? REASON[text.reason] ?? text.reason.replaceAll("-", " ") : "";
  const isProblem = ["skipped", "refused", "failed"].includes(text.status);
  return [reason ? `${words}: ${reason}` : words, isProblem ? "problem" : "quiet"];
}

function connection(name, words) {
  if ($("connection").dataset.state === name && $("connection").textContent === words) return;
  $("connection").dataset.state = name;
  $("connection").textContent = words;
}

function say(words) {
  $("said").textContent = words;
  $("last").textContent = words;
}

function complain(words) {
  $("problem").textContent = words;
  $("problem").hidden = !words;
}

// --- the clock: business time, from the server ---------------------------------------------------------------------

function setClock(now) {
  state.clock = { business: new Date(now).getTime(), real: performance.now() };
  drawClock();
}

function businessNow() {
  if (!state.clock) return new Date();
  return new Date(state.clock.business + performance.now() - state.clock.real);
}

function drawClock() {
  if (!state.clock) return;
  const note = document.createElement("small");
  note.textContent = "simulated clock";
  $("clock").replaceChildren(document.createTextNode(clockTime(businessNow())), ...(state.simulated ? [note] : []));
}

// --- doing ---------------------------------------------------------------------------------------------------------

async function change(id, verb, done) {
  const item = state.items.get(id);
  if (!item || item.busy) return;
  item.busy = true;
  complain("");
  draw();
  try {
    const answer = await askSurely(`/v1/appointments/${id}/${verb}`, { "If-Match": `"${item.version}"` });
    const present = state.items.get(id) ?? item;
    if (answer.version >= present.version) state.items.set(id, { ...present, ...answer, busy: false });
    say(`${nameOf(item)}: ${done}`);
  } catch (error) {
    await failed(error, item);
  } finally {
    const present = state.items.get(id);
    if (present) present.busy = false;
    draw(new Set([id]));
  }
}

async function failed(error, item) {
  if (!(error instanceof Refusal)) return complain(`${nameOf(item)}: the server does not answer. Nothing is lost; try again when the connection is back.`);
  if (error.status === 401) return showDoor("Your session has ended. Sign in again.");
  const slug = error.problem.slug;
  complain(`${nameOf(item)}: ${ADVICE[slug] ?? `${error.problem.title ?? "It did not work"}.`}`);
  if (slug === "stale-version" || slug === "not-found") listen();
}

const checkIn = (id) => changeFrom("booked", id, "check-in", "checked in");
const undoCheckIn = (id) => changeFrom("arrived", id, "undo-check-in", "check-in undone");

// A key that does not apply says why, since nothing on the page shows it.
function changeFrom(status, id, verb, done) {
  const item = state.items.get(id);
  if (!item) return say("Choose an appointment first: J and K move through the list.");
  if (item.busy) return undefined;
  if (!may("appointments:write")) return say("Your role may look at the day, and not change it.");
  if (item.status === status) return change(id, verb, done);
  const word = (STATUS[item.status]?.[1] ?? item.status).toLowerCase();
  return say(`${nameOf(item)} is ${word}: there is nothing to ${status === "booked" ? "check in" : "undo"}.`);
}

function move(step) {
  const rows = [...$("rows").children];
  if (!rows.length) return;
  const place = rows.findIndex((row) => row.dataset.id === state.chosen);
  const next = rows[Math.min(rows.length - 1, Math.max(0, document.activeElement?.closest("tr") ? place + step : Math.max(place, 0)))];
  next.focus();
}

const KEYS = {
  ArrowDown: () => move(1),
  j: () => move(1),
  ArrowUp: () => move(-1),
  k: () => move(-1),
  c: () => checkIn(state.chosen),
  u: () => undoCheckIn(state.chosen),
};

function onKey(event) {
  if ($("desk").hidden || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
}

$("sign-in-form").addEventListener("submit", signIn);
$("sign-out").addEventListener("click", signOut);
$("site").addEventListener("change", () => openSite($("site").value));
document.addEventListener("keydown", onKey);
setInterval(() => { drawClock(); markNow([...state.items.values()].filter((item) => item.site_id === state.site).sort(byTime)); }, 5000);
begin().catch((error) => showDoor(error instanceof Refusal && error.status === 401 ? "" : "The server does not answer. Try again shortly."));

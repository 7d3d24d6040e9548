"use strict";

// The day page. The server says what today is and what time it is; this page only shows and asks. Here: asking, signing
// in, the live day and the keys; sheet.js draws, steps.js and desk.js are what is done, begin.js starts.

const $ = (id) => document.getElementById(id);
const ADVICE = {
  "not-yet": "Its day has not come. Check in on the day itself.",
  "visit-already-finished": "The visit is finished; nothing of it can be undone any more.",
  "appointment-not-begun": "It has not begun yet: the patient may still come.",
  "appointment-overlaps": "That time is taken.",
  "outside-working-hours": "The practitioner does not work then.",
  "room-elsewhere": "That room is not at this site.",
  "stale-version": "It was changed by somebody else. The list now shows how it is; look and try again.",
  "not-found": "It is not one of your site's appointments any more. The list is being read again.",
  forbidden: "Your role may not do this. Ask a manager.",
  unavailable: "The appointment book does not answer now. Nothing was changed; try again in a moment.",
  "outcome-unknown": "It is not certain whether that was done. Wait for the list to change before you try again.",
};

const state = { me: null, sites: [], site: null, items: new Map(), zone: "UTC", clock: null, source: null, chosen: null, day: null, filters: {} };

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
async function askSurely(path, headers, body = {}) {
  const key = newKey();
  for (let turn = 0; ; turn += 1) {
    try {
      return await ask("POST", path, body, { ...headers, "Idempotency-Key": key });
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
  for (const id of ["walk-in", "running-late"]) $(id).hidden = !may("appointments:write");
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
  state.day = null;
  clearFilters();
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
  state.day = day.on;
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
    if (known && known.stage !== item.stage) say(`${nameOf(item)}: ${stageWords(item)}`);
  }
  connection("live", "Live");
  draw(new Set(items.map((item) => item.appointment_id)));
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

async function change(id, verb, done, body) {
  const item = state.items.get(id);
  if (!item || item.busy) return;
  item.busy = true;
  complain("");
  draw();
  try {
    const answer = await askSurely(`/v1/appointments/${id}/${verb}`, { "If-Match": `"${item.version}"` }, body);
    const present = state.items.get(id) ?? item;
    if (answer.version >= present.version) state.items.set(id, { ...present, ...answer, room_id: answer.room_id ?? present.room_id, busy: false });
    if (answer.status === "entered-in-error") state.items.delete(id);
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

// A key that does not apply says why, since nothing on the page shows it.
function press(key) {
  const item = state.items.get(state.chosen);
  if (!item) return say("Choose an appointment first: J and K move through the list.");
  if (item.busy) return undefined;
  if (!may("appointments:write")) return say("Your role may look at the day, and not change it.");
  const step = stepsFor(item).find((each) => each.key === key);
  if (step) return take(item.appointment_id, step);
  const word = (STAGE[item.stage]?.[1] ?? item.stage).toLowerCase();
  return say(`${nameOf(item)} is ${word}: there is nothing to ${KEY_WORDS[key]}.`);
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
  c: () => press("c"),
  s: () => press("s"),
  d: () => press("d"),
  n: () => press("n"),
  u: () => press("u"),
  m: () => openMore(state.chosen),
  w: () => openWalkIn(),
  l: () => openRunningLate(),
};

function onKey(event) {
  if ($("desk").hidden || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea") || document.querySelector("dialog[open]")) return;
  const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
}

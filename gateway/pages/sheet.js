"use strict";

// The sheet: a row an appointment, in words that a person at the desk uses.

// By stage, which tells apart what the status does not (the steps from each stand in steps.js).
const STAGE = {
  proposed: ["?", "Proposed"],
  booked: ["○", "Expected"],
  confirmed: ["◎", "Expected"],
  arrived: ["●", "Arrived"],
  "in-room": ["◐", "In room"],
  done: ["✓", "Done"],
  fulfilled: ["✓", "Seen"],
  cancelled: ["×", "Cancelled"],
  noshow: ["–", "Did not come"],
};
const TEXT = { due: "Text waiting", claimed: "Text going out", accepted: "Text sent", delivered: "Text delivered", failed: "Text not delivered", unknown: "Text sent, not confirmed", refused: "Text refused", skipped: "Not texted" };
const REASON = {
  "no-consent": "no consent",
  "no-phone": "no phone number",
  "opted-out": "answered STOP",
  "wrong-number": "that number is not the patient's",
  "number-invalid": "there is no such number",
  "number-not-for-texts": "a landline, or no number for texts",
  "visit-changed": "the visit changed first",
  "too-late": "it was too late",
  "too-late-to-act": "it was too late",
  "quiet-hours": "it was night, and too late after it",
  capped: "enough texts for now",
  superseded: "a later reminder was due",
  "no-longer-asked": "there was nothing to ask any more",
  "run-stopped": "somebody stopped these texts",
};
const LATE_AFTER_MS = 5 * 60 * 1000;

// --- drawing -------------------------------------------------------------------------------------------------------

function draw(told = new Set()) {
  const items = shownItems();
  fillFilters();
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

// Of the site, and of the practitioner and the room that were chosen.
function shownItems() {
  const wanted = (item) => item.site_id === state.site
    && ["practitioner_id", "room_id"].every((name) => !state.filters[name] || item[name] === state.filters[name]);
  return [...state.items.values()].filter(wanted).sort(byTime);
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
  const [time, patient, withWhom, what, status, text, action] = row.children;
  row.dataset.status = item.status;
  row.dataset.stage = item.stage;
  row.classList.toggle("told", isTold);
  fill(time, clockTime(item.start_at), item.walk_in ? `${minutes(item)} min, walk-in` : `${minutes(item)} min`);
  fill(patient, nameOf(item), item.patient?.birth_on ? `born ${item.patient.birth_on}` : "");
  withWhom.textContent = item.practitioner_name ?? "";
  what.textContent = item.type_name ?? "";
  drawStatus(status, item);
  const [words, kind] = textWords(item.text);
  text.textContent = words;
  text.dataset.kind = kind;
  drawAction(action, item);
  return row;
}

function drawStatus(cell, item) {
  const [mark] = STAGE[item.stage] ?? ["?"];
  cell.dataset.mark = mark;
  fill(cell, stageWords(item), statusNote(item));
}

function stageWords(item) {
  const word = STAGE[item.stage]?.[1] ?? item.stage;
  const since = { arrived: item.arrived_at, "in-room": item.in_room_at, done: item.done_at }[item.stage];
  return since ? `${word} ${clockTime(since)}` : word;
}

// What a person who looks on needs beside the stage: how long somebody waits, where, and how late it runs.
function statusNote(item) {
  if (item.stage === "in-room") return item.room_name ?? "";
  const late = item.delay_minutes && ["booked", "confirmed", "arrived"].includes(item.stage) ? `runs ${item.delay_minutes} min late` : "";
  const waits = item.stage === "arrived" ? `waits ${waited(item)} min` : "";
  const confirmed = item.stage === "confirmed" ? "confirmed" : "";
  return [confirmed, waits, late].filter(Boolean).join(" · ");
}

const waited = (item) => Math.max(0, Math.floor((businessNow() - new Date(item.arrived_at)) / 60000));

function drawAction(cell, item) {
  const step = may("appointments:write") ? mainStep(item) : undefined;
  const more = may("appointments:write") || may("appointments:read");
  const wanted = [step && ["main", step.short ?? step.label, () => take(item.appointment_id, step)], more && ["more", "More", () => openMore(item.appointment_id)]];
  const buttons = wanted.filter(Boolean).map(([kind, label, act]) => drawButton(cell, item, kind, label, act));
  if (buttons.length !== cell.children.length || buttons.some((button, place) => cell.children[place] !== button)) {
    cell.replaceChildren(...buttons);
  }
}

function drawButton(cell, item, kind, label, act) {
  const button = cell.querySelector(`button.${kind}`) ?? document.createElement("button");
  button.type = "button";
  button.className = `plain ${kind}`;
  button.tabIndex = -1;
  button.textContent = kind === "more" ? "⋯" : label;
  button.setAttribute("aria-label", `${label}: ${nameOf(item)}, ${clockTime(item.start_at)}`);
  button.disabled = Boolean(item.busy);
  button.onclick = act;
  return button;
}

function fill(cell, main, small) {
  const detail = document.createElement("small");
  detail.textContent = small;
  cell.replaceChildren(document.createTextNode(main), ...(small ? [detail] : []));
}

function drawCounts(items) {
  const count = (...stages) => items.filter((item) => stages.includes(item.stage)).length;
  const words = [
    `${count("booked", "confirmed")} expected`,
    `${count("arrived")} waiting`,
    `${count("in-room")} in room`,
    `${count("done", "fulfilled")} done`,
  ];
  $("counts").textContent = items.length ? words.join(" · ") : "";
}

// The line between what has begun and what is to come.
function markNow(items) {
  const now = businessNow();
  const next = items.findIndex((item) => new Date(item.start_at) > now);
  [...$("rows").children].forEach((row, place) => {
    row.classList.toggle("now", place === next && next > 0);
    const item = items[place];
    if (!item) return;
    row.classList.toggle("late", item.status === "booked" && now - new Date(item.start_at) >= LATE_AFTER_MS);
    if (item.stage === "arrived") drawStatus(row.querySelector(".status"), item);
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

"use strict";

// What concerns the whole day: who walks in, who runs late, whose day is shown, and its printed sheet.

// --- whose day -----------------------------------------------------------------------------------------------------

const FILTERS = { practitioner_id: ["filter-practitioner", "practitioner_name"], room_id: ["filter-room", "room_name"] };

function clearFilters() {
  state.filters = {};
  for (const [id] of Object.values(FILTERS)) $(id).value = "";
}

function fillFilters() {
  for (const [name, [id, label]] of Object.entries(FILTERS)) {
    const present = [...state.items.values()].filter((item) => item.site_id === state.site && item[name]);
    const wanted = new Map(present.map((item) => [item[name], item[label] ?? ""]));
    const select = $(id);
    const known = [...select.options].slice(1).map((option) => option.value);
    select.parentElement.hidden = wanted.size === 0;
    if (known.length === wanted.size && known.every((value) => wanted.has(value))) continue;
    const options = [...wanted].sort((one, other) => one[1].localeCompare(other[1])).map(([value, words]) => new Option(words, value));
    select.replaceChildren(new Option(select.dataset.all, ""), ...options);
    select.value = wanted.has(state.filters[name]) ? state.filters[name] : "";
    state.filters[name] = select.value;
  }
  $("print").href = `/v1/day/print?${new URLSearchParams(printed())}`;
}

function printed() {
  const chosen = Object.entries(state.filters).filter(([, value]) => value);
  return [["site_id", state.site ?? ""], ...(state.day ? [["on", state.day]] : []), ...chosen];
}

for (const [name, [id]] of Object.entries(FILTERS)) {
  $(id).addEventListener("change", () => { state.filters[name] = $(id).value; draw(); });
}

// --- who walks in --------------------------------------------------------------------------------------------------

async function openWalkIn() {
  if (!may("appointments:write")) return say("Your role may look at the day, and not change it.");
  $("walk-in-form").reset();
  fillKnown([]);
  offerTimes([]);
  $("walk-in-problem").textContent = "";
  $("walk-in-dialog").showModal();
  $("walk-in-family").focus();
  const [people, types] = await Promise.all([
    all(`/v1/practitioners?site_id=${encodeURIComponent(state.site)}&limit=200`),
    all("/v1/appointment-types?active=true&limit=200"),
  ]).catch(() => [[], []]);
  $("walk-in-practitioner").replaceChildren(...people.map((one) => new Option(personName(one), one.practitioner_id)));
  $("walk-in-type").replaceChildren(...types.map((one) => new Option(one.name, one.appointment_type_id)));
  return undefined;
}

const personName = (one) => [one.prefix, one.given, one.family].filter(Boolean).join(" ");

// Who is known already is not registered twice.
async function findKnown() {
  const family = $("walk-in-family").value.trim();
  if (family.length < 2) return fillKnown([]);
  const found = await ask("POST", "/v1/patients/search", { family, site_id: state.site }).catch(() => ({ items: [] }));
  return fillKnown(found.items);
}

function fillKnown(patients) {
  const words = (one) => `${one.family}, ${one.given}${one.birth_on ? `, born ${one.birth_on}` : ""}`;
  $("walk-in-known").replaceChildren(new Option("somebody new", ""), ...patients.map((one) => new Option(words(one), one.patient_id)));
  $("walk-in-known").parentElement.hidden = patients.length === 0;
  asksForMore();
}

function asksForMore() {
  const isNew = !$("walk-in-known").value;
  for (const id of ["walk-in-given", "walk-in-phone", "walk-in-language", "walk-in-reminders", "walk-in-care"]) $(id).parentElement.hidden = !isNew;
  $("walk-in-given").required = isNew;
}

async function bookWalkIn(event) {
  event.preventDefault();
  const known = $("walk-in-known").value;
  const phone = $("walk-in-phone").value.trim();
  const language = $("walk-in-language").value;
  const newcomer = {
    given: $("walk-in-given").value,
    family: $("walk-in-family").value,
    ...(phone ? { phone } : {}),
    ...(language ? { language } : {}),
    ...agreed(),
  };
  const body = {
    site_id: state.site,
    practitioner_id: $("walk-in-practitioner").value,
    appointment_type_id: $("walk-in-type").value,
    ...(known ? { patient_id: known } : { new_patient: newcomer }),
    ...($("walk-in-start").value ? { start_at: $("walk-in-start").value } : {}),
  };
  const refused = await saved("walk-in", "/v1/appointments/walk-in", body, () => "Walk-in checked in.");
  if (refused) offerOthers(refused, newcomer);
}

// Each purpose is asked by itself; a box that is not ticked says nothing.
function agreed() {
  const reminders = $("walk-in-reminders").checked ? { texting_consent: true } : {};
  return { ...reminders, ...($("walk-in-care").checked ? { care_texting_consent: true } : {}) };
}

// A taken time: the free ones are offered, and who was registered on the way is not registered again.
function offerOthers({ details }, newcomer) {
  offerTimes(details?.next_free_times ?? []);
  if (!details?.patient_id) return;
  $("walk-in-known").append(new Option(`${newcomer.family}, ${newcomer.given}`, details.patient_id, true, true));
  $("walk-in-known").parentElement.hidden = false;
  asksForMore();
}

function offerTimes(times) {
  $("walk-in-start").replaceChildren(new Option("now", ""), ...times.map((each) => new Option(clockTime(each.start_at), each.start_at)));
  $("walk-in-start").parentElement.hidden = times.length === 0;
}

// --- who runs late -------------------------------------------------------------------------------------------------

function openRunningLate() {
  if (!may("appointments:write")) return say("Your role may look at the day, and not change it.");
  const present = [...state.items.values()].filter((item) => item.site_id === state.site);
  const people = new Map(present.map((item) => [item.practitioner_id, item.practitioner_name ?? ""]));
  if (!people.size) return say("Nobody has appointments here today.");
  $("running-late-problem").textContent = "";
  $("running-late-who").replaceChildren(...[...people].map(([id, words]) => new Option(words, id)));
  const chosen = state.items.get(state.chosen)?.practitioner_id;
  if (chosen) $("running-late-who").value = chosen;
  $("running-late-dialog").showModal();
  $("running-late-minutes").select();
  return undefined;
}

async function runLate(event) {
  event.preventDefault();
  const minutes = Number($("running-late-minutes").value);
  const body = { site_id: state.site, minutes };
  const words = (answer) => `${minutes ? `${minutes} min late` : "On time again"}: ${answer.appointments.length} appointments told.`;
  await saved("running-late", `/v1/practitioners/${$("running-late-who").value}/running-late`, body, words);
}

// --- both ----------------------------------------------------------------------------------------------------------

// The problem that it was refused for, undefined where it was done.
async function saved(name, path, body, words) {
  const button = $(`${name}-form`).querySelector("button[type=submit]");
  button.disabled = true;
  $(`${name}-problem`).textContent = "";
  try {
    const answer = await askSurely(path, {}, body);
    $(`${name}-dialog`).close();
    say(words(answer));
  } catch (error) {
    $(`${name}-problem`).textContent = whyNot(error);
    return error.problem ?? {};
  } finally {
    button.disabled = false;
  }
  return undefined;
}

function whyNot(error) {
  if (!(error instanceof Refusal)) return "The server does not answer. Try again when the connection is back.";
  const { slug, title, details, errors } = error.problem;
  const next = details?.next_free_times?.[0];
  if (next) return `That time is taken. Free again from ${clockTime(next.start_at)}: choose a time, or somebody else.`;
  if (errors?.length) return errors.map((each) => `${each.field}: ${each.message}`).join(" ");
  return ADVICE[slug] ?? `${title ?? "It did not work"}.`;
}

$("walk-in").addEventListener("click", openWalkIn);
$("walk-in-form").addEventListener("submit", bookWalkIn);
$("walk-in-family").addEventListener("change", findKnown);
$("walk-in-known").addEventListener("change", asksForMore);
$("running-late").addEventListener("click", openRunningLate);
$("running-late-form").addEventListener("submit", runLate);

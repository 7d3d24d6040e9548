"use strict";

// What can be done with an appointment at each stage: the words of the API's addresses, as buttons and keys.
// The first of a stage is its button in the list (there `short`); `reason` asks for one, `room` offers the site's rooms.

const CHECK_IN = { verb: "check-in", label: "Check in", done: "checked in", key: "c" };
const UNDO_CHECK_IN = { verb: "undo-check-in", label: "Undo check-in", short: "Undo", done: "check-in undone", key: "u" };
const START = { verb: "start", label: "In room", done: "in the room", key: "s", room: true };
const UNDO_START = { verb: "undo-start", label: "Undo: still waiting", short: "Undo", done: "still waiting", key: "u" };
const FINISH = { verb: "finish", label: "Done", done: "done", key: "d" };
const UNDO_FINISH = { verb: "undo-finish", label: "Undo: still here", short: "Undo", done: "still here", key: "u" };
const CONFIRM = { verb: "confirm", label: "Confirmed by patient", done: "confirmed", body: { by: "patient" } };
const UNCONFIRM = { verb: "unconfirm", label: "Undo confirmation", done: "confirmation undone" };
const NO_SHOW = { verb: "no-show", label: "Did not come", done: "did not come", key: "n" };
const UNDO_NO_SHOW = { verb: "undo-no-show", label: "Undo: expected again", short: "Undo", done: "expected again", key: "u" };
const CANCEL = { verb: "cancel", label: "Cancel…", done: "cancelled", reason: "Why is it cancelled?", by: true };
const REINSTATE = { verb: "reinstate", label: "Undo cancellation", short: "Undo", done: "expected again", key: "u" };
const ACCEPT = { verb: "accept", label: "Accept", done: "booked" };
const DECLINE = { verb: "decline", label: "Decline…", done: "declined", reason: "Why does the patient not take it?" };
const MISTAKE = { verb: "enter-in-error", label: "It was a mistake…", done: "taken off the day", reason: "What was the mistake?" };

const STEPS = {
  proposed: [ACCEPT, DECLINE, CANCEL, MISTAKE],
  booked: [CHECK_IN, CONFIRM, NO_SHOW, CANCEL, MISTAKE],
  confirmed: [CHECK_IN, UNCONFIRM, NO_SHOW, CANCEL, MISTAKE],
  arrived: [START, FINISH, UNDO_CHECK_IN, MISTAKE],
  "in-room": [FINISH, UNDO_START, { ...START, label: "Another room", key: undefined }, { ...UNDO_CHECK_IN, key: undefined }, MISTAKE],
  done: [UNDO_FINISH, { ...UNDO_CHECK_IN, key: undefined }, MISTAKE],
  cancelled: [REINSTATE, MISTAKE],
  noshow: [UNDO_NO_SHOW, MISTAKE],
};
const KEY_WORDS = { c: "check in", s: "start", d: "finish", n: "miss", u: "undo" };

const stepsFor = (item) => STEPS[item.stage] ?? [];
const mainStep = (item) => stepsFor(item)[0];

// A step that asks for more opens the dialog at it; a room is never asked for, only offered there.
function take(id, step) {
  return step.reason ? openMore(id, step) : change(id, step.verb, step.done, step.body);
}

// --- all that can be done with one appointment ---------------------------------------------------------------------

function openMore(id, asking) {
  const item = state.items.get(id);
  if (!item) return say("Choose an appointment first: J and K move through the list.");
  $("more-title").textContent = `${nameOf(item)}, ${clockTime(item.start_at)}`;
  $("more-card").href = `/v1/appointments/${id}/card`;
  $("more-history").replaceChildren();
  const steps = may("appointments:write") ? stepsFor(item) : [];
  $("more-steps").replaceChildren(...steps.map((step) => stepButton(id, step)));
  $("more-room").hidden = !steps.some((step) => step.room);
  askFor(id, asking);
  $("more").showModal();
  if (asking) $("more-reason").focus();
  if (!$("more-room").hidden) offerRooms(item);
  return undefined;
}

function stepButton(id, step) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = step.label;
  button.onclick = () => {
    if (step.reason) return askFor(id, step);
    const room = step.room ? $("more-room-id").value : "";
    return closeAnd(() => change(id, step.verb, step.done, room ? { room_id: room } : step.body));
  };
  return button;
}

function askFor(id, step) {
  $("more-form").hidden = !step;
  if (!step) return;
  $("more-why").textContent = step.reason;
  $("more-by").parentElement.hidden = !step.by;
  $("more-reason").value = "";
  $("more-reason").focus();
  $("more-form").onsubmit = (event) => {
    event.preventDefault();
    const by = step.by && $("more-by").value ? { by: $("more-by").value } : {};
    closeAnd(() => change(id, step.verb, step.done, { reason: $("more-reason").value, ...by }));
  };
}

function closeAnd(act) {
  $("more").close();
  return act();
}

async function offerRooms(item) {
  $("more-room-id").replaceChildren(new Option("not said", ""));
  const found = await all(`/v1/resources?site_id=${encodeURIComponent(item.site_id)}&kind=room&limit=200`).catch(() => []);
  for (const room of found.filter((each) => each.active)) {
    $("more-room-id").append(new Option(room.name, room.resource_id, false, room.resource_id === item.room_id));
  }
}

async function showHistory() {
  const id = $("more-card").getAttribute("href").split("/")[3];
  const found = await ask("GET", `/v1/appointments/${id}/history`).catch(() => null);
  const lines = found ? found.changes.map(historyLine) : ["The history cannot be read now."];
  $("more-history").replaceChildren(...lines.map((words) => {
    const line = document.createElement("li");
    line.textContent = words;
    return line;
  }));
}

function historyLine(change) {
  const when = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short", timeZone: state.zone }).format(new Date(change.changed_at));
  const moved = change.before && change.before.start_at !== change.after.start_at ? ` from ${clockTime(change.before.start_at)} to ${clockTime(change.after.start_at)}` : "";
  const wished = change.on_behalf_of ? `, by the ${change.on_behalf_of}` : "";
  const who = change.actor_login ?? change.actor_id;
  return `${when}, ${who}: ${change.step.replaceAll("-", " ")}${moved}${wished}${change.reason ? ` (${change.reason})` : ""}`;
}

$("more-history-show").addEventListener("click", showHistory);
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => chosenRow()?.focus());
}

"use strict";

// Last of the page's scripts: from here on it listens.

$("sign-in-form").addEventListener("submit", signIn);
$("sign-out").addEventListener("click", signOut);
$("site").addEventListener("change", () => openSite($("site").value));
document.addEventListener("keydown", onKey);
setInterval(() => { drawClock(); markNow(shownItems()); }, 5000);
begin().catch((error) => showDoor(error instanceof Refusal && error.status === 401 ? "" : "The server does not answer. Try again shortly."));

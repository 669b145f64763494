// Talking to the server: CSRF for htmx and fetch, a session that is over (login in a dialog, then again),
// a server that is away (kept, tried again), errors in words.
const { wb } = window;

const RETRY_AFTER = 5000;
const MOST_RETRIES = 60;
let waiting = []; // what to do again after the login
let away = null;

document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = wb.csrf();
  // What a page asks by itself must not keep a session alive at which nobody sits.
  if (!event.detail.triggeringEvent && event.detail.elt.id !== "modal") event.detail.headers["X-Passive"] = "1";
});

/** fetch with CSRF and JSON; a session that is over opens the login and resolves after it, unless `quiet`. */
wb.fetch = async function (url, { method = "GET", body = null, quiet = false, signal = null } = {}) {
  const headers = { "X-Requested-With": "fetch", Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = wb.csrf();
  if (quiet) headers["X-Passive"] = "1";
  if (body && !(body instanceof FormData) && !(body instanceof URLSearchParams)) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(body);
  }
  const response = await fetch(url, { method, body, headers, signal, credentials: "same-origin" });
  if (response.status === 401 && !quiet) {
    await wb.login(await response.text());
    return wb.fetch(url, { method, body, quiet: true, signal });
  }
  return response;
};

/** Opens the login in a dialog; resolves when somebody has logged in. */
wb.login = function (html) {
  return new Promise((resolve) => {
    waiting.push(resolve);
    const place = document.getElementById("login-body");
    if (waiting.length > 1 && place.firstElementChild) return;
    place.innerHTML = html;
    window.htmx.process(place);
    window.bootstrap.Modal.getOrCreateInstance(document.getElementById("login-modal")).show();
  });
};

document.body.addEventListener("wb-login", (event) => {
  const { csrf, user } = event.detail;
  wb.renewCsrf(csrf);
  const modal = document.getElementById("login-modal");
  window.bootstrap.Modal.getOrCreateInstance(modal).hide();
  document.getElementById("login-body").replaceChildren();
  if (wb.user !== user) {
    // Somebody else sits here now: nothing of the former user's page may stay.
    window.location.reload();
    return;
  }
  const again = waiting;
  waiting = [];
  for (const resume of again) resume();
});

const isPassive = (detail) => Boolean(detail.requestConfig && detail.requestConfig.headers["X-Passive"]);

const repeat = (detail) => {
  const config = detail.requestConfig;
  window.htmx.ajax(config.verb, config.path, {
    source: config.elt,
    target: detail.target,
    swap: config.elt.getAttribute("hx-swap") || undefined,
    values: config.verb === "get" ? config.parameters : undefined,
  });
};

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 409 && xhr.responseText.includes("data-error-text")) {
    // A rule that no form caught: what was typed stays, the reason is told beside it.
    event.detail.shouldSwap = false;
    wb.toast(wb.reason(xhr.responseText, wb.say("failed")), { red: true });
    return;
  }
  if (xhr.status !== 401) return;
  event.detail.shouldSwap = false;
  event.detail.isError = false;
  const detail = event.detail;
  // A page that asks by itself waits until somebody does something.
  if (isPassive(detail)) return;
  wb.login(xhr.responseText).then(() => repeat(detail));
});

/** What the server said about an error, from an error fragment or JSON. */
wb.reason = function (text, fallback) {
  const box = document.createElement("template");
  box.innerHTML = text || "";
  const told = box.content.querySelector("[data-error-text]");
  if (told) return told.textContent.trim();
  try {
    return JSON.parse(text).message || fallback;
  } catch {
    return fallback;
  }
};

document.body.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 503 || xhr.status === 502 || xhr.status === 504) {
    tryAgain(event.detail);
    return;
  }
  if (xhr.status === 401) return;
  if (isPassive(event.detail)) return;
  wb.toast(wb.reason(xhr.responseText, wb.say("failed")), { red: true });
});

document.body.addEventListener("htmx:sendError", (event) => {
  if (isPassive(event.detail)) return;
  const detail = event.detail;
  wb.toast(wb.say("offline"), { red: true, action: wb.say("again"), act: () => repeat(detail), stay: true });
});
document.body.addEventListener("htmx:timeout", (event) => {
  const detail = event.detail;
  if (isPassive(detail)) return;
  wb.toast(wb.say("offline"), { red: true, action: wb.say("again"), act: () => repeat(detail), stay: true });
});

/** 503: the form stays as it is and the request is sent again until the server is back (idempotency keeps it single). */
function tryAgain(detail) {
  const element = detail.elt;
  const tries = Number(element.dataset.tries || 0);
  if (isPassive(detail) || tries >= MOST_RETRIES) return;
  element.dataset.tries = String(tries + 1);
  if (!away) away = wb.toast(wb.say("away"), { red: true, stay: true });
  window.setTimeout(() => {
    if (document.body.contains(element)) repeat(detail);
  }, RETRY_AFTER);
}

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful || !away) return;
  away.remove();
  away = null;
  delete event.detail.elt.dataset.tries;
  wb.toast(wb.say("back"));
});

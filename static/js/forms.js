// Forms that create or act: sent once, never lost. The idempotency key in the form keeps a repeat harmless;
// the locked button keeps people from needing it.
const { wb } = window;

const LOCKED_AT_MOST = 30000;
const knocked = new WeakSet();
const locked = new WeakMap();

function lock(form, submitter) {
  const buttons = [...form.querySelectorAll('button[type="submit"], input[type="submit"]')];
  if (submitter && !buttons.includes(submitter)) buttons.push(submitter);
  form.setAttribute("aria-busy", "true");
  // The pressed button's own name and value must still be sent: it is disabled only after the browser has read it.
  window.setTimeout(() => buttons.forEach((button) => (button.disabled = true)), 0);
  locked.set(form, { buttons, timer: window.setTimeout(() => unlock(form), LOCKED_AT_MOST) });
}

function unlock(form) {
  const held = locked.get(form);
  if (!held) return;
  window.clearTimeout(held.timer);
  held.buttons.forEach((button) => (button.disabled = false));
  form.removeAttribute("aria-busy");
  locked.delete(form);
}

const isPost = (form) => form.method.toLowerCase() === "post";
const byHtmx = (form) => form.hasAttribute("hx-post") || form.hasAttribute("hx-put") || form.hasAttribute("hx-delete");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!isPost(form) || event.defaultPrevented) return;
  if (locked.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (byHtmx(form)) return;
  if (knocked.has(form) || !wb.user || !wb.urls.knock || form.hasAttribute("data-no-knock")) {
    knocked.delete(form);
    lock(form, event.submitter);
    return;
  }
  // A page form leaves the page: knock first, so that a session that is over or a server that is away costs nothing typed.
  event.preventDefault();
  const submitter = event.submitter;
  lock(form, submitter);
  knock(form).then((open) => {
    unlock(form);
    if (!open) return;
    knocked.add(form);
    if (submitter && submitter.form === form) form.requestSubmit(submitter);
    else form.requestSubmit();
  });
}, true);

async function knock(form) {
  let told = null;
  for (;;) {
    try {
      const response = await wb.fetch(wb.urls.knock);
      if (response.status < 500) {
        if (told) told.remove();
        const first = wb.beforeSend.get(form);
        if (first) await first();
        return true;
      }
    } catch {
      // no connection: the same as a server that is away
    }
    if (!told) told = wb.toast(wb.say("away"), { red: true, stay: true });
    await new Promise((again) => window.setTimeout(again, 5000));
    if (!document.body.contains(form)) return false;
  }
}

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt;
  if (!(form instanceof HTMLFormElement) || !isPost(form)) return;
  if (locked.has(form)) event.preventDefault();
  else lock(form, event.detail.requestConfig.triggeringEvent && event.detail.requestConfig.triggeringEvent.submitter);
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt instanceof HTMLFormElement) unlock(event.detail.elt);
});
// A page that comes back out of the browser's memory must not come back locked.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) unlock(form);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || wb.isComposing(event)) return;
  const form = event.target.closest && event.target.closest("form");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

// Errors of a page form: the first wrong field gets the focus.
const wrong = document.querySelector(".wb-main form:not([data-no-focus]) .field.bad .form-control, .wb-main form:not([data-no-focus]) .field.bad .form-select");
if (wrong && !document.querySelector("[autofocus]")) wrong.focus();

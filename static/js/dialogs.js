// Dialogs: a fragment in Bootstrap's modal. The question gets the focus first, the opener gets it back.
const { wb } = window;

const modalElement = document.getElementById("modal");
const body = document.getElementById("modal-body");
let opener = null;

const modal = () => window.bootstrap.Modal.getOrCreateInstance(modalElement);

/** Load a dialog by address. */
wb.openDialog = function (url, from = null) {
  opener = from || document.activeElement;
  return window.htmx.ajax("GET", url, { target: body, swap: "innerHTML", source: modalElement });
};

wb.closeDialog = function () {
  if (modalElement.classList.contains("show")) modal().hide();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-dialog]");
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  wb.openDialog(link.dataset.dialog || link.getAttribute("href"), link);
});

// A refused button stays in place and says why.
document.addEventListener("click", (event) => {
  const button = event.target.closest('[aria-disabled="true"]');
  if (!button) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (button.dataset.refused) wb.toast(button.dataset.refused);
}, true);

body.addEventListener("htmx:afterSwap", () => {
  if (!modalElement.classList.contains("show")) modal().show();
  else focusFirst();
});

modalElement.addEventListener("shown.bs.modal", focusFirst);

function focusFirst() {
  const wish =
    body.querySelector(".field.bad .form-control, .field.bad .form-select") ||
    body.querySelector("[autofocus]") ||
    body.querySelector(".body input:not([type=hidden]), .body textarea, .body select") ||
    body.querySelector("h2");
  if (wish) wish.focus({ preventScroll: true });
}

modalElement.addEventListener("hidden.bs.modal", () => {
  body.replaceChildren();
  if (opener && document.body.contains(opener)) opener.focus({ preventScroll: true });
  opener = null;
});

document.getElementById("login-modal").addEventListener("shown.bs.modal", (event) => {
  const field = event.target.querySelector("input:not([type=hidden])");
  if (field) field.focus();
});

// After a swap the focus must not fall to the top of the page: the heading of what changed gets it.
document.body.addEventListener("htmx:afterSettle", (event) => {
  const swapped = event.detail.elt;
  const wish = swapped.querySelector && swapped.querySelector("[data-focus]");
  if (wish) {
    if (!wish.hasAttribute("tabindex")) wish.setAttribute("tabindex", "-1");
    wish.focus();
    return;
  }
  const lost = document.activeElement === document.body || document.activeElement === null;
  if (!lost || body.contains(swapped)) return;
  const request = event.detail.requestConfig;
  const byHand = request && request.triggeringEvent && ["click", "submit"].includes(request.triggeringEvent.type);
  const heading = swapped.querySelector && swapped.querySelector("h1, h2, h3");
  if (byHand && heading) {
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
  }
});

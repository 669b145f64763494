// Toasts: a harmless act done, with undo for 8 seconds; or not saved, with "try again".
const { wb } = window;

const STAY = 8000;
const place = () => document.getElementById("toasts");

/** Show a toast and return its element. `act` runs on the button `action`; `undo` is an address to POST to. */
wb.toast = function (text, { red = false, action = "", act = null, undo = "", stay = false } = {}) {
  const toast = document.createElement("div");
  toast.className = red ? "toast-w red" : "toast-w";
  if (red) toast.setAttribute("role", "alert");
  const words = document.createElement("span");
  words.textContent = text;
  toast.append(wb.icon(red ? "alert" : "check"), words);
  const button = document.createElement("button");
  button.type = "button";
  let left = STAY / 1000;
  const label = undo ? wb.say("undo") : action || "";
  const done = () => toast.remove();
  if (label) {
    button.textContent = undo ? `${label} ${left}` : label;
    button.addEventListener("click", async () => {
      done();
      if (!undo) {
        act();
        return;
      }
      const response = await wb.fetch(undo, { method: "POST" });
      if (!response.ok) wb.toast(wb.reason(await response.text(), wb.say("failed")), { red: true });
      else if (response.redirected) window.location.assign(response.url);
      else window.location.reload();
    });
  } else {
    button.append(wb.icon("x"));
    button.setAttribute("aria-label", wb.say("close"));
    button.addEventListener("click", done);
  }
  toast.append(button);
  place().append(toast);
  if (!stay) {
    // The time stands still while somebody reads it or is about to press it.
    const timer = window.setInterval(() => {
      if (!toast.isConnected) return window.clearInterval(timer);
      if (toast.matches(":hover") || toast.contains(document.activeElement)) return undefined;
      left -= 1;
      if (undo) button.textContent = `${label} ${Math.max(left, 0)}`;
      if (left <= 0) {
        window.clearInterval(timer);
        done();
      }
      return undefined;
    }, 1000);
  }
  return toast;
};

wb.each("[data-toast]", (waiting) => {
  const bad = waiting.dataset.level === "error" || waiting.dataset.level === "warning";
  wb.toast(waiting.textContent, { red: bad, undo: waiting.dataset.undo || "" });
  waiting.remove();
});

document.body.addEventListener("wb-saved", (event) => {
  const { toast, undo } = event.detail;
  wb.closeDialog();
  if (toast) wb.toast(toast, { undo });
});

// Typing with an input method: what reacts to typing waits until the composition ends (htmx knows nothing of it).
const { wb } = window;

const PAUSE = 250;
const timers = new WeakMap();
const composing = new WeakSet();

document.addEventListener("compositionstart", (event) => composing.add(event.target));
document.addEventListener("compositionend", (event) => {
  composing.delete(event.target);
  live(event.target);
});
document.addEventListener("input", (event) => {
  if (event.isComposing || composing.has(event.target)) return;
  live(event.target);
});

/** `wb:live` on a `[data-live]` field, 250 ms after the last sign. */
function live(field) {
  if (!field.matches || !field.matches("[data-live]")) return;
  window.clearTimeout(timers.get(field));
  timers.set(field, window.setTimeout(() => field.dispatchEvent(new CustomEvent("wb:live", { bubbles: true })), PAUSE));
}

/** Whether this key belongs to an input method. 229 is what browsers send for it before `isComposing` is set. */
wb.isComposing = (event) => event.isComposing || event.keyCode === 229 || composing.has(event.target);

/** Whether the key is typed into something that takes text. */
wb.isTyping = (event) => {
  const target = event.target;
  if (!target || !target.closest) return false;
  if (target.isContentEditable) return true;
  return Boolean(target.closest('textarea, select, input:not([type="checkbox"]):not([type="radio"]):not([type="button"])'));
};

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches && field.matches("[data-submit-on-change]") && field.form) field.form.requestSubmit();
});

// Reply templates: the chosen one comes at the cursor of the text, as if it had been typed, so that Ctrl Z takes it out.
// Without this script the button sends the form, which comes back with the text in it.
const { wb } = window;

/** Type `text` where the cursor of `field` stands. */
function type(field, text) {
  field.focus();
  // The only way of typing for a script that keeps the browser's own undo; where it does nothing, the text still comes.
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

wb.each("[data-phrases]", (picker) => {
  const button = picker.querySelector("button");
  const [choice, language] = picker.querySelectorAll("select");
  // Enter in the form is for its own button, never for this one.
  button.type = "button";
  button.addEventListener("click", async () => {
    const field = document.getElementById(picker.dataset.phrases);
    const chosen = choice.selectedOptions[0];
    if (!chosen.value) {
      wb.announce(button.dataset.none);
      choice.focus();
      return;
    }
    button.disabled = true;
    try {
      const response = await wb.fetch(`${chosen.dataset.url}?language=${encodeURIComponent(language.value)}`);
      if (!response.ok) throw new Error(String(response.status));
      type(field, (await response.json()).text);
      choice.value = "";
      wb.announce(button.dataset.said);
    } catch {
      wb.toast(button.dataset.failed, { red: true });
    } finally {
      button.disabled = false;
    }
  });
});

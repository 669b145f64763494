// Shortcuts. None acts while an input method composes or somebody types.
const { wb } = window;

const search = () => [...document.querySelectorAll("[data-search]")].find((field) => field.offsetParent !== null);
const inDialog = () => document.querySelector(".modal.show");

const KEYS = {
  "/": () => {
    const field = search();
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  },
  "?": () => {
    const link = document.querySelector("[data-help]");
    if (!link || inDialog()) return false;
    link.click();
    return true;
  },
  n: () => {
    const link = document.querySelector("[data-new]");
    if (inDialog() || (!link && !wb.newUrl)) return false;
    if (link) link.click();
    else window.location.assign(wb.newUrl);
    return true;
  },
  c: () => {
    const field = document.querySelector("[data-compose]");
    if (!field || inDialog()) return false;
    field.focus();
    field.scrollIntoView({ block: "center" });
    return true;
  },
  j: () => wb.moveRow(1),
  k: () => wb.moveRow(-1),
  x: () => !inDialog() && wb.chooseRow(),
};

document.addEventListener("keydown", (event) => {
  if (wb.isComposing(event)) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    if (!wb.urls.palette || !wb.user) return;
    event.preventDefault();
    wb.openDialog(wb.urls.palette);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches && event.target.matches("[data-palette]")) {
    paletteKey(event);
    return;
  }
  if (event.key === "Escape" && wb.isTyping(event) && !inDialog()) {
    event.target.blur();
    return;
  }
  if (wb.isTyping(event)) return;
  if (event.key === "Enter") {
    const interactive = event.target.closest("a, button, summary, label, [role=button]");
    const row = wb.currentRow();
    if (row && !interactive && wb.openRow()) event.preventDefault();
    return;
  }
  const act = KEYS[event.key];
  if (act && act()) event.preventDefault();
});

/** In the palette the arrows walk the hits while the text keeps the focus. */
function paletteKey(event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    wb.moveRow(event.key === "ArrowDown" ? 1 : -1);
    const said = document.querySelector("[data-palette-said]");
    if (said) said.textContent = wb.currentRow() ? wb.currentRow().textContent.trim() : "";
    event.preventDefault();
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (!wb.currentRow()) wb.moveRow(1);
    wb.openRow();
  }
}

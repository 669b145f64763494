// Lists worked by keyboard: j k move, Enter opens, x chooses. The bulk bar appears when rows are chosen.
const { wb } = window;

const list = () => {
  const modal = document.querySelector(".modal.show [data-list]");
  return modal || document.querySelector(".wb-main [data-list]");
};
const rowsOf = (box) => [...box.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);

wb.currentRow = () => {
  const box = list();
  return box && box.querySelector("[data-row].cur");
};

wb.moveRow = (step) => {
  const box = list();
  if (!box) return false;
  const rows = rowsOf(box);
  if (!rows.length) return false;
  const at = rows.findIndex((row) => row.classList.contains("cur"));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)];
  if (at >= 0) rows[at].classList.remove("cur");
  next.classList.add("cur");
  next.scrollIntoView({ block: "nearest" });
  const link = opens(next);
  if (link && !next.closest(".modal")) link.focus({ preventScroll: true });
  return true;
};

const opens = (row) => (row.matches("[data-open]") ? row : row.querySelector("[data-open]"));

wb.openRow = () => {
  const row = wb.currentRow();
  const link = row && opens(row);
  if (!link) return false;
  link.click();
  return true;
};

wb.chooseRow = () => {
  const row = wb.currentRow();
  const box = row && row.querySelector("[data-choose]");
  if (!box) return false;
  box.click();
  return true;
};

const chosen = () => [...document.querySelectorAll("[data-choose]:checked")];

function show() {
  const boxes = chosen();
  for (const box of document.querySelectorAll("[data-choose]")) {
    const row = box.closest("[data-row]");
    if (row) row.classList.toggle("sel", box.checked);
  }
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    bar.hidden = boxes.length === 0;
    bar.querySelector("[data-bulk-count]").textContent = wb.say("chosen", boxes.length);
  }
  const all = document.querySelector("[data-choose-all]");
  if (!all) return;
  const every = document.querySelectorAll("[data-choose]").length;
  all.checked = every > 0 && boxes.length === every;
  all.indeterminate = boxes.length > 0 && boxes.length < every;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-choose-all]")) {
    for (const box of document.querySelectorAll("[data-choose]")) box.checked = event.target.checked;
    show();
  } else if (event.target.matches("[data-choose]")) show();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-bulk-clear]")) {
    for (const box of chosen()) box.checked = false;
    show();
    return;
  }
  const button = event.target.closest("[data-bulk-dialog]");
  if (!button) return;
  const query = new URLSearchParams(chosen().map((box) => ["row", box.value]));
  const join = button.dataset.bulkDialog.includes("?") ? "&" : "?";
  wb.openDialog(`${button.dataset.bulkDialog}${join}${query}`, button);
});

document.body.addEventListener("htmx:afterSettle", () => {
  if (document.querySelector("[data-bulk]")) show();
});

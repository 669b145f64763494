// The sheet of a count: Enter and the arrows go from figure to figure, the difference follows what is typed.
// Without this script the figures are ordinary fields of the form.
const { wb } = window;

/** A typed figure in thousandths, or null when it is none. */
function thousandths(text) {
  const match = /^(\d{0,12})(?:\.(\d{0,3})0*)?$/.exec(text.trim().replace(/[,，\s]/g, "").replace("。", "."));
  if (!match || !(match[1] || match[2])) return null;
  return BigInt((match[1] || "0") + (match[2] || "").padEnd(3, "0"));
}

function written(value) {
  const bare = (value < 0n ? -value : value).toString().padStart(4, "0");
  const whole = bare.slice(0, -3).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${value < 0n ? "−" : "+"}${whole}.${bare.slice(-3)}`;
}

wb.each("[data-count-grid]", (grid) => {
  const fields = () => [...grid.querySelectorAll("[data-counted]")];

  function difference(field) {
    const row = field.closest("tr");
    const book = row.querySelector("[data-book]");
    const place = row.querySelector("[data-difference]");
    if (!book || !place) return;
    const counted = thousandths(field.value);
    const gap = counted === null ? null : counted - thousandths(book.dataset.book);
    place.textContent = gap === null ? "" : gap === 0n ? "0" : written(gap);
    place.classList.toggle("neg", gap !== null && gap < 0n);
    row.classList.toggle("differs", gap !== null && gap !== 0n);
  }

  grid.addEventListener("input", (event) => {
    if (event.target.matches("[data-counted]")) difference(event.target);
  });

  grid.addEventListener("keydown", (event) => {
    const field = event.target.closest("[data-counted]");
    if (!field || wb.isComposing(event) || event.ctrlKey || event.metaKey) return;
    const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const all = fields();
    const next = all[all.indexOf(field) + by];
    if (next) {
      next.focus();
      next.select();
    } else if (event.key === "Enter" && by > 0) field.form.querySelector("[name=new-code]")?.focus();
  });

  grid.addEventListener("focusin", (event) => {
    for (const row of grid.querySelectorAll("tr.cur")) row.classList.remove("cur");
    event.target.closest("tr").classList.add("cur");
  });

  fields().forEach(difference);
  // One line found by its code: the figure is what comes next.
  const search = new URLSearchParams(window.location.search).get("q");
  if (search && fields().length === 1) fields()[0].focus();
});

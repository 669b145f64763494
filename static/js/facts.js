// The determination screen and the counter: what is asked, what is known, what has been checked.

/** Names of the facts that would decide it, as the last verdict said. */
function asked() {
  const told = document.querySelector("[data-depends-on]");
  return new Set(told ? told.dataset.dependsOn.split(" ").filter(Boolean) : []);
}

/** Marks the questions that would decide it; counts what is known; offers the decision by hand where no rule gives one. */
function follow() {
  const form = document.querySelector("form[data-facts]");
  if (!form) return;
  const decisive = asked();
  let known = 0;
  let open = 0;
  for (const row of form.querySelectorAll("[data-fact]")) {
    row.classList.toggle("ask", decisive.has(row.dataset.fact));
    const chosen = row.querySelector("input[type=radio]:checked");
    const typed = row.querySelector("input[type=text]");
    if (row.classList.contains("copy")) row.classList.toggle("noted", Boolean(chosen) && chosen.value === "noted");
    if (typed || row.hidden) continue;
    if (chosen && chosen.value !== "") known += 1;
    else open += 1;
  }
  const count = form.querySelector("[data-fact-count]");
  if (count) count.textContent = count.dataset.known.replace("{}", known).replace("{}", open);
  const told = document.querySelector("[data-by-rule]");
  const hand = form.querySelector("[data-hand]");
  if (told && hand) hand.hidden = told.dataset.byRule === "yes" || told.dataset.provisional === "yes";
}

/** The checks of the counter: each turns green once it is filled in or ticked. */
function checks() {
  for (const row of document.querySelectorAll("[data-check]")) {
    const input = row.querySelector(`[name="${row.dataset.check}"]`);
    if (!input) continue;
    const done = input.type === "checkbox" ? input.checked : input.value.trim().length >= (input.maxLength > 0 && input.maxLength < 10 ? input.maxLength : 1);
    row.classList.toggle("done", done);
  }
}

document.addEventListener("change", () => { follow(); checks(); });
document.addEventListener("input", checks);
document.addEventListener("wb:restored", () => { follow(); checks(); });
document.body.addEventListener("htmx:afterSettle", follow);
follow();
checks();

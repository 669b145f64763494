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
  if (!told) return;
  const isOpen = told.dataset.provisional === "yes";
  const isRuled = told.dataset.byRule === "yes";
  form.querySelector("[data-provisionally]").hidden = !isOpen;
  form.querySelector("[data-firm]").hidden = isOpen || !isRuled;
  form.querySelector("[data-hand]").hidden = isOpen || isRuled;
}

/** A proxy's papers are asked for once a proxy takes the money. */
function proxy() {
  const box = document.querySelector("form[data-pay] [name=is_proxy]");
  const papers = document.querySelector("[data-proxy]");
  if (box && papers) papers.hidden = !box.checked;
}

/** The checks of the counter: each turns green once it is filled in or ticked. */
function checks() {
  for (const row of document.querySelectorAll("[data-check]")) {
    const input = row.querySelector(`[name="${row.dataset.check}"]`);
    if (!input) continue;
    const least = Number(row.dataset.least || 1);
    const done = input.type === "checkbox" ? input.checked : input.value.trim().length >= least;
    row.classList.toggle("done", done);
  }
}

document.addEventListener("change", () => { follow(); checks(); proxy(); });
document.addEventListener("input", checks);
document.addEventListener("wb:restored", () => { follow(); checks(); });
document.body.addEventListener("htmx:afterSettle", follow);
follow();
checks();
proxy();

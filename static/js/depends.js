// Fields that depend on others: parts that stand only for one choice, options of one group, data filled in once known.
/** The value of a field by name, in the form of `element` or the form it names. */
function value(element, name) {
  const form = element.closest("form") || document.querySelector("form[data-depends]");
  if (!form) return "";
  const field = form.elements[name];
  return field ? field.value : "";
}

/** `data-when="settle=route"`: shown while the field has one of the values (`a|b`); `a!=` while it has any; `;` is "and". */
function show() {
  for (const part of document.querySelectorAll("[data-when]")) {
    const stands = part.dataset.when.split(";").every((condition) => {
      const [name, values] = condition.split("=");
      if (name.endsWith("!")) return value(part, name.slice(0, -1)) !== "";
      return values.split("|").includes(value(part, name));
    });
    const box = part.closest("[data-when-box]") || part.closest(".field") || part;
    box.hidden = !stands;
  }
  // `<select data-group-of="category">`: only the group labelled as the chosen option of that select.
  for (const select of document.querySelectorAll("select[data-group-of]")) {
    const of = select.form && select.form.elements[select.dataset.groupOf];
    if (!of) continue;
    const label = of.selectedOptions.length ? of.selectedOptions[0].textContent.trim() : "";
    for (const group of select.querySelectorAll("optgroup")) {
      const fits = group.label.trim() === label;
      group.hidden = group.disabled = !fits;
      if (!fits && group.contains(select.selectedOptions[0])) select.value = "";
    }
  }
}

/** `data-fill="id"` in what was swapped in: the field gets `data-value` unless it holds or has something. */
function fill(root) {
  for (const source of root.querySelectorAll("[data-fill]")) {
    const field = document.getElementById(source.dataset.fill);
    if (!field || field === document.activeElement) continue;
    const untouched = field.tagName === "SELECT" ? field.value === (source.dataset.unless || "") : !field.value;
    if (!untouched) continue;
    field.value = source.dataset.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** `data-label` in what was swapped in renames a button or option elsewhere. */
function label(root) {
  for (const source of root.querySelectorAll("[data-label-of]")) {
    const target = document.getElementById(source.dataset.labelOf);
    if (target) target.textContent = source.dataset.label;
  }
}

// `<button data-set="id" data-value="…">` puts a value into a field, as if it had been typed.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set]");
  const field = button && document.getElementById(button.dataset.set);
  if (!field) return;
  field.value = button.dataset.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

function refresh(root) {
  fill(root);
  label(root);
  show();
}

document.addEventListener("change", show);
document.addEventListener("wb:restored", show);
document.body.addEventListener("htmx:afterSettle", (event) => refresh(event.detail.elt));
refresh(document);

// Drafts: what is typed into a `form[data-draft]` is kept every 5 seconds on the server and at once in sessionStorage,
// restored when the form is opened again, dropped when the server has saved the form.
const { wb } = window;

const EVERY = 5000;
const NEVER = new Set(["csrfmiddlewaretoken", "idempotency_key", "_draft"]);

const key = (form) => `draft:${wb.user}:${form.dataset.draft}`;

function read(form) {
  const found = {};
  for (const field of form.elements) {
    if (!field.name || NEVER.has(field.name) || ["password", "file", "submit", "button"].includes(field.type)) continue;
    if (field.type === "hidden" && !field.closest("[data-upload]")) continue;
    const on = field.type === "checkbox" || field.type === "radio" ? field.checked : true;
    found[field.name] = found[field.name] || [];
    if (!on) continue;
    if (field.type === "select-multiple") found[field.name].push(...[...field.selectedOptions].map((o) => o.value));
    else found[field.name].push(field.value);
  }
  return found;
}

function write(form, data) {
  for (const field of form.elements) {
    const values = data[field.name];
    if (!values || NEVER.has(field.name) || field.type === "hidden") continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") for (const o of field.options) o.selected = values.includes(o.value);
    else if (values.length && field.type !== "file" && field.type !== "password") field.value = values[0];
  }
  form.dispatchEvent(new CustomEvent("wb:restored", { bubbles: true, detail: data }));
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const hour = (ms) => new Date(ms).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });

// A dialog may finish what a form of the page was begun for (a call that was only a chase): it names that form's draft
// in `_draft`, and the server drops it. The copy here then counts as kept, so that it does not outlive the server's.
document.addEventListener("submit", (event) => {
  const name = event.target.elements._draft && event.target.elements._draft.value;
  if (!name || name === event.target.dataset.draft) return;
  const place = `draft:${wb.user}:${name}`;
  const copy = wb.store.get(place);
  if (copy) wb.store.set(place, { ...copy, kept: true });
  const form = document.querySelector(`form[data-draft="${name}"]`);
  if (form) form.dispatchEvent(new CustomEvent("wb:finished"));
});

wb.each("form[data-draft]", async (form) => {
  const first = read(form);
  let last = first;
  let kept = first;
  let sent = false;

  const noteHere = () => {
    const now = read(form);
    if (same(now, last)) return;
    last = now;
    wb.store.set(key(form), same(now, first) ? null : { data: now, at: wb.now(), kept: false });
  };

  const keep = async () => {
    noteHere();
    if (sent || same(last, kept) || !form.isConnected) return;
    const now = last;
    try {
      const body = { form: form.dataset.draft, data: same(now, first) ? null : now };
      const response = await wb.fetch(wb.urls.drafts, { method: "POST", body, quiet: true });
      if (!response.ok) return;
      kept = now;
      const copy = wb.store.get(key(form));
      if (copy && same(copy.data, now)) wb.store.set(key(form), { ...copy, kept: true });
      const place = form.querySelector("[data-draft-state]");
      const answer = await response.json();
      if (place && answer.when) place.textContent = wb.say("kept", answer.when);
    } catch {
      // The copy in sessionStorage stands; the next round tries again.
    }
  };

  const discard = () => {
    wb.store.set(key(form), null);
    wb.fetch(wb.urls.drafts, { method: "POST", body: { form: form.dataset.draft, data: null }, quiet: true });
  };

  form.addEventListener("input", noteHere);
  form.addEventListener("change", noteHere);
  // What is sent is kept before it leaves, never after: a draft that arrives behind its saved form would come back.
  wb.beforeSend.set(form, keep);
  const leave = () => {
    sent = true;
    window.setTimeout(() => (sent = false), 10000);
  };
  form.addEventListener("submit", (event) => event.defaultPrevented || leave());
  form.addEventListener("wb:finished", leave);
  if (!form.elements._draft) {
    // The server is told which draft falls with the form.
    const name = document.createElement("input");
    name.type = "hidden";
    name.name = "_draft";
    name.value = form.dataset.draft;
    form.append(name);
  }
  // A form that came back with errors holds what was typed already; everything else may have a draft.
  if (!form.querySelector(".field.bad")) await restore();
  const timer = window.setInterval(() => (form.isConnected ? keep() : window.clearInterval(timer)), EVERY);

  async function restore() {
    let found = wb.store.get(key(form));
    try {
      const response = await wb.fetch(`${wb.urls.drafts}?form=${encodeURIComponent(form.dataset.draft)}`, { quiet: true });
      const there = response.ok ? await response.json() : { data: null };
      if (there.data && (!found || there.saved_at * 1000 > found.at)) found = { data: there.data, at: there.saved_at * 1000 };
      else if (response.ok && !there.data && found && found.kept) {
        // The server had it and has it no more: the form was saved.
        wb.store.set(key(form), null);
        found = null;
      }
    } catch {
      // no connection: what this window knows is good enough
    }
    if (!found || same(found.data, read(form)) || !same(read(form), first)) return;
    write(form, found.data);
    last = kept = read(form);
    tell(found.at);
  }

  function tell(at) {
    const banner = document.createElement("div");
    banner.className = "banner slim info mb-3 span-all";
    banner.setAttribute("role", "status");
    const words = document.createElement("div");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn-link-plain";
    button.textContent = wb.say("discard");
    words.append(`${wb.say("draft", hour(at))} `, button);
    banner.append(wb.icon("note"), words);
    form.prepend(banner);
    button.addEventListener("click", () => {
      write(form, first);
      last = kept = first;
      discard();
      banner.remove();
      const field = form.querySelector(".form-control, .form-select");
      if (field) field.focus();
    });
  }
});

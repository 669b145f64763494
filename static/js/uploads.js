// Files by choice, paste and drop. Each is uploaded at once and named in the form by a hidden public id.
const { wb } = window;

wb.each("[data-upload]", (box) => {
  const input = box.querySelector("[data-upload-input]");
  const list = box.querySelector("[data-upload-list]");
  const drop = box.querySelector(".drop");

  input.addEventListener("change", () => {
    for (const file of input.files) send(file);
    input.value = "";
  });
  const scope = box.closest("form") || box;
  scope.addEventListener("paste", (event) => {
    const files = event.clipboardData ? [...event.clipboardData.files] : [];
    if (!files.length || event.defaultPrevented) return;
    event.preventDefault();
    files.forEach(send);
  });
  for (const name of ["dragenter", "dragover"]) {
    scope.addEventListener(name, (event) => {
      if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) scope.addEventListener(name, () => drop.classList.remove("over"));
  scope.addEventListener("drop", (event) => {
    const files = event.dataTransfer ? [...event.dataTransfer.files] : [];
    if (!files.length) return;
    event.preventDefault();
    files.forEach(send);
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-upload-remove]");
    if (!button) return;
    button.closest("[data-file]").remove();
    input.focus();
    changed();
  });
  // A restored draft names files that were uploaded before.
  scope.addEventListener("wb:restored", (event) => {
    const known = new Set([...list.querySelectorAll("input[type=hidden]")].map((field) => field.value));
    for (const value of event.detail[box.dataset.name] || []) {
      const [id, name] = value.split("|");
      if (!known.has(value)) show(id, name || id.slice(0, 8));
    }
  });

  const changed = () => box.dispatchEvent(new Event("input", { bubbles: true }));

  function show(id, name, url = "") {
    const chip = document.createElement("span");
    chip.className = "file";
    chip.dataset.file = "";
    const label = document.createElement(url ? "a" : "span");
    label.textContent = name;
    if (url) label.href = url;
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = box.dataset.name;
    hidden.value = id;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "ib sm";
    remove.dataset.uploadRemove = "";
    remove.setAttribute("aria-label", wb.say("remove", name));
    remove.append(wb.icon("x"));
    chip.append(wb.icon("clip"), label, hidden, remove);
    list.append(chip);
  }

  async function send(file) {
    const waiting = document.createElement("span");
    waiting.className = "file busy";
    waiting.textContent = wb.say("uploading", file.name);
    list.append(waiting);
    box.setAttribute("aria-busy", "true");
    const body = new FormData();
    body.append("file", file, file.name || "paste.png");
    try {
      const response = await wb.fetch(wb.urls.attachments, { method: "POST", body });
      const answer = await response.text();
      if (!response.ok) {
        wb.toast(wb.reason(answer, wb.say("failed")), { red: true });
        return;
      }
      const kept = JSON.parse(answer);
      show(kept.id, kept.name, kept.url);
      changed();
    } catch {
      wb.toast(wb.say("offline"), { red: true, action: wb.say("again"), act: () => send(file), stay: true });
    } finally {
      waiting.remove();
      box.removeAttribute("aria-busy");
    }
  }
});

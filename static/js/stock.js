// The grid of a stock document: lines typed by keyboard, pasted from a spreadsheet, picked with F2.
// Every cell is an ordinary field of the form: without this script the document is still filled in and saved.
const { wb } = window;

const BOOKS_AT_ONCE = 100;
const CARD_PAUSE = 200;

wb.each("[data-stock-grid]", (grid) => {
  const form = grid.closest("form");
  const body = grid.tBodies[0];
  const pattern = form.querySelector("template[data-line-template]");
  const known = new Map(); // code → what the master says of it, null for a code that is not there
  let cardTimer = 0;
  let changed = false;

  const lines = () => [...body.querySelectorAll("tr[data-line]")];
  const cells = (row) => [...row.querySelectorAll("[data-cell]")];
  const typed = (row) => cells(row).filter((field) => !field.readOnly);
  const cell = (row, name) => row.querySelector(`[data-cell="${name}"]`);
  const isBlank = (row) => cells(row).every((field) => field.value.trim() === "");
  // A transfer takes from its source.
  const warehouse = () => (form.elements.warehouse || form.elements.source || { value: "" }).value;

  /* ── rows ─────────────────────────────────────────────────────────────── */

  /** Names, numbers and labels follow the order of the rows. */
  function renumber() {
    lines().forEach((row, at) => {
      row.querySelector(".ord").firstChild.nodeValue = String(at + 1);
      for (const field of cells(row)) {
        field.name = `lines-${at}-${field.dataset.cell}`;
        field.setAttribute("aria-label", field.dataset.label.replace("{}", at + 1));
      }
      for (const kept of row.querySelectorAll("[data-kept]")) kept.name = `lines-${at}-${kept.dataset.kept}`;
    });
    total();
  }

  /** A new line below `after`, else at the end; null where lines come from an original and none may be added. */
  function newRow(after = null) {
    if (!pattern) return null;
    const row = pattern.content.firstElementChild.cloneNode(true);
    if (after) after.after(row);
    else {
      const last = lines().pop();
      if (last) last.after(row);
      else body.prepend(row);
    }
    renumber();
    return row;
  }

  function current() {
    return body.querySelector("tr.cur") || lines()[0] || null;
  }

  function removeRow(row) {
    const rows = lines();
    const at = rows.indexOf(row);
    const column = document.activeElement.dataset.cell;
    if (rows.length === 1 && !pattern) return;
    row.remove();
    if (rows.length === 1) newRow();
    renumber();
    touched();
    const next = lines()[Math.min(at, lines().length - 1)];
    focus(cell(next, column || "code"));
    wb.announce(grid.dataset.saidRemoved.replace("{}", at + 1));
  }

  function copyRow(row) {
    const copy = newRow(row);
    if (!copy) return;
    for (const field of cells(row)) cell(copy, field.dataset.cell).value = field.value;
    show(copy);
    touched();
    focus(cell(copy, "quantity"));
  }

  /* ── moving ───────────────────────────────────────────────────────────── */

  function focus(field) {
    if (!field) return;
    field.focus();
    if (field.select && field.type !== "date") field.select();
  }

  function step(field, by) {
    const row = field.closest("tr");
    const here = typed(row);
    const at = here.indexOf(field) + by;
    if (at >= 0 && at < here.length) return focus(here[at]);
    const rows = lines();
    const next = rows[rows.indexOf(row) + by];
    if (next) return focus(by > 0 ? typed(next)[0] : typed(next).pop());
    // Enter in the last cell of the last line opens a new one, but never one below an empty one.
    const added = by > 0 && !isBlank(row) ? newRow() : null;
    return added ? focus(cells(added)[0]) : undefined;
  }

  function vertical(field, by) {
    const rows = lines();
    const next = rows[rows.indexOf(field.closest("tr")) + by];
    if (next) focus(cell(next, field.dataset.cell));
  }

  const atStart = (field) => field.selectionStart === 0 && field.selectionEnd === 0;
  const atEnd = (field) => field.selectionStart === field.value.length && field.selectionEnd === field.value.length;
  const wholly = (field) => field.value && field.selectionStart === 0 && field.selectionEnd === field.value.length;

  body.addEventListener("keydown", (event) => {
    const field = event.target.closest("[data-cell]");
    if (!field || wb.isComposing(event)) return;
    const control = event.ctrlKey || event.metaKey;
    const done = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (event.key === "Enter" && !control) {
      done();
      step(field, event.shiftKey ? -1 : 1);
    } else if (control && event.key.toLowerCase() === "d") {
      done();
      const rows = lines();
      const above = rows[rows.indexOf(field.closest("tr")) - 1];
      if (!above) return;
      if (!field.readOnly) {
        field.value = cell(above, field.dataset.cell).value;
        told(field);
      }
      step(field, 1);
    } else if (control && event.key === "Delete") {
      done();
      removeRow(field.closest("tr"));
    } else if (event.key === "F2") {
      done();
      if (pattern) pick(field.closest("tr"));
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (field.type === "date") return;
      done();
      vertical(field, event.key === "ArrowDown" ? 1 : -1);
    } else if (field.type !== "date" && event.key === "ArrowLeft" && (atStart(field) || wholly(field))) {
      done();
      step(field, -1);
    } else if (field.type !== "date" && event.key === "ArrowRight" && (atEnd(field) || wholly(field))) {
      const row = field.closest("tr");
      if (cells(row).pop() === field) return;
      done();
      step(field, 1);
    }
  });

  body.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-line]");
    if (!row) return;
    for (const other of body.querySelectorAll("tr.cur")) if (other !== row) other.classList.remove("cur");
    row.classList.add("cur");
    card(row);
  });

  /* ── items ────────────────────────────────────────────────────────────── */

  function told(field) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Ask the master for codes that are not known yet. A mnemonic or an old spelling comes back under its code. */
  async function ask(codes) {
    const missing = [...new Set(codes.filter((code) => code && !known.has(code)))];
    for (let at = 0; at < missing.length; at += BOOKS_AT_ONCE) {
      const query = new URLSearchParams(missing.slice(at, at + BOOKS_AT_ONCE).map((code) => ["code", code]));
      try {
        const response = await wb.fetch(`${grid.dataset.known}?${query}`);
        if (!response.ok) return;
        const found = (await response.json()).items;
        for (const code of missing.slice(at, at + BOOKS_AT_ONCE)) known.set(code, found[code] || null);
      } catch {
        // No connection: the server says at saving what it does not know.
        return;
      }
    }
  }

  function show(row) {
    const field = cell(row, "code");
    const code = field.value.trim();
    const item = known.get(code);
    if (item && item.code !== code) {
      field.value = item.code;
      known.set(item.code, item);
    }
    for (const place of row.querySelectorAll("[data-show]")) place.textContent = item ? item[place.dataset.show] : "";
    const wrong = Boolean(code) && known.has(code) && !item;
    field.closest("td").classList.toggle("bad", wrong);
    field.setAttribute("aria-invalid", String(wrong));
    field.title = wrong ? grid.dataset.saidUnknown.replace("{}", code) : "";
    total();
  }

  async function look(rows) {
    await ask(rows.map((row) => cell(row, "code").value.trim()));
    rows.forEach(show);
  }

  function pick(row) {
    const code = cell(row, "code").value.trim();
    const query = new URLSearchParams({ q: code, warehouse: warehouse() });
    wb.openDialog(`${grid.dataset.pick}?${query}`, cell(row, "code"));
  }

  // A hit of the dialog is a button that names its code.
  document.body.addEventListener("click", (event) => {
    const hit = event.target.closest("[data-pick-item]");
    const row = current();
    if (!hit || !row || !form.isConnected) return;
    event.preventDefault();
    const field = cell(row, "code");
    field.value = hit.dataset.pickItem;
    told(field);
    const modal = document.getElementById("modal");
    modal.addEventListener("hidden.bs.modal", () => focus(cell(row, "quantity")), { once: true });
    wb.closeDialog();
  });

  // On a phone there is no F2: the glass beside the code opens the same dialog.
  body.addEventListener("click", (event) => {
    const glass = event.target.closest("[data-pick-line]");
    if (!glass) return;
    const row = glass.closest("tr");
    for (const other of body.querySelectorAll("tr.cur")) other.classList.remove("cur");
    row.classList.add("cur");
    pick(row);
  });

  /* ── sums: exact, in thousandths and hundredths ───────────────────────── */

  /** A typed figure in units of 10^-digits, or null when it is none. */
  function figure(text, digits) {
    const plain = text.trim().replace(/[,，\s]/g, "").replace(/^[−－]/, "-").replace("。", ".");
    const match = /^(-?)(\d{0,12})(?:\.(\d*))?$/.exec(plain);
    if (!match || !(match[2] || match[3])) return null;
    const rest = (match[3] || "").padEnd(digits, "0");
    if (/[1-9]/.test(rest.slice(digits))) return null;
    const value = BigInt((match[2] || "0") + rest.slice(0, digits));
    return match[1] ? -value : value;
  }

  /** `2箱` in the item's own unit, where the master knows the box; otherwise the server says so at saving. */
  function inBaseUnits(row, field) {
    const typed = /^(-?[\d.,，]+)\s*([^\d\s.,，]+)$/.exec(field.value.trim());
    const item = typed && known.get(cell(row, "code").value.trim());
    if (!item) return;
    const amount = figure(typed[1], 3);
    const factor = typed[2] === item.unit ? 1000n : typed[2] === item.aux_unit ? figure(item.aux_factor, 3) : null;
    if (amount === null || factor === null || (amount * factor) % 1000n !== 0n) return;
    field.title = `${typed[0]} = ${written((amount * factor) / 1000n, 3)} ${item.unit}`;
    field.value = written((amount * factor) / 1000n, 3).replace("−", "-").replace(/,/g, "");
  }

  function written(value, digits) {
    const bare = (value < 0n ? -value : value).toString().padStart(digits + 1, "0");
    const whole = bare.slice(0, -digits).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${value < 0n ? "−" : ""}${whole}.${bare.slice(-digits)}`;
  }

  /** Thousandths of a fen as fen; halves to the even one, as the server rounds. */
  function rounded(raw) {
    const whole = raw / 1000n;
    const rest = raw < 0n ? -(raw % 1000n) : raw % 1000n;
    const up = rest > 500n || (rest === 500n && whole % 2n !== 0n);
    return up ? whole + (raw < 0n ? -1n : 1n) : whole;
  }

  function total() {
    let quantity = 0n;
    let amount = 0n;
    let count = 0;
    let priced = false;
    for (const row of lines()) {
      const pieces = figure(cell(row, "quantity").value, 3);
      cell(row, "quantity").closest("td").classList.toggle("neg", pieces !== null && pieces < 0n);
      const price = cell(row, "price");
      const place = row.querySelector("[data-amount]");
      if (cell(row, "code").value.trim()) count += 1;
      if (pieces !== null) quantity += pieces;
      const each = price && price.value.trim() ? figure(price.value, 2) : null;
      if (place) {
        let said = "";
        if (pieces !== null && each !== null) {
          const fen = rounded(pieces * each);
          amount += fen;
          priced = true;
          said = written(fen, 2);
        }
        place.textContent = said;
        place.classList.toggle("neg", said.startsWith("−"));
      }
    }
    const put = (name, text) => {
      const place = grid.querySelector(`[data-total="${name}"]`);
      if (place) place.textContent = text;
    };
    put("count", String(count));
    put("quantity", written(quantity, 3));
    put("amount", priced ? written(amount, 2) : "");
  }

  /* ── paste ────────────────────────────────────────────────────────────── */

  /** Text of a spreadsheet as rows of cells; a cell in quotes may hold tabs, line breaks and doubled quotes. */
  function parse(text) {
    const rows = [[]];
    let value = "";
    let quoted = false;
    for (let at = 0; at < text.length; at += 1) {
      const sign = text[at];
      if (quoted) {
        if (sign === '"' && text[at + 1] === '"') {
          value += '"';
          at += 1;
        } else if (sign === '"') quoted = false;
        else value += sign;
      } else if (sign === '"' && value === "") quoted = true;
      else if (sign === "\t") {
        rows[rows.length - 1].push(value);
        value = "";
      } else if (sign === "\n" || sign === "\r") {
        if (sign === "\r" && text[at + 1] === "\n") at += 1;
        rows[rows.length - 1].push(value);
        rows.push([]);
        value = "";
      } else value += sign;
    }
    rows[rows.length - 1].push(value);
    return rows.filter((row) => row.some((one) => one.trim() !== ""));
  }

  const heads = () => {
    const found = new Map();
    for (const head of grid.querySelectorAll("th[data-column]"))
      for (const name of [head.textContent, ...(head.dataset.also || "").split("|")])
        found.set(plainHead(name), head.dataset.column);
    return found;
  };
  const plainHead = (text) => text.trim().replace(/\*$/, "").trim().toLowerCase();

  /** Which cell each pasted column fills: by its heading where the first row has one, else from the cell pasted into. */
  function plan(rows, field) {
    const names = heads();
    const first = rows[0].map((text) => names.get(plainHead(text)) || "");
    if (first.includes("code") && first.filter(Boolean).length >= 2) return { columns: first, from: 1 };
    const order = cells(field.closest("tr")).map((one) => one.dataset.cell);
    const at = order.indexOf(field.dataset.cell);
    return { columns: rows[0].map((_text, column) => order[at + column] || ""), from: 0 };
  }

  body.addEventListener("paste", (event) => {
    const field = event.target.closest("[data-cell]");
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!field || !/[\t\n\r]/.test(text.replace(/[\r\n]+$/, ""))) return;
    event.preventDefault();
    const rows = parse(text);
    const { columns, from } = plan(rows, field);
    let row = field.closest("tr");
    const filled = [];
    for (const pasted of rows.slice(from)) {
      row = row || newRow();
      if (!row) break;
      pasted.forEach((value, column) => {
        const place = columns[column] && cell(row, columns[column]);
        if (!place || place.readOnly) return;
        place.value = place.type === "date" ? value.trim().replace(/[/.]/g, "-") : value.trim();
      });
      filled.push(row);
      const all = lines();
      row = all[all.indexOf(row) + 1];
    }
    touched();
    look(filled).then(() => {
      const unknown = filled.filter((one) => cell(one, "code").closest("td").classList.contains("bad"));
      const said = grid.dataset.saidPasted.replace("{}", filled.length);
      wb.toast(unknown.length ? `${said} ${grid.dataset.saidPastedUnknown.replace("{}", unknown.length)}` : said, { red: unknown.length > 0 });
      focus(cell(unknown[0] || filled[filled.length - 1], "code"));
    });
  });

  /* ── the line's card: on hand, after the audit, in transit ────────────── */

  function card(row) {
    const place = document.getElementById("line-card");
    if (!place || !grid.dataset.card) return;
    window.clearTimeout(cardTimer);
    cardTimer = window.setTimeout(() => {
      const code = cell(row, "code").value.trim();
      if (!code || !row.isConnected) return;
      let sum = 0n;
      for (const other of lines())
        if (cell(other, "code").value.trim() === code) sum += figure(cell(other, "quantity").value, 3) || 0n;
      const query = new URLSearchParams({
        item: code,
        warehouse: warehouse(),
        line: row.querySelector(".ord").textContent.trim(),
        quantity: written(sum, 3).replace("−", "-").replace(/,/g, ""),
        direction: grid.dataset.direction || "",
      });
      const address = `${grid.dataset.card}?${query}`;
      if (place.dataset.shown === address) return;
      place.dataset.shown = address;
      window.htmx.ajax("GET", address, { target: place, swap: "innerHTML" });
    }, CARD_PAUSE);
  }

  /* ── buttons, saving, leaving ─────────────────────────────────────────── */

  function touched() {
    changed = true;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const ACTS = {
    add: () => {
      const row = newRow();
      if (row) focus(cells(row)[0]);
    },
    remove: () => current() && removeRow(current()),
    copy: () => current() && copyRow(current()),
  };
  for (const button of document.querySelectorAll("[data-grid-act]"))
    button.addEventListener("click", (event) => {
      event.preventDefault();
      ACTS[button.dataset.gridAct]();
    });

  body.addEventListener("input", (event) => {
    const field = event.target.closest("[data-cell]");
    if (!field) return;
    changed = true;
    field.closest("td").classList.remove("bad");
    if (["quantity", "price", "code"].includes(field.dataset.cell)) total();
  });
  body.addEventListener("change", (event) => {
    const field = event.target.closest("[data-cell]");
    if (!field) return;
    const row = field.closest("tr");
    if (field.dataset.cell === "code") look([row]).then(() => card(row));
    else if (field.dataset.cell === "quantity") {
      inBaseUnits(row, field);
      const value = figure(field.value, 3);
      if (value !== null) field.value = written(value, 3).replace("−", "-").replace(/,/g, "");
      field.closest("td").classList.toggle("bad", field.value.trim() !== "" && value === null);
      card(row);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
    if (wb.isComposing(event) || !form.isConnected || document.querySelector(".modal.show")) return;
    event.preventDefault();
    const save = form.querySelector("[data-save]") || document.querySelector(`[form="${form.id}"][data-save]`);
    form.requestSubmit(save || undefined);
  });

  // 放弃 means the draft too: it must not come back when the document is opened again.
  document.addEventListener("click", (event) => {
    const tool = event.target.closest('[data-tool="abandon"]');
    if (!tool || tool.getAttribute("aria-disabled") === "true" || !form.isConnected || !form.dataset.draft) return;
    wb.store.set(`draft:${wb.user}:${form.dataset.draft}`, null);
    if (!tool.href) return;
    event.preventDefault();
    const body = { form: form.dataset.draft, data: null };
    const leave = () => window.location.assign(tool.href);
    wb.fetch(wb.urls.drafts, { method: "POST", body, quiet: true }).then(leave, leave);
  });

  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  window.addEventListener("beforeunload", (event) => {
    if (changed && form.isConnected && !form.dataset.draft) event.preventDefault();
  });

  // A restored draft may have more lines than the page.
  form.addEventListener("wb:restored", (event) => {
    const data = event.detail || {};
    const most = Math.max(-1, ...Object.keys(data).map((name) => Number((/^lines-(\d+)-/.exec(name) || [0, -1])[1])));
    while (lines().length <= most && newRow());
    for (const row of lines())
      for (const field of cells(row)) if (data[field.name] && data[field.name].length) field.value = data[field.name][0];
    look(lines());
  });

  // On a phone blank cards are only in the way; 增行 opens one.
  if (window.matchMedia("(max-width: 767.98px)").matches) {
    if (pattern) {
      lines().filter(isBlank).slice(lines().every(isBlank) ? 1 : 0).forEach((row) => row.remove());
      renumber();
    }
  }
  for (const row of lines()) {
    const code = cell(row, "code").value.trim();
    if (code && row.querySelector('[data-show="name"]').textContent.trim()) {
      const item = { code, aux_unit: row.dataset.aux || "", aux_factor: row.dataset.factor || "" };
      for (const place of row.querySelectorAll("[data-show]")) item[place.dataset.show] = place.textContent;
      known.set(code, item);
    }
  }
  total();
});

// In a document that is only read the line's card follows the line that is clicked or walked to.
wb.each("[data-stock-read]", (grid) => {
  const rows = () => [...grid.querySelectorAll("tr[data-line]")];
  const choose = (row) => {
    for (const other of rows()) other.classList.toggle("cur", other === row);
    const place = document.getElementById("line-card");
    if (place && row.dataset.card) window.htmx.ajax("GET", row.dataset.card, { target: place, swap: "innerHTML" });
  };
  grid.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-line]");
    if (row) choose(row);
  });
  grid.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-line]");
    if (!row || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const next = rows()[rows().indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
    choose(next);
  });
});

// The frame: figures at the rail, unread notices, theme and row height, who else is here, copy, print.
const { wb } = window;

const COUNTS_EVERY = 60000;
const PING_EVERY = 20000;
const root = document.documentElement;

async function counts() {
  if (!wb.user || document.hidden) return;
  try {
    const response = await wb.fetch(wb.urls["shell-counts"], { quiet: true });
    if (!response.ok) return;
    const found = await response.json();
    wb.correct(found.now);
    for (const nav of document.querySelectorAll("[data-counts]")) show(nav, found.counts);
    warn(found.warnings);
    wb.store.set("warnings", found.warnings.length ? found.warnings : null);
    const unread = document.querySelector("[data-unread]");
    if (unread) {
      unread.hidden = !found.unread;
      const before = unread.textContent;
      unread.textContent = found.unread > 99 ? "99+" : String(found.unread);
      const bell = unread.closest("[aria-label]");
      bell.setAttribute("aria-label", bell.getAttribute("aria-label").replace(before, unread.textContent));
    }
  } catch {
    // The next round asks again.
  }
}

/** The gravest thing that is wrong with the machine; known from the last page, so that nothing jumps. */
function warn(codes) {
  const gravest = codes.includes("clock") ? "clock" : codes[0];
  for (const banner of document.querySelectorAll("[data-warning]")) banner.hidden = banner.dataset.warning !== gravest;
}

function show(nav, figures) {
  for (const link of nav.querySelectorAll("[data-place]")) {
    const figure = figures[link.dataset.place];
    let badge = link.querySelector(".n");
    if (!figure || !figure.n) {
      if (badge) badge.remove();
      continue;
    }
    if (!badge) {
      badge = document.createElement("span");
      link.append(badge);
    }
    badge.className = figure.hot ? "n hot" : "n";
    badge.textContent = figure.n > 999 ? "999+" : String(figure.n);
  }
}

/** What can be moved sideways, and holds nothing to stop at, is a stop itself, called after its heading. */
function reach(box) {
  const wide = box.scrollWidth > box.clientWidth + 1 && !box.querySelector("a[href], button, input, select, textarea");
  const names = ["tabindex", "role", "aria-label"];
  if (!wide) names.forEach((name) => box.removeAttribute(name));
  else {
    const heading = (box.closest("section") ?? document).querySelector("h1, h2, h3");
    const values = ["0", "group", heading ? heading.textContent.trim() : document.title];
    names.forEach((name, n) => box.setAttribute(name, values[n]));
  }
}

/** What is chosen in a row that scrolls is in view: in the middle when it lay outside. */
function inView(box) {
  const chosen = box.querySelector("[aria-current], .chip.on");
  if (!chosen) return;
  const [outer, inner] = [box.getBoundingClientRect(), chosen.getBoundingClientRect()];
  if (inner.left < outer.left || inner.right > outer.right) {
    box.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  }
  if (inner.top < outer.top || inner.bottom > outer.bottom) {
    box.scrollTop += inner.top + inner.height / 2 - outer.top - outer.height / 2;
  }
}

function keepTaste(name, value) {
  wb.fetch(wb.urls.taste, { method: "POST", body: new URLSearchParams({ [name]: value }) });
}

function setTheme(theme) {
  root.dataset.theme = theme;
  root.dispatchEvent(new Event("wb:theme"));
  keepTaste("theme", theme);
}

function setDensity(density) {
  root.dataset.density = density;
  keepTaste("density", density);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-next]")) setTheme(root.dataset.bsTheme === "dark" ? "light" : "dark");
  if (event.target.closest("[data-density-next]")) setDensity(root.dataset.density === "compact" ? "cosy" : "compact");
  const copy = event.target.closest("[data-copy]");
  if (copy) copyText(copy.dataset.copy);
  if (event.target.closest("[data-print]")) window.print();
  const toggle = event.target.closest("[data-toggle-class]");
  if (toggle) {
    const target = document.querySelector(toggle.dataset.target);
    if (target) target.classList.toggle(toggle.dataset.toggleClass);
  }
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-taste]")) return;
  if (event.target.name === "theme") setTheme(event.target.value);
  else setDensity(event.target.value);
});

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Plain http has no clipboard: the old way.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    (document.querySelector(".modal.show") || document.body).append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  wb.toast(wb.say("copied"));
}

// The bell loads its list when it is opened.
document.addEventListener("show.bs.dropdown", (event) => {
  const menu = event.target.parentElement.querySelector("[hx-get]");
  if (menu) menu.dispatchEvent(new CustomEvent("wb:open"));
});

// What lies under an open menu of the bar rests until it is closed: a part of a control that sticks out is no target.
for (const [moment, rests] of [["shown.bs.dropdown", true], ["hide.bs.dropdown", false]]) {
  document.addEventListener(moment, (event) => {
    const main = document.getElementById("main");
    if (main && event.target.closest(".wb-top")) main.inert = rests;
  });
}

wb.each("[data-presence]", (place) => {
  const subject = place.dataset.presence;
  const ping = async () => {
    if (!place.isConnected || document.hidden) return;
    try {
      const body = new URLSearchParams({ subject });
      const response = await wb.fetch(wb.urls.presence, { method: "POST", body, quiet: true });
      if (!response.ok) return;
      tell((await response.json()).others);
    } catch {
      // Presence is a courtesy; the next ping tries again.
    }
  };
  const tell = (others) => {
    place.replaceChildren();
    if (!others.length) return;
    const faces = document.createElement("span");
    faces.className = "avas";
    for (const name of others.slice(0, 3)) {
      const face = document.createElement("span");
      face.className = "ava sm";
      face.setAttribute("aria-hidden", "true");
      face.textContent = name.slice(0, 1);
      faces.append(face);
    }
    const names = others.join(root.lang === "en" ? ", " : "、");
    place.className = "row-flex tight";
    place.append(faces, wb.say("viewing", names));
  };
  window.addEventListener("pagehide", () => {
    const body = new URLSearchParams({ subject, gone: "1", csrfmiddlewaretoken: wb.csrf() });
    navigator.sendBeacon(wb.urls.presence, body);
  });
  window.setInterval(ping, PING_EVERY);
  ping();
});

const sizes = new ResizeObserver((changes) => changes.forEach((change) => reach(change.target)));
wb.each(".scroll-x, .chart", (box) => sizes.observe(box));
wb.each("[data-in-view], .tabs, .counters, .chips.scroll", inView);

warn(wb.store.get("warnings") || []);
window.setInterval(counts, COUNTS_EVERY);
document.addEventListener("visibilitychange", counts);
counts();

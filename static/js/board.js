// A board goes on saying how old it is while it waits for its next figures, and becomes a wall screen with F.
const { wb } = window;

const STALE = 120;
const EVERY = 5000;

/** The age in words; amber when the figures are out of date, whoever's fault that is. */
function age() {
  for (const chip of document.querySelectorAll("[data-fresh]")) {
    const seconds = Math.max(wb.now() / 1000 - Number(chip.dataset.fresh), 0);
    const words = chip.querySelector(".age");
    const said = chip.dataset.old.replace("{}", wb.span(seconds, true));
    if (words.textContent !== said) words.textContent = said;
    chip.classList.toggle("stale", seconds > STALE);
  }
}

/** Large and without controls, or the page again; the address remembers it, so that a screen can be opened so. */
function wall(on) {
  document.body.classList.toggle("wall", on);
  document.getElementById("board-wall").disabled = !on;
  const here = new URL(window.location.href);
  if (on) here.searchParams.set("wall", "1");
  else here.searchParams.delete("wall");
  window.history.replaceState(null, "", here);
  document.getElementById("board").dispatchEvent(new CustomEvent("wb:board"));
  const root = document.documentElement;
  if (on && root.requestFullscreen) root.requestFullscreen().catch(() => {});
  if (!on && document.fullscreenElement) document.exitFullscreen();
}

const isWall = () => document.body.classList.contains("wall");
const mayBeWall = () => document.querySelector("[data-wall]") !== null || isWall();

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-wall]")) wall(true);
});

document.addEventListener("keydown", (event) => {
  if (wb.isComposing(event) || wb.isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector(".modal.show")) return;
  if (event.key.toLowerCase() === "f" && mayBeWall()) {
    event.preventDefault();
    wall(!isWall());
  } else if (event.key === "Escape" && isWall()) {
    wall(false);
  }
});

// The browser's own way out of the full screen leads back too.
let full = false;
document.addEventListener("fullscreenchange", () => {
  if (full && !document.fullscreenElement && isWall()) wall(false);
  full = Boolean(document.fullscreenElement);
});

window.setInterval(age, EVERY);
document.body.addEventListener("htmx:load", age);
age();

// One ticker for all countdowns of the page. It follows the server's time and says what countdown.py says.
const { wb } = window;

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const SECONDS_SHOWN_BELOW = 30 * MINUTE;
const HOT_AT_MOST = 2 * HOUR;
const ICONS = { calm: "clock", warn: "clock", hot: "alert", over: "siren", paused: "pause" };
const LOOKS = Object.keys(ICONS);
const EDGES = ["warn", "hot", "over"];

const put = (word, value) => (wb.clock[word] || "{}").replace("{}", value);
const two = (number) => String(number).padStart(2, "0");

/** A length of time in its largest two units. */
export function span(seconds, fine) {
  const whole = Math.max(Math.floor(seconds), 0);
  if (whole >= DAY) {
    const days = put("d", Math.floor(whole / DAY));
    const hours = Math.floor((whole % DAY) / HOUR);
    return hours ? `${days} ${put("h", hours)}` : days;
  }
  if (whole >= HOUR) {
    return `${put("h", Math.floor(whole / HOUR))} ${put("min", two(Math.floor((whole % HOUR) / MINUTE)))}`;
  }
  if (whole < MINUTE) return put("s", whole);
  const minutes = put("min", Math.floor(whole / MINUTE));
  return fine && whole < SECONDS_SHOWN_BELOW ? `${minutes} ${put("s", two(whole % MINUTE))}` : minutes;
}

/** Look and words of a running or paused clock at `now` (seconds). */
export function face({ state, start, warn, deadline, since }, now) {
  if (state === "paused") return { look: "paused", words: put("paused", span(now - since, false)) };
  const left = deadline - now;
  if (left <= 0) return { look: "over", words: put("over", span(-left, false)) };
  const hotFrom = deadline - Math.min(HOT_AT_MOST, (deadline - start) / 8);
  const look = now >= hotFrom ? "hot" : now >= warn ? "warn" : "calm";
  return { look, words: put("left", span(left, true)) };
}

function tick() {
  const now = wb.now() / 1000;
  for (const chip of document.querySelectorAll("time.sla[data-deadline]")) {
    const given = chip.dataset;
    const found = face(
      {
        state: given.state,
        start: Number(given.start),
        warn: Number(given.warn),
        deadline: Number(given.deadline),
        since: Number(given.since),
      },
      now,
    );
    const words = chip.querySelector("span");
    if (words.textContent !== found.words) words.textContent = found.words;
    if (!chip.classList.contains(found.look)) {
      chip.classList.remove(...LOOKS);
      chip.classList.add(found.look);
      const use = chip.querySelector("use");
      use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${ICONS[found.look]}`));
      moveEdge(chip, found.look);
    }
  }
}

/** The left edge of the row is time: it moves with the chip. */
function moveEdge(chip, look) {
  const row = chip.closest("tr, .item");
  if (!row || !row.hasAttribute("data-row")) return;
  const first = row.querySelector("time.sla");
  if (first !== chip) return;
  row.classList.remove(...EDGES);
  if (EDGES.includes(look)) row.classList.add(look);
}

wb.face = face;
wb.span = span;
window.setInterval(tick, 1000);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) tick();
});
document.body.addEventListener("htmx:load", tick);
tick();

// What the other scripts share, as window.wb: the page's data, server time, words, addresses, announcements.
// Scripts load in order and know each other only through wb and events.

const meta = document.querySelector('meta[name="wb"]');
const data = meta ? JSON.parse(meta.content) : { now: Date.now() / 1000, words: {}, urls: {}, clock: {} };

// Server time minus this machine's time, in ms. Old machines' clocks are wrong by minutes; deadlines follow the server.
let skew = data.now * 1000 - (performance.timeOrigin + performance.now());

const wb = {
  user: data.user,
  clock: data.clock,
  urls: data.urls,
  newUrl: data.new,

  /** The server's time now, in ms. */
  now() {
    return performance.timeOrigin + performance.now() + skew;
  },

  /** Take over the server's time (seconds) from a later answer; smaller differences than 2 s are transport. */
  correct(serverNow) {
    const found = serverNow * 1000 - (performance.timeOrigin + performance.now());
    if (Math.abs(found - skew) > 2000) skew = found;
  },

  /** A sentence of the page's language; `{}` is replaced by what follows. */
  say(word, ...parts) {
    let text = data.words[word] || word;
    for (const part of parts) text = text.replace("{}", part);
    return text;
  },

  /** The CSRF token of this session. */
  csrf() {
    const tag = document.querySelector('meta[name="csrf-token"]');
    return tag ? tag.content : "";
  },

  /** After a login in a dialog every form of the page needs the new token. */
  renewCsrf(token) {
    const tag = document.querySelector('meta[name="csrf-token"]');
    if (tag) tag.content = token;
    for (const input of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) input.value = token;
  },

  /** Tell screen readers, politely. */
  announce(text) {
    const place = document.getElementById("live");
    if (!place) return;
    place.textContent = "";
    window.setTimeout(() => (place.textContent = text), 30);
  },

  /** Run `start(element)` for every element that matches, now and after each swap; once per element. */
  each(selector, start) {
    const seen = new WeakSet();
    const run = (root) => {
      const found = root.querySelectorAll ? [...root.querySelectorAll(selector)] : [];
      if (root.matches && root.matches(selector)) found.unshift(root);
      for (const element of found) {
        if (seen.has(element)) continue;
        seen.add(element);
        start(element);
      }
    };
    run(document);
    document.body.addEventListener("htmx:load", (event) => run(event.detail.elt));
    document.body.addEventListener("wb:added", (event) => run(event.target));
  },

  /** An icon of the sprite, as an element. */
  icon(name) {
    const sprite = document.querySelector("svg:not(.d-none) use");
    const base = sprite ? sprite.getAttribute("href").split("#")[0] : "/static/icons.svg";
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "i");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${base}#i-${name}`);
    svg.append(use);
    return svg;
  },

  /** What must be done before a form leaves (its draft kept): form → async function. */
  beforeSend: new WeakMap(),

  /** sessionStorage, where the browser allows it. */
  store: {
    get(key) {
      try {
        return JSON.parse(window.sessionStorage.getItem(key));
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (value === null) window.sessionStorage.removeItem(key);
        else window.sessionStorage.setItem(key, JSON.stringify(value));
      } catch {
        // A full or forbidden store costs the second copy of a draft, nothing else.
      }
    },
  },
};

window.wb = wb;

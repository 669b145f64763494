// Firefox before 132 asks `default-src` for the file behind `<use>`, and ours is 'none': there the sprite is fetched
// once as data and stands in the page. Every other browser takes it from the file.
const FIXED_IN = 132;
const found = navigator.userAgent.match(/ Firefox\/(\d+)/);

if (found && Number(found[1]) < FIXED_IN) {
  const first = document.querySelector('use[href*=".svg#"]');
  if (first) bring(first.getAttribute("href").split("#")[0]);
}

async function bring(address) {
  const response = await fetch(address);
  if (!response.ok) return;
  const parsed = new DOMParser().parseFromString(await response.text(), "image/svg+xml");
  const sprite = document.importNode(parsed.documentElement, true);
  sprite.setAttribute("class", "d-none");
  sprite.setAttribute("aria-hidden", "true");
  document.body.prepend(sprite);
  redirect(document);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const added of change.addedNodes) if (added.querySelectorAll) redirect(added);
    }
  }).observe(document.body, { childList: true, subtree: true });
}

function redirect(root) {
  for (const use of root.querySelectorAll('use[href*=".svg#"]')) {
    use.setAttribute("href", use.getAttribute("href").replace(/^[^#]*/, ""));
  }
}

// Runs before the first paint: "as the system" becomes light or dark, so that nothing flashes.
(function () {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = function () {
    const wish = root.dataset.theme || "auto";
    root.dataset.bsTheme = wish === "auto" ? (dark.matches ? "dark" : "light") : wish;
  };
  apply();
  dark.addEventListener("change", apply);
  root.addEventListener("wb:theme", apply);
})();

// One file of a form: named when it is chosen, taken when it is dropped. It is sent with the form, as without script.
const { wb } = window;

wb.each("[data-file-choice]", (box) => {
  const input = box.querySelector("input[type=file]");
  const name = box.querySelector("[data-file-name]");
  const show = () => {
    name.textContent = input.files.length ? input.files[0].name : name.dataset.none;
  };
  input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"]) {
    box.addEventListener(kind, (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  show();
});

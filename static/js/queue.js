// The queue: choosing all lines of the page at once, and saying how many are chosen.
// Without this script the link loads the page anew with all boxes checked.

const boxes = [...document.querySelectorAll(".queue [name=event]")];
const chooseAll = document.querySelector("[data-choose-all]");
const words = document.querySelector("[data-chosen]");

function count() {
  const chosen = boxes.filter((box) => box.checked).length;
  words.textContent = chosen ? words.dataset.chosen.replace("{n}", chosen) : "";
}

if (chooseAll) {
  chooseAll.addEventListener("click", (click) => {
    click.preventDefault();
    const isAll = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !isAll;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
  addEventListener("pageshow", count); // going back, browsers check again what was checked
  count();
}

// The queue: choosing all lines of the page at once, and saying how many are chosen.
// Without this script the link loads the page anew with all boxes checked.
//
// After the last event the keys of its page end here: u still takes back what was done with it.

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

const undo = document.querySelector(".done [data-key=u]");

/** Whether the person wants single keys, as the page of an event remembers it. */
function wantsKeys() {
  try {
    return localStorage.getItem("desk-keys") !== "off";
  } catch {
    return true;
  }
}

let isSent = false; // a second time it would only be refused
undo?.form.addEventListener("submit", (event) => {
  if (isSent) event.preventDefault();
  isSent = true;
});
addEventListener("pageshow", () => (isSent = false));

document.addEventListener("keydown", ({ key, code, target, repeat, ctrlKey, metaKey, altKey, shiftKey }) => {
  const isU = key === "u" || (code === "KeyU" && !/^[a-z]$/i.test(key)); // by its place in another script
  if (!isU || repeat || ctrlKey || metaKey || altKey || shiftKey || target.matches?.("input, select")) return;
  if (undo && wantsKeys()) undo.click();
});

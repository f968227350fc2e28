// The decision page by keyboard, with two keystrokes at most for each event. The page is complete without it.
//
// What is pressed stands in the page: a button says its key in data-key, and in data-needs-reason that it wants a reason.
// Such a button is armed by its key first; then a number sends it with the ready-made reason of that number, and Ctrl and
// Enter with what was written.

const PAUSE = 400; // milliseconds after which a key is meant for this page and not for the one before
const STUCK = 5000; // after which whoever stopped the page from loading may press again
const STORE = "desk-keys";

const page = document.querySelector("[data-decide]");
const form = page.querySelector("[data-decision]");
const { reason } = form.elements;
const reasons = form.querySelector("[data-ready]");
const ready = [...form.querySelectorAll("[name=ready]")];
const say = page.querySelector("[data-say]");
const help = page.querySelector("[data-keys-help]");
const keys = help.querySelector("[data-keys-switch]");

let isAwake = false; // the first moment is over
let isLeaving = false; // something was sent
let armed = null; // the button that waits for its reason
let warned = null; // the button that was pressed against a doubt, and the doubt

// What is said and remembered

const announce = (words) => (say.textContent = words);

/** Whether the person wants single keys; a browser that keeps nothing asks anew each time. */
function recall() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function remember(isOn) {
  try {
    localStorage.setItem(STORE, isOn ? "on" : "off");
  } catch {
    // It holds for this page.
  }
}

function turn(isOn) {
  keys.checked = isOn;
  page.dataset.keys = isOn ? "on" : "off";
  for (const button of page.querySelectorAll("button[data-key]")) {
    if (isOn) button.setAttribute("aria-keyshortcuts", button.dataset.key);
    else button.removeAttribute("aria-keyshortcuts");
  }
  if (!isOn) disarm();
}

// What is done

const nameOf = (button) => button.textContent.trim();

function arm(button) {
  disarm();
  armed = button;
  button.setAttribute("aria-pressed", "true");
  const isTouched = matchMedia("(hover: none)").matches;
  announce(`${nameOf(button)}: ${isTouched ? page.dataset.armedTouch : page.dataset.armed}`);
  if (reasons) reasons.open = true;
  (reasons?.querySelector("fieldset") ?? reason).focus({ preventScroll: true });
  say.scrollIntoView({ block: "nearest" });
  reasons?.scrollIntoView({ block: "nearest" });
}

function disarm() {
  armed?.removeAttribute("aria-pressed");
  armed = null;
  announce("");
}

const readyTexts = () => ready.map((choice) => choice.dataset.text);

/** Puts a ready-made reason in the place of another, or below what was written. */
function fill(choice) {
  choice.checked = true;
  const leaveOut = (text, ending) => (text.endsWith(ending) ? text.slice(0, -ending.length).trim() : text);
  const own = readyTexts().reduce(leaveOut, reason.value.trim());
  reason.value = [own, choice.dataset.text].filter(Boolean).join("\n\n");
}

function send(button) {
  isLeaving = true;
  setTimeout(() => (isLeaving = false), STUCK);
  button.form.requestSubmit(button);
}

/** Whether a reason for refusing would go into a letter that says yes. */
const isContrary = (button) => {
  return button.hasAttribute("data-agrees") && readyTexts().some((text) => reason.value.includes(text));
};

/** What speaks against pressing the button: that somebody else may be about to, or what the letter would say. */
function findDoubt(button, isByKey) {
  const isOpened = isByKey && button.hasAttribute("data-decides") && page.dataset.opened;
  return [isOpened, isContrary(button) && page.dataset.contrary].filter(Boolean).join(" ");
}

/** Says once what speaks against pressing the button; returns whether anything was new. */
function warn(button, isByKey) {
  const doubt = findDoubt(button, isByKey);
  if (!doubt || (warned?.button === button && warned.doubt === doubt)) return false;
  warned = { button, doubt };
  announce(doubt);
  return true;
}

/** Presses the button, or asks once more. */
function decide(button) {
  if (warn(button, true)) return;
  if (button.hasAttribute("data-needs-reason")) arm(button);
  else send(button);
}

// Keys

/** The Latin letter or the digit of a key, by its place where the keyboard writes another script. */
function keyOf({ key, code }) {
  if (/^[a-z0-9?]$/i.test(key)) return key.toLowerCase();
  if ([...key].length !== 1) return ""; // it has a name: Tab, End, Dead
  return code.replace(/^(Key|Digit|Numpad)(?=.$)/, "").toLowerCase();
}

const isWritten = ({ target }) => {
  return Boolean(target.closest?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])"));
};

/** While a button is armed only numbers press anything; a letter begins a reason. */
function answer(event, key) {
  const choice = /^[1-9]$/.test(key) ? ready[key - 1] : undefined;
  if (choice) {
    event.preventDefault();
    fill(choice);
    send(armed);
  } else if ([...event.key].length === 1 && event.key !== " ") reason.focus(); // and so it is written there
}

function press(event) {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (!isAwake || isLeaving || event.repeat || event.isComposing || page.dataset.keys !== "on") return;
  if (key === "Escape") {
    warned = null;
    return disarm();
  }
  if (key === "Enter" && (ctrlKey || metaKey) && armed && reason.value.trim()) return send(armed);
  if (ctrlKey || metaKey || altKey || isWritten(event)) return;
  const meant = keyOf(event);
  if (shiftKey && meant !== "?") return;
  if (armed) return answer(event, meant);
  if (meant === "?") return open(help);
  const button = meant && page.querySelector(`button[data-key="${CSS.escape(meant)}"]`);
  if (!button) return;
  event.preventDefault();
  decide(button);
}

function open(details) {
  details.open = !details.open;
  details.querySelector("summary").focus();
}

// The preview

/** As high as what it shows, and listening to the same keys. */
function join(frame) {
  const { contentDocument: shown, contentWindow: view } = frame;
  const article = shown?.querySelector("[data-event]");
  if (!article) return;
  const fit = () => (frame.style.blockSize = `${Math.ceil(article.getBoundingClientRect().bottom + view.scrollY) + 48}px`);
  new view.ResizeObserver(fit).observe(article);
  fit();
  view.addEventListener("keydown", press);
}

for (const frame of page.querySelectorAll("iframe")) {
  frame.addEventListener("load", () => join(frame));
  if (frame.contentDocument?.readyState === "complete") join(frame);
}

// From the beginning

form.addEventListener("change", ({ target }) => {
  if (ready.includes(target)) fill(target);
});
for (const change of ["input", "change"]) form.addEventListener(change, () => (warned = null));
page.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.hasAttribute("data-needs-reason") && !reason.value.trim()) {
    event.preventDefault(); // without a reason it would only come back
    arm(button);
  } else if (warned?.button !== button && warn(button, false)) event.preventDefault();
});
page.addEventListener("submit", (event) => {
  if (page.dataset.sent || !event.submitter?.name) return event.preventDefault();
  page.dataset.sent = "yes";
  setTimeout(() => delete page.dataset.sent, STUCK);
});
window.addEventListener("pageshow", () => {
  isLeaving = false;
  delete page.dataset.sent;
});
keys.addEventListener("change", () => {
  remember(keys.checked);
  turn(keys.checked);
});
document.addEventListener("keydown", press);
help.hidden = false;
turn(recall());
page.querySelector("[autofocus]")?.focus();
setTimeout(() => {
  isAwake = true;
  page.dataset.awake = "yes";
}, PAUSE);

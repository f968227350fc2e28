// The form of an event, made easier to fill in: cities are suggested, the card and the picture are shown, what is typed
// is kept in this browser. The form is complete without it, and the server believes nothing that is said here. Of a form
// without an event it does the sending alone.

const form = document.querySelector("form.submission");
const wordsOf = (part) => document.querySelector(`template[data-${part}]`)?.dataset;
const words = { ...wordsOf("cities"), ...wordsOf("sending") };
const language = document.documentElement.lang;
const controls = form?.elements;
const DAY = 24 * 60 * 60 * 1000;

function make(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Tells those who hear the page. */
function say(text) {
  write(document.querySelector("[data-says]"), text);
}

function delay(action, milliseconds) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
}

/** Puts a message at a field as the server does; without one, takes it away. */
function complain(control, message) {
  const id = `${control.id}_error`;
  const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other && other !== id);
  document.getElementById(id)?.remove();
  control.removeAttribute("aria-invalid");
  if (message) {
    const list = make("ul", { id, className: "errorlist" });
    list.append(make("li", { textContent: message }));
    control.before(list);
    control.setAttribute("aria-invalid", "true");
    others.push(id);
    say(message);
  }
  control.setAttribute("aria-describedby", others.join(" "));
}

/** Takes a message away when what it is about was put right, as far as a browser can tell. */
function settle(control) {
  const group = control.closest("fieldset.field");
  if (!control.checkValidity() || (group && !group.querySelector(":checked"))) return;
  if (!group) return complain(control, "");
  group.querySelector(".errorlist")?.remove();
  for (const one of group.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
}

// The city: a text field with a list of suggestions, as the ARIA practices describe a combobox. What a choice fills in
// can be corrected, and falls away with the choice; what was typed stays.

class CityChoice {
  constructor(input) {
    this.input = input;
    this.filled = {};
    this.cities = [];
    this.active = -1;
    this.list = make("ul", { id: "city-options", role: "listbox", ariaLabel: words.cityNames, hidden: true });
    this.found = make("p", { className: "chosen" });
    input.removeAttribute("list"); // else the browser suggests as well
    input.after(this.list, this.found);
    Object.assign(input, { role: "combobox", autocomplete: "off", ariaAutoComplete: "list", ariaExpanded: "false" });
    input.setAttribute("aria-controls", this.list.id);
    this.listen();
    this.recognise();
  }

  listen() {
    const ask = delay(() => this.suggest(), 150);
    this.input.addEventListener("input", () => (this.forget(), ask()));
    this.input.addEventListener("click", () => this.list.hidden && this.suggest());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays where one types
    this.list.addEventListener("click", ({ target }) => this.choose(this.cities[[...this.list.children].indexOf(target.closest("li"))]));
    controls.country.addEventListener("change", () => this.leaveCountry());
  }

  /** Answers of an older question are not waited for; without the net, one types on. */
  async ask(query) {
    this.asking?.abort();
    this.asking = new AbortController();
    const question = new URLSearchParams({ country: controls.country.value, q: query });
    try {
      const answer = await fetch(`${words.cities}?${question}`, { signal: this.asking.signal });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async suggest() {
    const answer = controls.country.value && (await this.ask(this.input.value));
    if (answer && document.activeElement === this.input) this.show(answer.cities);
  }

  /** An answer that comes late takes no choice away from whoever has gone down the list meanwhile. */
  show(cities) {
    const active = this.cities[this.active];
    this.cities = cities;
    this.list.replaceChildren(...cities.map((city, index) => this.makeOption(city, index)));
    this.list.hidden = !cities.length;
    this.input.ariaExpanded = String(!!cities.length);
    this.activate(cities.findIndex(({ id }) => id === active?.id));
    this.list.scrollIntoView({ block: "nearest" }); // a field at the end of the screen has them below it
    say(`${words.suggestions} ${cities.length}`);
  }

  close() {
    this.asking?.abort();
    this.list.hidden = true;
    this.input.ariaExpanded = "false";
    this.activate(-1);
  }

  makeOption(city, index) {
    const option = make("li", { id: `city-option-${index}`, role: "option", textContent: city.name });
    const details = this.tellApart(city);
    if (details) option.append(" ", make("small", { textContent: details }));
    return option;
  }

  /** What one needs to know of a city that has the name of another, or other clocks than another. */
  tellApart(city) {
    const others = this.cities.filter((other) => other !== city);
    const isTwin = others.some((other) => other.name === city.name);
    const twin = `${at(city)} · ${words.population} ${city.population.toLocaleString(language)}`;
    return [others.some((other) => other.zone !== city.zone) && zoneName(city), isTwin && twin].filter(Boolean).join(" · ");
  }

  press(event) {
    const isOpen = !this.list.hidden;
    const last = this.cities.length - 1;
    const isActive = isOpen && this.active >= 0;
    const keys = {
      ArrowDown: () => (isOpen ? this.activate(this.active < last ? this.active + 1 : 0) : this.suggest()),
      ArrowUp: isOpen && (() => this.activate(this.active > 0 ? this.active - 1 : last)),
      Home: isActive && (() => this.activate(0)),
      End: isActive && (() => this.activate(last)),
      Enter: isOpen && (() => (isActive ? this.choose(this.cities[this.active]) : this.close())), // and does not send
      Escape: isOpen && (() => this.close()),
    };
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  activate(index) {
    this.active = index;
    [...this.list.children].forEach((option, number) => (option.ariaSelected = String(number === index)));
    const option = this.list.children[index];
    option?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  choose(city) {
    if (!city) return;
    this.forget();
    this.input.value = city.name;
    complain(this.input, "");
    this.close();
    for (const name of ["latitude", "longitude", "zone"]) {
      if (!controls[name].value) controls[name].value = city[name];
    }
    this.remember(city);
    say(this.found.textContent);
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Holds what belongs to the city, to take it away with it, and says what was found. */
  remember({ id, name, latitude, longitude, zone }) {
    this.setPlace(id);
    this.filled = { latitude: String(latitude), longitude: String(longitude), zone };
    this.name = name;
    write(this.found, `${name} · ${zoneName({ zone })} · ${at({ latitude, longitude })}`);
  }

  forget() {
    for (const [name, value] of Object.entries(this.filled)) {
      if (controls[name].value === value) controls[name].value = "";
    }
    this.setPlace("");
    this.filled = {};
    write(this.found, "");
  }

  /** The number of the city; where the server has asked which is meant, its question is answered by that. */
  setPlace(id) {
    for (const control of form.querySelectorAll('[name="place"]')) {
      if (control.type === "hidden") control.value = id;
      else control.checked = false;
    }
  }

  leaveCountry() {
    const isChosen = this.found.textContent && this.input.value === this.name;
    this.forget();
    if (isChosen) this.input.value = "";
    this.close();
    this.recognise();
  }

  /** A page that comes with a city filled in, from the server or a draft: was it a choice? */
  async recognise() {
    this.filled = {};
    write(this.found, "");
    const answer = controls.country.value && (await this.ask(this.input.value));
    if (!answer) return;
    offerZones(answer.zones);
    const place = Number(form.querySelector('[type="hidden"][name="place"]')?.value);
    const [latitude, longitude] = [controls.latitude, controls.longitude].map(({ value }) => Number(value || NaN));
    const city = answer.cities.find((one) => {
      return one.name === this.input.value && (one.id === place || (one.latitude === latitude && one.longitude === longitude));
    });
    if (city) this.remember(city);
  }
}

const zoneName = ({ zone }) => zone.replaceAll("_", " ");
const at = ({ latitude, longitude }) => `${latitude.toFixed(2)}, ${longitude.toFixed(2)}`;

/** The zones of the country before all others. */
function offerZones(zones) {
  const select = controls.zone;
  const { value } = select;
  const [none, ...options] = [...select.options].sort((one, other) => (one.value < other.value ? -1 : 1));
  const groups = [words.inCountry, words.elsewhere].map((label) => make("optgroup", { label }));
  for (const option of options) groups[zones.includes(option.value) ? 0 : 1].append(option);
  select.replaceChildren(none, ...groups);
  select.value = value;
}

// The picture: shown, judged, and made smaller before it is sent. It is drawn on a canvas, because the page may show
// nothing but what comes from the site.

const TYPES = ["image/jpeg", "image/png", "image/webp"];
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_PIXELS = 40_000_000;
const LONGEST_SIDE = 2400; // more than is kept of it
const SHOWN_SIDE = 640;

function draw(bitmap, longest) {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = make("canvas", { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) });
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // under what is transparent, as JPEG has no such thing
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

class Picture {
  constructor(input, box) {
    this.input = input;
    this.box = box;
    this.kept = [...box.childNodes]; // the picture that the server keeps, if it does, and a word about it
    this.button = make("button", { type: "button", textContent: words.remove });
    this.button.addEventListener("click", () => this.remove());
    input.addEventListener("change", () => this.change());
    this.change(); // the browser may have brought a file back
  }

  /** What the event will have for a picture: a canvas, or the server's image. */
  get shown() {
    return this.canvas ?? (controls.image_removed?.checked ? null : this.box.querySelector("img"));
  }

  /** Whether a description of it is needed. */
  get isThere() {
    return !!(this.input.files.length || this.shown);
  }

  /** `taking` is there as long as the file is not ready to be sent. */
  async change() {
    const taking = (this.taking = this.take(this.input.files[0]));
    await taking;
    if (this.taking === taking) this.taking = null;
  }

  async take(file) {
    if (file) complain(this.input, ""); // else the server's message stays
    this.show(null);
    if (!file) return;
    if (!TYPES.includes(file.type)) return complain(this.input, words.unknown);
    this.box.replaceChildren(make("p", { textContent: words.reading }));
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (this.input.files[0] !== file) return; // another was chosen meanwhile
    if (!bitmap) {
      this.show(null);
      return complain(this.input, file.size > MOST_BYTES ? words.tooLarge : words.damaged);
    }
    const isTooLarge = file.size > MOST_BYTES || bitmap.width * bitmap.height > MOST_PIXELS;
    if (isTooLarge) await this.replace(file, bitmap);
    this.show(draw(bitmap, SHOWN_SIDE), isTooLarge ? words.shrunk : words.chosen);
    bitmap.close();
  }

  async replace(file, bitmap) {
    const blob = await new Promise((resolve) => draw(bitmap, LONGEST_SIDE).toBlob(resolve, "image/jpeg", 0.88));
    const files = new DataTransfer();
    files.items.add(new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" }));
    this.input.files = files.files;
  }

  /** A canvas and what is said of it; without one what the server keeps, unless another file takes its place. */
  show(canvas, message = "") {
    this.canvas = canvas;
    if (canvas) {
      Object.assign(canvas, { role: "img", ariaLabel: message });
      this.box.replaceChildren(canvas, make("p", { textContent: message }), this.button);
      say(message);
    } else this.box.replaceChildren(...(this.input.files.length ? [] : this.kept));
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  remove() {
    this.input.value = "";
    this.show(null);
    this.input.focus();
    say(words.removed);
  }
}

// The card, as it will stand in lists

class Preview {
  constructor(box) {
    this.box = box;
    this.fold = box.querySelector("details");
    this.days = JSON.parse(document.querySelector("#short-days").textContent);
    this.card = box.querySelector("template").content.firstElementChild;
    this.fold.append(this.card);
    const wide = matchMedia("(min-width: 64rem)");
    const unfold = () => (this.fold.open = wide.matches);
    wide.addEventListener("change", unfold);
    unfold();
    box.hidden = false;
  }

  draw(picture) {
    const put = (part, text) => write(this.card.querySelector(part), text);
    const chosen = ({ value, selectedOptions: [option] }) => (value ? option.text : "");
    const { title, kind, city, country, organiser, start_date: date, start_time: time, format } = controls;
    put("time", [this.days[date.value] ?? date.value, time.value].filter(Boolean).join(", "));
    put(".kind", chosen(kind));
    put("h3 a", title.value || title.labels[0].textContent);
    const town = format.value === "online" ? words.online : city.value;
    put(".where", [town, chosen(country)].filter(Boolean).join(", "));
    put(".who", organiser.value);
    this.card.querySelector(".ornament").dataset.kind = kind.value;
    this.drawPicture(picture.shown);
  }

  drawPicture(shown) {
    if (this.shown === shown) return;
    this.shown = shown;
    const frame = this.card.querySelector("picture");
    frame.replaceChildren(...(shown ? [shown.matches("img") ? shown.cloneNode() : draw(shown, SHOWN_SIDE)] : []));
    frame.hidden = !shown;
    this.card.querySelector(".ornament").hidden = !!shown;
  }
}

// The draft, in this browser alone: not the picture, not what is for machines, and no consent. A browser that keeps
// nothing changes nothing.

const KEPT_FOR = 14 * DAY;
const VERSIONS = ["version", "proposal"];

const keyOf = (purpose) => `draft:${purpose}`;
const isBox = ({ type }) => type === "checkbox" || type === "radio";
const nameOf = (control) => (isBox(control) ? `${control.name}=${control.value}` : control.name);
const valueOf = (control) => (isBox(control) ? control.checked : control.value);

function firstValueOf(control) {
  if (isBox(control)) return control.defaultChecked;
  if (!control.options) return control.defaultValue;
  return ([...control.options].find((option) => option.defaultSelected) ?? control.options[0]).value;
}

function store(key, draft) {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
  } catch {} // refused, or full
}

class Draft {
  constructor(purpose, notice, onChange) {
    this.key = keyOf(purpose);
    this.notice = notice;
    this.onChange = onChange;
    const save = delay(() => this.save(), 500);
    // Going away saves it too, but not what has been sent, which the next page clears.
    form.addEventListener("submit", () => (this.save(), (this.isSent = true)));
    form.addEventListener("input", ({ isTrusted }) => {
      if (isTrusted) {
        this.isSent = false;
        this.at = Date.now(); // a draft is as old as what was typed last
      }
      save();
    });
    addEventListener("pagehide", () => this.save());
    if (notice) this.restore();
  }

  get controls() {
    const isLeftOut = ({ name, type }) => !name || ["nickname", "consent"].includes(name) || /hidden|file|submit/.test(type);
    return [...controls].filter((control) => control.matches("input, select, textarea") && !isLeftOut(control));
  }

  read(value = valueOf) {
    return Object.fromEntries(this.controls.map((control) => [nameOf(control), value(control)]));
  }

  fill(values) {
    for (const control of this.controls) {
      const value = values[nameOf(control)];
      if (value !== undefined) control[isBox(control) ? "checked" : "value"] = value;
    }
    this.onChange();
  }

  /** What of the event was on the screen: the server tells what is newer than a draft, as than a tab left open. */
  get seen() {
    return VERSIONS.filter((name) => controls[name]).map((name) => controls[name].value);
  }

  set seen(versions) {
    VERSIONS.filter((name) => controls[name]).forEach((name, index) => (controls[name].value = versions[index]));
  }

  get isUntouched() {
    return this.controls.every((control) => valueOf(control) === firstValueOf(control));
  }

  save() {
    if (this.isSent) return;
    const hasPicture = !!(controls.image.files.length || controls.image_kept?.value);
    const draft = { at: this.at ?? Date.now(), values: this.read(), seen: this.seen, hasPicture };
    // What the server sent back with a message, which comes without a notice, is not stored there.
    store(this.key, this.notice && this.isUntouched ? null : draft);
  }

  restore() {
    let draft = null;
    try {
      draft = JSON.parse(localStorage.getItem(this.key));
    } catch {}
    if (!draft || !(Date.now() - draft.at < KEPT_FOR)) return store(this.key, null);
    if (!this.isUntouched) return; // the browser itself has brought it back
    this.at = draft.at;
    this.fresh = this.seen;
    this.fill(draft.values);
    if (draft.seen) this.seen = draft.seen;
    this.lacksPicture = draft.hasPicture && !form.querySelector("[data-poster] > *");
    this.tell(draft.at);
  }

  tell(moment) {
    const part = (name) => this.notice.querySelector(`[data-${name}]`);
    const shape = { dateStyle: "short", timeStyle: "short" };
    // Not every browser knows the words of every language: figures alone, in the order of the parts that most know.
    write(part("restored").querySelector("b"), new Date(moment).toLocaleString(language === "en" ? "en-GB" : "ru", shape));
    part("picture").hidden = !this.lacksPicture;
    part("afresh").addEventListener("click", () => {
      this.emptied = { values: this.read(), seen: this.seen };
      this.fill(this.read(firstValueOf));
      this.seen = this.fresh;
      this.turn(true);
    });
    part("undo").addEventListener("click", () => {
      this.fill(this.emptied.values);
      this.seen = this.emptied.seen;
      this.turn(false);
    });
    part("close").addEventListener("click", () => {
      this.notice.hidden = true;
      controls.title.focus({ preventScroll: true });
    });
    form.addEventListener("input", ({ isTrusted }) => isTrusted && this.notice.removeAttribute("data-new"));
    this.notice.dataset.new = "";
    this.notice.hidden = false;
    say(part("restored").textContent);
  }

  /** From "it is here again" to "it is gone", and back. */
  turn(isEmpty) {
    const picture = !isEmpty && this.lacksPicture;
    for (const [name, isShown] of Object.entries({ restored: !isEmpty, picture, afresh: !isEmpty, emptied: isEmpty, undo: isEmpty })) {
      this.notice.querySelector(`[data-${name}]`).hidden = !isShown;
    }
    this.notice.querySelector(isEmpty ? "[data-undo]" : "[data-afresh]").focus();
    this.save();
  }
}

// Sending: what the page still does is waited for, and a slow net is no reason to press again.

class Sending {
  constructor(picture) {
    this.picture = picture;
    this.button = form.querySelector('[type="submit"]');
    this.label = this.button.textContent;
    this.sum = form.dataset.work ? this.findNumber() : null;
    form.addEventListener("submit", (event) => this.send(event));
    form.addEventListener("submit", () => keepAddress(controls.contact_email?.value));
    // Stopped, or come back to: it can be sent again.
    form.addEventListener("input", ({ isTrusted }) => isTrusted && this.isUnderWay && this.rest());
    addEventListener("pageshow", ({ persisted }) => persisted && this.rest());
  }

  send(event) {
    const wait = this.sum ?? this.picture?.taking;
    if (wait) {
      event.preventDefault();
      if (!this.isUnderWay) this.sendAfter(wait);
    } else setTimeout(() => this.show(words.sending)); // once the form has been gathered
  }

  async sendAfter(wait) {
    this.show(this.sum ? words.working : words.reading);
    await wait.catch(() => {});
    if (!this.isUnderWay) return; // something was changed meanwhile
    this.rest();
    if (!this.fault) form.requestSubmit(this.button);
    else this.button.parentElement.before(this.fault);
  }

  show(text) {
    this.isUnderWay = true;
    this.button.disabled = true;
    form.ariaBusy = "true";
    write(this.button, text);
    say(text);
  }

  rest() {
    this.isUnderWay = false;
    this.button.disabled = false;
    form.ariaBusy = "false";
    write(this.button, this.label);
  }

  /** A promise that is gone when it is kept. */
  async findNumber() {
    const { worker, work } = form.dataset;
    const ask = (resolve, reject) => {
      const helper = new Worker(worker);
      helper.onmessage = ({ data }) => resolve(data);
      helper.onerror = reject;
      helper.postMessage({ stamp: controls.stamp.value, bits: Number(work) });
    };
    try {
      controls.work.value = await new Promise(ask);
      this.sum = null;
    } catch {
      this.fault = make("p", { className: "errorlist", role: "alert", textContent: words.noWork });
    }
  }
}

// Where the letter goes, for the next page: a slip is seen there at once. It is gone with this tab.

const ADDRESS = "address";

function keepAddress(address) {
  try {
    if (address) sessionStorage.setItem(ADDRESS, address);
  } catch {} // refused
}

function showAddress(line) {
  try {
    write(line.querySelector("b"), sessionStorage.getItem(ADDRESS) ?? "");
    sessionStorage.removeItem(ADDRESS);
  } catch {}
  line.hidden = !line.querySelector("b").textContent;
}

// Errors: the summary has the focus, its links give it to their field, folded away or not.

function leadToFields(summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const control = document.getElementById(event.target.closest("a")?.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    for (let fold = control.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    control.closest(".field").scrollIntoView();
    control.focus({ preventScroll: true });
  });
}

function beginEntry() {
  const picture = new Picture(controls.image, form.querySelector("[data-poster]"));
  const city = new CityChoice(controls.city);
  const preview = new Preview(form.querySelector("[data-preview]"));
  const update = () => {
    const isOnline = ["online", "hybrid"].includes(controls.format.value);
    controls.online_url.required = isOnline;
    controls.city.required = controls.format.value !== "online";
    controls.image_alt.required = picture.isThere;
    preview.draw(picture);
  };
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  if (form.dataset.draft) {
    new Draft(form.dataset.draft, form.querySelector("[data-draft-notice]"), () => (update(), city.recognise()));
  }
  update();
  return picture;
}

function begin() {
  const summary = document.querySelector(".errors");
  new Sending(controls.image ? beginEntry() : null);
  const mend = ({ target }) => target.ariaInvalid && target.type !== "file" && settle(target);
  form.addEventListener("change", mend);
  // Text while it is typed: gone only when one leaves it, the message would move the button away that is being pressed.
  form.addEventListener("input", mend);
  if (summary) leadToFields(summary);
}

if (form) begin();
const sent = document.querySelector("[data-draft-done]");
if (sent) store(keyOf(sent.dataset.draftDone), null);
const addressLine = document.querySelector("[data-address]");
if (addressLine) showAddress(addressLine);

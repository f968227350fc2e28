// The one script of the site (one, because the home page has eight requests to spend). Every page is complete
// without it: it says in words what the page says in absolute times, and makes the map move.

// Time in words
//
// Pages are stored for a while, so that they tell absolute times. What these mean at this moment is said here, anew each
// minute. `data-starts` and `data-over` are instants with the offset of the venue: its days are those on its wall.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const EVENING = 17; // o'clock, by the venue's wall

const language = document.documentElement.lang;
const words = document.querySelector("template[data-now]")?.dataset ?? {};

/** What the wall of the place says at `instant`, in milliseconds as if it were UTC. */
const wall = (instant, offset) => instant + offset;
const dayOf = (instant, offset) => Math.floor(wall(instant, offset) / DAY);
const offsetOf = (iso) => Date.parse(`${iso.slice(0, 19)}Z`) - Date.parse(iso);

/** "over", "now", "today", "tonight", "tomorrow", or "" for what is further away. */
function momentOf({ starts, over, wholeDays }, now) {
  const [start, end, offset] = [Date.parse(starts), Date.parse(over), offsetOf(starts)];
  const days = dayOf(start, offset) - dayOf(now, offset);
  if (now >= end) return "over";
  if (now >= start) return wholeDays !== undefined && days === 0 ? "today" : "now";
  if (days === 0) return wall(start, offset) % DAY >= EVENING * HOUR ? "tonight" : "today";
  return days === 1 ? "tomorrow" : "";
}

/** "in 3 hours" or "in 12 days"; browsers without words for a language ("+12 d") are lent the page's. */
function phrase(number, unit) {
  const said = new Intl.RelativeTimeFormat(language).format(number, unit);
  return /^[+-]/.test(said) ? `${words[`${unit}s`]} ${number}` : said;
}

function distanceOf({ starts, wholeDays }, now) {
  const left = Date.parse(starts) - now;
  const days = dayOf(Date.parse(starts), offsetOf(starts)) - dayOf(now, offsetOf(starts));
  if (days > 1) return phrase(days, "day");
  if (left < 0 || wholeDays !== undefined) return "";
  return left < HOUR ? phrase(Math.ceil(left / MINUTE), "minute") : phrase(Math.round(left / HOUR), "hour");
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function sayMoments(now) {
  for (const event of document.querySelectorAll("[data-starts]")) {
    const moment = momentOf(event.dataset, now);
    const slot = event.querySelector("[data-moment]");
    const parts = [words[moment], slot?.dataset.moment === "far" && distanceOf(event.dataset, now)];
    event.dataset.is = moment;
    if (slot) write(slot, parts.filter(Boolean).join(" · "));
  }
}

/** "28 Dec", and "28.12." where the browser has no names of months in the language. */
function shortDate(moment) {
  const said = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { day: "numeric", month: "short" }).format(moment);
  return /M\d/.test(said) ? `${moment.getDate()}.${moment.getMonth() + 1}.` : said;
}

/** The reader's own clock, where it shows another time than the venue's and Baku's. */
function sayOwnTime(slot) {
  const start = new Date(slot.dataset.ownTime);
  const own = -start.getTimezoneOffset() * MINUTE;
  const venue = offsetOf(slot.dataset.ownTime);
  if (own === venue || own === 4 * HOUR) return;
  const clock = new Date(wall(start.getTime(), own)).toISOString().slice(11, 16);
  const isOtherDay = dayOf(start.getTime(), own) !== dayOf(start.getTime(), venue);
  const time = document.createElement("time");
  time.dateTime = start.toISOString();
  time.textContent = isOtherDay ? `${clock}, ${shortDate(start)}` : clock;
  slot.querySelector("dd").replaceChildren(time);
  slot.title = Intl.DateTimeFormat().resolvedOptions().timeZone.split("/").pop().replaceAll("_", " ");
  slot.hidden = false;
}

function countDays(now) {
  // Swedish writes dates as ISO does.
  const today = new Intl.DateTimeFormat("sv", { timeZone: "Asia/Baku" }).format(now);
  for (const counter of document.querySelectorAll("[data-days-to]")) {
    write(counter, String(Math.max(0, (Date.parse(counter.dataset.daysTo) - Date.parse(today)) / DAY)));
  }
}

function tellTime() {
  const now = Date.now();
  sayMoments(now);
  countDays(now);
}

document.querySelectorAll("[data-own-time]").forEach(sayOwnTime);
tellTime();
setInterval(tellTime, MINUTE);
document.addEventListener("visibilitychange", tellTime); // hidden pages' clocks sleep

// The address of a page that a letter led to opens it to whoever reads it: it leaves the address bar and the history.

const clean = document.querySelector("[data-clean-address]");
if (clean) history.replaceState(null, "", clean.dataset.cleanAddress);

// Telling others

function offerToShare(row) {
  const url = document.querySelector('link[rel="canonical"]')?.href ?? location.href.split("#")[0];
  const [copy, send] = [row.querySelector("[data-copy]"), row.querySelector("[data-send]")];
  copy.hidden = !navigator.clipboard;
  // A browser that refuses, and a sheet that is closed, are no errors: the links beside them stay.
  copy.addEventListener("click", () => navigator.clipboard.writeText(url).then(() => write(copy, copy.dataset.done), () => {}));
  send.hidden = !navigator.share;
  send.addEventListener("click", () => navigator.share({ title: row.dataset.share, url }).catch(() => {}));
}

document.querySelectorAll("[data-share]").forEach(offerToShare);

// The map
//
// Without this it shows the world or a region, and its companion the other. With it one moves about. A view is what has
// to be seen, [x, y, width, height] in map units; the drawing shows all of it, and more to the sides where it is wider.

const CLOSEST = 90; // map units across, where towns of one conurbation stand apart
const ZOOM_STEP = 1.7;
const GLIDE = 350; // milliseconds
const PAN = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ZOOM = { "+": "in", "=": "in", "-": "out", 0: "whole" };

const boxOf = (text) => text.split(" ").map(Number);
const centreOf = ([x, y, width, height]) => ({ x: x + width / 2, y: y + height / 2 });
const between = (low, value, high) => (low > high ? (low + high) / 2 : Math.min(Math.max(value, low), high));
const isPlain = (event) => !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

class NightMap {
  constructor(map) {
    this.map = map;
    this.world = map.querySelector("#world");
    this.window = map.querySelector(".window");
    this.companion = map.querySelector(".companion");
    this.tip = map.querySelector(".tip");
    this.regions = new Map([...map.querySelectorAll(".regions a")].map((link) => [link.dataset.region, link]));
    this.countries = [...this.world.querySelectorAll("a[data-country]")];
    const codes = new Map(this.countries.map((link) => [link.dataset.country, link]));
    this.spots = [...this.world.querySelectorAll("[data-label]")].map(({ dataset, cx, cy }) => {
      return { label: dataset.label, home: codes.get(dataset.in), x: cx.baseVal.value, y: cy.baseVal.value };
    });
    this.linked = new Map(this.countries.map((link) => [link.getAttribute("href"), link]));
    this.listed = new Map([...document.querySelectorAll(".countries a")].map((link) => [link.getAttribute("href"), link]));
    this.hot = [this.world, this.companion].map((drawing) => drawing.appendChild(this.newHighlight()));
    this.whole = boxOf(this.regions.get("world").dataset.box);
    this.view = this.drawn = boxOf(this.world.getAttribute("viewBox"));
    this.region = map.dataset.region;
    this.listen();
    this.markRegion();
    map.querySelector(".zoom").hidden = false;
  }

  get isWhole() {
    return this.view[2] >= this.whole[2];
  }

  // What is seen

  /** Shows a view at once or gliding; `region` is the key of the region that it is, if it is one. */
  show(view, { region = "near", glides = false } = {}) {
    this.view = this.limit(view);
    this.region = this.isWhole ? "world" : region;
    this.hideTip();
    this.markRegion();
    if (glides && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.glide(this.drawn, performance.now());
    else this.draw(this.view);
  }

  /** Not farther than the world, not nearer than makes sense, and not beyond the edges. */
  limit([x, y, width, height]) {
    const [left, top, wide, high] = this.whole;
    if (width > 0.9 * wide || height > 1.05 * high) return this.whole;
    const scale = Math.max(1, CLOSEST / width);
    const middle = centreOf([x, y, width, height]);
    const [w, h] = [width * scale, height * scale];
    return [between(left, middle.x - w / 2, left + wide - w), between(top, middle.y - h / 2, top + high - h), w, h];
  }

  draw(box) {
    cancelAnimationFrame(this.gliding);
    this.drawn = box;
    this.world.setAttribute("viewBox", box.map((number) => number.toFixed(2)).join(" "));
    const frame = this.companion.querySelector(".frame");
    ["x", "y", "width", "height"].forEach((name, index) => frame.setAttribute(name, box[index].toFixed(1)));
  }

  glide(from, start) {
    const target = this.view;
    const step = (now) => {
      const time = between(0, (now - start) / GLIDE, 1);
      const part = time * (2 - time);
      this.draw(from.map((number, index) => number + part * (target[index] - number)));
      if (time < 1) this.gliding = requestAnimationFrame(step);
    };
    cancelAnimationFrame(this.gliding);
    this.gliding = requestAnimationFrame(step);
  }

  /** Says everywhere which region is shown; the companion shows the world when the map does not, else Europe. */
  markRegion() {
    const other = this.regions.get(this.isWhole ? "europe" : "world");
    this.map.dataset.region = this.region;
    this.companion.setAttribute("viewBox", other.dataset.box);
    this.window.href = other.href;
    for (const [key, link] of this.regions) {
      if (key === this.region) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const isIdle = { in: this.view[2] <= CLOSEST, out: this.isWhole, whole: this.isWhole };
    for (const button of this.map.querySelectorAll("[data-zoom]")) button.ariaDisabled = isIdle[button.dataset.zoom];
  }

  goTo(region, { glides = true } = {}) {
    const link = this.regions.get(region) ?? this.regions.get("world");
    this.show(boxOf(link.dataset.box), { region: link.dataset.region, glides });
  }

  /** The way of a click: the address says what is seen, and "back" leads back. */
  visit(region) {
    const { href } = this.regions.get(region);
    if (href !== location.href) history.pushState(null, "", href);
    this.goTo(region);
  }

  /** Zooms so that `point`, in map units, stays where it is, or moves with the fingers by `shift` map units. */
  zoom(factor, point, { shift = [0, 0], glides = false } = {}) {
    const [x, y, width, height] = this.view;
    const at = point ?? centreOf(this.isWhole ? boxOf(this.regions.get("europe").dataset.box) : this.view);
    const by = Math.min(factor, width / CLOSEST);
    const [left, top] = [at.x - (at.x - x + shift[0]) / by, at.y - (at.y - y + shift[1]) / by];
    this.show([left, top, width / by, height / by], { glides });
  }

  pan(right, down, options) {
    const [x, y, width, height] = this.view;
    if (!this.isWhole) this.show([x + right, y + down, width, height], options);
  }

  press(button) {
    if (button === "whole") this.visit("world");
    else if (button === "in" || !this.isWhole) this.zoom(button === "in" ? ZOOM_STEP : 1 / ZOOM_STEP, null, { glides: true });
  }

  pointAt({ clientX, clientY }) {
    return new DOMPoint(clientX, clientY).matrixTransform(this.world.getScreenCTM().inverse());
  }

  /** Map units in a pixel of the screen. */
  get unit() {
    return 1 / this.world.getScreenCTM().a;
  }

  // What is under the pointer

  countryAt({ target }) {
    return target.closest?.("a[data-country]");
  }

  /** The light nearest to the pointer, within so many pixels. */
  lightAt(event, pixels) {
    const at = this.pointAt(event);
    let [nearest, found] = [pixels * this.unit, null];
    for (const spot of this.spots) {
      const distance = Math.hypot(spot.x - at.x, spot.y - at.y);
      if (distance < nearest) [nearest, found] = [distance, spot];
    }
    return found;
  }

  newHighlight() {
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.classList.add("hot");
    return use;
  }

  /** Lights a country on both drawings and in the list; none without a link. */
  lightUp(link) {
    if (link === this.lit) return;
    this.listed.get(this.lit?.getAttribute("href"))?.classList.remove("hot");
    this.listed.get(link?.getAttribute("href"))?.classList.add("hot");
    for (const use of this.hot) {
      if (link) use.setAttribute("href", link.querySelector("use").getAttribute("href"));
      else use.removeAttribute("href");
    }
    this.lit = link;
  }

  /** Lines of text above a point of the screen, or below where there is no room; Escape takes them away. */
  showTip(lines, x, y) {
    const text = lines.join("\n");
    if (!text || text === this.dismissed) return this.hideTip();
    this.dismissed = "";
    this.tip.hidden = false;
    if (this.tip.innerText !== text) this.tip.innerText = text;
    const { offsetWidth: width, offsetHeight: height } = this.tip;
    const origin = this.map.getBoundingClientRect();
    const left = between(8, x - width / 2, document.documentElement.clientWidth - width - 8);
    const top = y - height - 16 < 8 ? y + 24 : y - height - 16;
    this.tip.style.translate = `${left - origin.left}px ${top - origin.top}px`;
  }

  hideTip() {
    this.tip.hidden = true;
  }

  // What people do

  listen() {
    const { world, map } = this;
    const on = (target, names, listener, options) => {
      for (const name of names.split(" ")) target.addEventListener(name, listener.bind(this), options);
    };
    on(world, "wheel", this.wheel, { passive: false });
    on(world, "pointermove", this.pointerMove);
    on(document, "pointermove", this.noticePointer);
    on(world, "pointerdown", this.pointerDown);
    on(world, "pointerup pointercancel", this.pointerUp);
    on(world, "pointerleave focusout", this.leave);
    on(world, "dragstart", (event) => event.preventDefault());
    on(world, "click", this.click);
    on(world, "focusin", this.focus);
    for (const drawing of [world, this.window]) on(drawing, "touchstart touchmove touchend", this.touch, { passive: false });
    on(map, "click", this.clickBeside);
    on(map, "keydown", this.key);
    on(document, "keydown", this.escape);
    on(document, "pointerover focusin pointerout focusout", this.list);
    on(window, "scroll", () => (this.isPointed = false), { passive: true });
    on(window, "popstate", this.comeBack);
  }

  /** A wheel that scrolls the page goes on scrolling it: it zooms once the pointer was moved to the map, or with Ctrl. */
  wheel(event) {
    const isForced = event.ctrlKey || event.metaKey; // a pinch on a touch pad comes with Ctrl
    const isMeant = this.isPointed && (event.deltaY < 0 || !this.isWhole);
    if (!(isForced || isMeant) || !event.deltaY) return;
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode ? 16 : 1);
    this.zoom(2 ** between(-1, pixels * (event.ctrlKey ? -0.01 : -0.004), 1), this.pointAt(event));
    this.tell(event);
  }

  /** Tells a pointer that was moved to the map from one under which the map was scrolled: browsers report both. */
  noticePointer({ screenX, screenY, target }) {
    const hasMoved = this.pointer && (this.pointer[0] !== screenX || this.pointer[1] !== screenY);
    this.pointer = [screenX, screenY];
    if (hasMoved) this.isPointed = this.world.contains(target);
  }

  pointerDown(event) {
    this.hasDragged = false;
    if (event.pointerType !== "touch" && isPlain(event)) this.grip = event;
  }

  pointerMove(event) {
    if (event.pointerType === "touch") return;
    if (this.grip && !this.isWhole) this.drag(event);
    if (!this.hasDragged) this.tell(event);
  }

  /** Lights and names what is under the pointer. */
  tell(event) {
    const [link, light] = [this.countryAt(event), this.lightAt(event, 9)];
    this.lightUp(link);
    this.showTip([link?.ariaLabel, light?.label].filter(Boolean), event.clientX, event.clientY);
  }

  drag(event) {
    const [right, down] = [this.grip.clientX - event.clientX, this.grip.clientY - event.clientY];
    if (!this.hasDragged && Math.hypot(right, down) < 5) return;
    this.hasDragged = true; // and the click that follows is none
    this.world.setPointerCapture(event.pointerId);
    this.pan(right * this.unit, down * this.unit);
    this.grip = event;
  }

  pointerUp() {
    this.grip = null;
  }

  /** What the pointer lit goes out; what is in focus stays lit. */
  leave() {
    const { activeElement: focused } = document;
    this.lightUp(focused?.matches(":focus-visible") ? this.linked.get(focused.getAttribute("href")) : undefined);
    this.hideTip();
  }

  /** Two fingers, on the map or on the Europe that stands in its place on a phone. One finger scrolls the page. */
  touch(event) {
    const [one, other] = event.touches;
    const before = this.fingers;
    this.fingers = null;
    if (event.touches.length !== 2) return;
    if (event.cancelable) event.preventDefault();
    if (!before && this.isWhole && this.window.contains(event.target)) this.goTo("europe", { glides: false });
    const middle = { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 };
    const apart = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    this.fingers = { ...middle, apart };
    if (!before) return;
    const shift = [middle.clientX - before.clientX, middle.clientY - before.clientY].map((pixels) => pixels * this.unit);
    this.zoom(apart / before.apart, this.pointAt(before), { shift });
  }

  /** Where countries are too small for a finger, a tap goes nearer. Beside a light it means the light's country, if the
      country that was hit has no events or the light's is too small to be hit. */
  click(event) {
    const isFinger = event.pointerType === "touch";
    const light = this.lightAt(event, isFinger ? 16 : 9);
    const link = this.countryAt(event);
    if (this.hasDragged) return event.preventDefault();
    if (!isPlain(event)) return;
    if (isFinger && this.isWhole && this.unit > 3) {
      event.preventDefault();
      this.zoom(4, this.pointAt(event), { glides: true });
    } else if (light && (!Number(link?.dataset.events) || light.home.querySelector(".dot"))) {
      event.preventDefault();
      location.assign(light.home.href.baseVal);
    }
  }

  clickBeside(event) {
    const link = event.target.closest(".regions a, .window");
    const button = event.target.closest("[data-zoom]");
    if (button) this.press(button.dataset.zoom);
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    this.visit(link.dataset.region ?? (this.isWhole ? "europe" : "world"));
  }

  key(event) {
    const isInside = this.world.contains(event.target) || event.target.closest(".zoom");
    if (!isInside || event.ctrlKey || event.metaKey || event.altKey) return;
    const [right, down] = PAN[event.key] ?? [];
    if (right !== undefined && !this.isWhole) this.pan((right * this.view[2]) / 4, (down * this.view[3]) / 4, { glides: true });
    else if (ZOOM[event.key]) this.press(ZOOM[event.key]);
    else return;
    event.preventDefault();
  }

  escape({ key }) {
    if (key !== "Escape" || this.tip.hidden) return;
    this.dismissed = this.tip.innerText;
    this.hideTip();
  }

  /** The country in focus is lit, named, and brought into view. */
  focus({ target }) {
    const link = this.countryAt({ target });
    if (!link?.matches(":focus-visible")) return;
    const bounds = link.getBBox();
    const at = this.spots.find(({ home }) => home === link) ?? centreOf([bounds.x, bounds.y, bounds.width, bounds.height]);
    const [x, y, width, height] = this.view;
    const isSeen = at.x > x && at.x < x + width && at.y > y && at.y < y + height;
    if (!isSeen) this.pan(at.x - x - width / 2, at.y - y - height / 2);
    this.lightUp(link);
    const place = new DOMPoint(at.x, at.y).matrixTransform(this.world.getScreenCTM());
    this.showTip([link.ariaLabel], place.x, place.y);
  }

  list({ type, target }) {
    const link = target.closest?.(".countries a");
    if (!link) return;
    if (type === "pointerover" || type === "focusin") this.lightUp(this.linked.get(link.getAttribute("href")));
    else this.leave();
  }

  comeBack() {
    const region = new URLSearchParams(location.search).get("region") ?? "world";
    if (region !== this.region) this.goTo(region);
  }
}

/** Makes the map move once the page is drawn and nothing else waits, or when a hand comes near; its links work before. */
function awaken(map) {
  const later = window.requestIdleCallback ?? ((work) => setTimeout(work, 500));
  const signs = ["pointerover", "pointerdown", "focusin"];
  const begin = () => {
    for (const sign of signs) map.removeEventListener(sign, begin);
    if (map.querySelector(".zoom").hidden) new NightMap(map);
  };
  for (const sign of signs) map.addEventListener(sign, begin);
  later(begin);
}

const nightMap = document.querySelector(".map:has(#world)");
if (nightMap) awaken(nightMap);

// Around the clock
//
// The page says when 31 December ends where; which of these midnights have been, which was the last and which comes next
// is marked here. The words have their own plurals in data-, because browsers know too little Azerbaijani.

const relay = document.querySelector(".relay[data-edition]");

/** "3 hours", from "1 hour|2 hours|5 hours": the forms of a plural, each with a number that takes it. */
function count(number, forms) {
  const form = { one: 0, few: 1, other: 1, two: 1 }[new Intl.PluralRules(language).select(number)] ?? 2;
  return forms.split("|")[form].replace(/\d+/, number);
}

/** How long until `instant`, in the largest unit of which more than one is left. */
function countdown(instant, now, { days, hours, minutes }) {
  const left = instant - now;
  if (left > 2 * DAY) return count(Math.floor(left / DAY), days);
  if (left > 2 * HOUR) return count(Math.floor(left / HOUR), hours);
  return count(Math.ceil(left / MINUTE), minutes);
}

function sayMoment(slot, midnights, now) {
  const next = midnights.find(({ instant }) => instant > now);
  const { before, during, after } = slot.dataset;
  const lead = next === midnights[0] ? before : during;
  write(slot, next ? `${lead} ${countdown(next.instant, now, slot.dataset)}` : after);
}

/** Marks what has been, the midnight that came last (for an hour, when it was the last of all), and the next. */
function markMidnights(midnights, now) {
  const passed = midnights.filter(({ instant }) => instant <= now).length;
  const isOver = now >= midnights.at(-1).instant + HOUR;
  midnights.forEach(({ stop }, place) => {
    stop.dataset.state = place < passed - 1 || isOver ? "done" : ["now", "next"][place - passed + 1] ?? "later";
    write(stop.querySelector(".state"), relay.dataset[stop.dataset.state] ?? "");
  });
  return isOver ? undefined : midnights[passed - 1];
}

/** Draws the arc up to the present; its marks stand at the midnights. */
function drawPast(midnights, now) {
  const places = midnights.map(({ stop }) => Number(document.querySelector(`.arc [href="#${stop.id}"]`).dataset.at));
  const [first, last] = [midnights[0].instant, midnights.at(-1).instant];
  const share = Math.min(Math.max((now - first) / (last - first), 0), 1);
  const reached = now < first ? 0 : places[0] + share * (places.at(-1) - places[0]);
  document.querySelector("#past rect").setAttribute("width", reached);
}

function leadTo(name, midnight) {
  const link = document.querySelector(`[data-to="${name}"]`);
  if (midnight) link.setAttribute("href", `#${midnight.stop.id}`);
  else link.removeAttribute("href");
}

function followRelay(midnights) {
  const now = Date.now();
  leadTo("now", markMidnights(midnights, now));
  drawPast(midnights, now);
  sayMoment(document.querySelector("[data-relay-words]"), midnights, now);
  setTimeout(followRelay, MINUTE - (now % MINUTE), midnights);
}

/** The midnight of the reader's own clock: the first hour of the year that begins. */
function markOwnMidnight(midnights) {
  const own = new Date(Number(relay.dataset.edition) + 1, 0, 1).getTime();
  const mine = midnights.find(({ instant }) => instant === own);
  leadTo("mine", mine);
  if (mine) mine.stop.querySelector(".mine").textContent = relay.dataset.mine;
}

if (relay) {
  const midnights = [...relay.children].map((stop) => {
    return { stop, instant: Date.parse(stop.querySelector("time").dateTime) };
  });
  markOwnMidnight(midnights);
  followRelay(midnights);
}

// A country
//
// A light and the name of its city lead to the same place on the page; whichever is pointed at lights the other.

function joinLights(country) {
  const links = [...country.querySelectorAll("svg a, .cities a")];
  const light = (event) => {
    const pointed = event.target.closest?.("a")?.getAttribute("href");
    for (const link of links) link.classList.toggle("hot", link.getAttribute("href") === pointed);
  };
  for (const kind of ["pointerover", "pointerleave", "focusin", "focusout"]) country.addEventListener(kind, light);
}

document.querySelectorAll(".night.country").forEach(joinLights);

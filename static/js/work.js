// A sum for the browser, asked for only while robots flood the site: the first number with which the SHA-256 of
// "stamp:number" begins with so many zero bits. Our own SHA-256, because the browser's answers by promises, which for
// a hundred thousand short texts takes ten times as long. It runs beside the page, so that typing is not held up.

const BLOCK = 64; // bytes

const primes = [];
for (let number = 2; primes.length < 64; number++) {
  if (primes.every((prime) => number % prime)) primes.push(number);
}
const fraction = (number) => ((number - Math.floor(number)) * 2 ** 32) | 0;
const ROUNDS = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));

const turn = (word, bits) => (word >>> bits) | (word << (32 - bits));
const schedule = new Int32Array(64);

/** Takes the block of bytes at `offset` into the state: eight words, changed in place. */
function take(state, view, offset) {
  for (let i = 0; i < 16; i++) schedule[i] = view.getInt32(offset + 4 * i);
  for (let i = 16; i < 64; i++) {
    const [near, far] = [schedule[i - 2], schedule[i - 15]];
    const mixed = (turn(near, 17) ^ turn(near, 19) ^ (near >>> 10)) + (turn(far, 7) ^ turn(far, 18) ^ (far >>> 3));
    schedule[i] = mixed + schedule[i - 7] + schedule[i - 16];
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + schedule[i];
    const other = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e] = [g, f, e, (d + one) | 0];
    [d, c, b, a] = [c, b, a, (one + other) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
}

/** The first number, found by trying them all. The blocks that hold nothing but the stamp are taken once. */
function findNumber(stamp, bits) {
  const prefix = new TextEncoder().encode(`${stamp}:`);
  const whole = prefix.length - (prefix.length % BLOCK);
  const begun = START.slice();
  for (let at = 0; at < whole; at += BLOCK) take(begun, new DataView(prefix.buffer), at);
  const rest = new Uint8Array(2 * BLOCK);
  const view = new DataView(rest.buffer);
  for (let number = 0; ; number++) {
    const digits = String(number);
    const end = prefix.length - whole + digits.length;
    const length = end + 9 > BLOCK ? 2 * BLOCK : BLOCK;
    rest.fill(0);
    rest.set(prefix.subarray(whole));
    for (let i = 0; i < digits.length; i++) rest[end - digits.length + i] = digits.charCodeAt(i);
    rest[end] = 0x80;
    view.setUint32(length - 4, 8 * (whole + end));
    const state = begun.slice();
    for (let at = 0; at < length; at += BLOCK) take(state, view, at);
    if (state[0] >>> (32 - bits) === 0) return number;
  }
}

globalThis.onmessage = ({ data: { stamp, bits } }) => postMessage(findNumber(stamp, bits));

// Numbers as Python writes them, and texts that hold places of numbers.

const DIGITS = 5;
const FEW = 4; // numbers of a list that are written out, to fewer digits
const PLACES = /\ue010([^\ue010\ue011:]+)(?::(\d+))?\ue011/g;
const CONDITIONS = /( ?)\ue012([-<>=]?)(\d+)\ue013([^\ue014]*)\ue014/g;

/** Write a number with so many significant digits, as "%g" does. */
export function shown(x, digits = DIGITS) {
  if (x === 0) return "0";
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x < 0 ? "-inf" : "inf";
  const [written, power] = rounded(Math.abs(x), digits);
  const figures = written.replace(".", "");
  const sign = x < 0 ? "-" : "";
  if (power < -4 || power >= digits) {
    const exponent = `${Math.abs(power)}`.padStart(2, "0");
    return `${sign}${trimmed(written)}e${power < 0 ? "-" : "+"}${exponent}`;
  }
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${figures.replace(/0+$/, "")}`;
  const whole = figures.slice(0, power + 1);
  return sign + trimmed(`${whole}.${figures.slice(power + 1)}`);
}

/** Write several numbers in one line: some by themselves, many by how many and which they are. */
export function several(numbers) {
  if (numbers.length <= FEW) return `[${numbers.map((x) => shown(x, 3)).join(", ")}]`;
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)].map((x) => shown(x, 3));
  return `${numbers.length}: ${low === high ? low : `${low} … ${high}`}`;
}

/** Write in words how many numbers there are, and from which to which. */
function inWords(numbers) {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)].map((x) => shown(x, 3));
  return `${numbers.length} numbers ${low === high ? `of ${low}` : `from ${low} to ${high}`}`;
}

const LISTS = { "[": several, "(": inWords };

/** The whole number that another is written as, although it is next to it; NaN if there is none. */
function nearest(x) {
  const below = Math.floor(x);
  const isUp = x - below > 0.5 || (x - below === 0.5 && below % 2 !== 0);
  const near = below + isUp;
  return Number.isFinite(x) && x !== near && near !== 0 && shown(x) === shown(near) ? near : NaN;
}

const HOLDS = {
  "": (x) => x > 0,
  "-": (x) => x < 0,
  "<": (x) => x < nearest(x),
  ">": (x) => x > nearest(x),
  "=": (x) => Number.isNaN(nearest(x)),
};

/** Write numbers into the places of a text, and leave out what does not hold of them. */
export function filled(text, numbers) {
  if (!/[\ue010\ue012]/.test(text)) return text;
  const parts = {
    "=": (rest) => Number(rest), // which stays as it is
    "~": (place) => nearest(numbers[place]),
    "±": (place) => Math.abs(nearest(numbers[place]) - numbers[place]),
  };
  const read = (place) => parts[place[0]]?.(place.slice(1)) ?? numbers[place];
  return text
    .replace(CONDITIONS, (_, space, sign, place, words) =>
      HOLDS[sign](numbers[place]) ? space + words : "",
    )
    .replace(PLACES, (_, places, digits = DIGITS) =>
      places[0] in LISTS
        ? LISTS[places[0]](places.slice(1).split(",").map(read))
        : shown(read(places), Number(digits)),
    );
}

/** The digits and the power of ten of a number; halves go to the even digit, as in Python. */
function rounded(x, digits) {
  const [exact, power] = x.toExponential(40).split("e");
  const kept = exact.slice(0, digits + (digits > 1 ? 1 : 0));
  const isHalf = /^\.?50*$/.test(exact.slice(kept.length));
  if (isHalf && Number(kept.at(-1)) % 2 === 0) return [kept, Number(power)];
  const [near, its] = x.toExponential(digits - 1).split("e");
  return [near, Number(its)];
}

const trimmed = (written) => (written.includes(".") ? written.replace(/\.?0*$/, "") : written);

// NumPy's default_rng: the page shuffles as nn.fit does with the same seed.

const WORD = (1n << 64n) - 1n;
const STATE = (1n << 128n) - 1n;
const MULTIPLIER = (2549297995355413924n << 64n) | 4865540595714422341n;

/** Make the generator of `numpy.random.default_rng(seed)`, for a seed below 2 ** 32. */
export function generator(seed) {
  const [high, low, highest, lowest] = seeded(seed);
  const increment = ((((highest << 64n) | lowest) << 1n) | 1n) & STATE;
  const next = (state) => (state * MULTIPLIER + increment) & STATE;
  let state = next((next(0n) + ((high << 64n) | low)) & STATE);
  let half = null; // of a word, kept for the next 32 bits

  function word() {
    state = next(state);
    const mixed = (state >> 64n) ^ (state & WORD);
    const turn = state >> 122n;
    return ((mixed >> turn) | (mixed << (64n - turn))) & WORD;
  }
  function bits() {
    if (half !== null) {
      const kept = half;
      half = null;
      return kept;
    }
    const made = word();
    half = Number(made >> 32n);
    return Number(made & 0xffffffffn);
  }
  /** A whole number from 0 to `most`: of as many bits as that has, until one is small enough. */
  function upTo(most) {
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    for (;;) {
      const found = (bits() & mask) >>> 0;
      if (found <= most) return found;
    }
  }
  const uniform = () => Number(word() >> 11n) / 2 ** 53;
  return {
    uniform,
    /** A number of the normal distribution; not NumPy's, which has tables for it. */
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    permutation(count) {
      const order = Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i--) {
        const j = upTo(i);
        [order[i], order[j]] = [order[j], order[i]];
      }
      return order;
    },
  };
}

/** Four words of 64 bits from NumPy's SeedSequence, which spreads a seed over all of them. */
function seeded(seed) {
  const mixer = hasher(0x43b0d7e5, 0x931e8875);
  const pool = [seed, 0, 0, 0].map(mixer);
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) {
      if (from === to) continue;
      const mixed = Math.imul(0xca01f9dd, pool[to]) - Math.imul(0x4973f715, mixer(pool[from]));
      pool[to] = (mixed ^ (mixed >>> 16)) >>> 0;
    }
  }
  const drawn = hasher(0x8b51f9dd, 0x58f38ded);
  const words = Array.from({ length: 8 }, (_, i) => BigInt(drawn(pool[i % 4])));
  return [0, 2, 4, 6].map((i) => words[i] | (words[i + 1] << 32n));
}

function hasher(constant, multiplier) {
  return (value) => {
    const mixed = value ^ constant;
    constant = Math.imul(constant, multiplier);
    const spread = Math.imul(mixed, constant);
    return (spread ^ (spread >>> 16)) >>> 0;
  };
}

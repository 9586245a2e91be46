/** Figures in Prometheus' text format: read, added up, and compared with those of a moment before. Pure. */

/** @typedef {{ labels: Readonly<Record<string, string>>, value: number }} Sample */
/** @typedef {ReadonlyMap<string, readonly Sample[]>} Metrics by name */

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/**
 * @param {string} text
 * @returns {Metrics}
 */
export function readMetrics(text) {
  /** @type {Map<string, Sample[]>} */
  const found = new Map();
  for (const line of text.split("\n")) {
    const [, name, labels = "", value = ""] = (line.startsWith("#") ? null : LINE.exec(line)) ?? [];
    if (!name) continue;
    const samples = found.get(name) ?? [];
    if (!samples.length) found.set(name, samples);
    samples.push({ labels: Object.fromEntries(Array.from(labels.matchAll(LABEL), ([, key = "", raw = ""]) => [key, plain(raw)])), value: numberOf(value) });
  }
  return found;
}

/** @param {string} raw */
const plain = (raw) => raw.replace(/\\(.)/g, (_, sign) => (sign === "n" ? "\n" : sign));

/** @param {string} value */
const numberOf = (value) => (value === "+Inf" ? Infinity : value === "-Inf" ? -Infinity : Number(value));

/**
 * The sum of all samples of a name that have these labels; null where there are none.
 * @param {Metrics} metrics
 * @param {string} name
 * @param {Record<string, string>} [labels]
 */
export function sumOf(metrics, name, labels = {}) {
  const fitting = (metrics.get(name) ?? []).filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value));
  return fitting.length ? fitting.reduce((sum, { value }) => sum + value, 0) : null;
}

/**
 * How much a counter has grown. One that is smaller than before began anew: the program was started again.
 * @param {number} first
 * @param {number} last
 */
export const growth = (first, last) => (last >= first ? last - first : last);

/**
 * How much the counters of a name have grown, together.
 * @param {Metrics} before
 * @param {Metrics} now
 * @param {string} name
 * @param {Record<string, string>} [labels]
 */
export const grown = (before, now, name, labels = {}) => growth(sumOf(before, name, labels) ?? 0, sumOf(now, name, labels) ?? 0);

/**
 * A quantile of what a histogram counted between two readings, between the bounds of its bucket; null of nothing.
 * @param {Metrics} before
 * @param {Metrics} now
 * @param {string} name without "_bucket"
 * @param {number} share 0 to 1
 * @param {Record<string, string>} [labels]
 */
export function quantile(before, now, name, share, labels = {}) {
  const bounds = [...new Set((now.get(`${name}_bucket`) ?? []).map(({ labels: { le = "" } }) => le))].sort((a, b) => numberOf(a) - numberOf(b));
  const counts = bounds.map((le) => ({ bound: numberOf(le), count: grown(before, now, `${name}_bucket`, { ...labels, le }) }));
  const all = counts.at(-1)?.count ?? 0;
  if (!all) return null;
  let low = { bound: 0, count: 0 };
  for (const bucket of counts) {
    if (bucket.count >= share * all && bucket.count > low.count) {
      if (bucket.bound === Infinity) return low.bound;
      return low.bound + ((bucket.bound - low.bound) * (share * all - low.count)) / (bucket.count - low.count);
    }
    low = bucket;
  }
  return low.bound;
}

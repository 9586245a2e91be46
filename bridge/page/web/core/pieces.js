/** A file in pieces, and which rows of a long list are seen. Pure. */

export const PIECE = 4 * 2 ** 20;
/** Bytes of a piece: little enough to be sent again, enough not to wait for answers. */

/**
 * The bytes that come next: from `offset` to before the result.
 * @param {number} offset
 * @param {number} size
 */
export const pieceEnd = (offset, size) => Math.min(size, offset + PIECE);

/**
 * What tells a file apart from others, without reading it.
 * @param {{ name: string, size: number, lastModified: number }} file
 */
export const keyOf = ({ name, size, lastModified }) => `${name} ${size} ${lastModified}`;

/**
 * The pause before another try, in milliseconds; -1 once it is given up.
 * @param {number} failures in a row
 */
export const pauseAfter = (failures) => (failures > 6 ? -1 : Math.min(10_000, 250 * 2 ** failures));

/**
 * The rows of a list that are drawn.
 * @param {number} top how far it is scrolled
 * @param {number} height of what is seen
 * @param {number} row height of a row
 * @param {number} count
 * @param {number} [more] rows that are drawn beyond what is seen
 */
export function rowsInView(top, height, row, count, more = 4) {
  const from = Math.max(0, Math.min(count, Math.floor(top / row) - more));
  return { from, to: Math.max(from, Math.min(count, Math.ceil((top + height) / row) + more)) };
}

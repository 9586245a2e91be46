/** A QR code as one path of SVG. Pure. */

/**
 * The path of a QR code's dark modules, one unit each.
 * @param {readonly string[]} rows from the top, texts of 0 and 1 (dark)
 */
export function qrPath(rows) {
  return rows.flatMap((row, y) => Array.from(row.matchAll(/1+/g), ({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`)).join("");
}

/** The energy of a section, one column for each bar. */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {readonly number[]} energy 0 to 1 for each bar
 * @param {string} ink
 */
export function drawEnergy(context, width, height, energy, ink) {
  if (!energy.length) return;
  const column = width / energy.length;
  const gap = column > 5 ? 1 : 0;
  context.fillStyle = ink;
  energy.forEach((value, bar) => {
    const high = Math.max(value > 0 ? 2 : 0, value * (height - 4));
    context.fillRect(bar * column, height - high, Math.max(1, column - gap), high);
  });
}

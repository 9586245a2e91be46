/** What a view reads from the server before it can be shown. */

import { sentenceOf } from "../../api/errors.js";
import { useEffect, useState } from "../../vendor/preact.js";

/**
 * The value of a promise once it is there, or why it is not. The last value stays while another is read.
 * @template T
 * @param {() => Promise<T>} read
 * @param {readonly unknown[]} depends when it is read again
 * @returns {{ value: T | null, error: string }}
 */
export function useLoaded(read, depends) {
  const [state, setState] = useState(/** @type {{ value: T | null, error: string }} */ ({ value: null, error: "" }));
  useEffect(() => {
    let isOld = false;
    read().then(
      (value) => isOld || setState({ value, error: "" }),
      (error) => isOld || setState((before) => (before.value === null ? { value: null, error: sentenceOf(error) } : before)),
    );
    return () => {
      isOld = true;
    };
  }, /** @type {unknown[]} */ (depends));
  return state;
}

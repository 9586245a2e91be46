/** What failed, with the server's own sentence. */

/** @import { Problem } from "../../types/api.js" */

export class RooError extends Error {
  /**
   * @param {string} sentence
   * @param {string} code
   * @param {number} [status]
   * @param {number} [retryAfter] seconds
   */
  constructor(sentence, code, status = 0, retryAfter = undefined) {
    super(sentence);
    this.name = "RooError";
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** @param {Problem} problem */
  static of(problem) {
    return new RooError(problem.detail, problem.code, problem.status, problem.retry_after ?? undefined);
  }
}

export const lost = () => new RooError("The connection was lost before the answer came: try it again.", "connection_lost");

/** @param {unknown} error */
export const sentenceOf = (error) => (error instanceof Error ? error.message : String(error));

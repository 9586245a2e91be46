/** The error of all calls. Its message is one sentence that says why and what to do. */

import type { components } from "./schema.js";

export class RooError extends Error {
  override readonly name = "RooError";

  constructor(
    sentence: string,
    /** The name of a refusal, such as `bad_parameter`; `unreachable` or `connection_lost` where no answer came. */
    readonly code: string,
    /** HTTP's status, 0 where no answer came. */
    readonly status = 0,
    /** The value that was wrong. */
    readonly field = "",
    /** Seconds after which another try is worth it. */
    readonly retryAfter: number | undefined = undefined,
    /** Finds the request in the server's log. */
    readonly requestId = "",
  ) {
    super(sentence);
  }

  static of(problem: components["schemas"]["Problem"], requestId = "", retryAfter?: number): RooError {
    const after = problem.retry_after ?? retryAfter;
    return new RooError(problem.detail, problem.code, problem.status, problem.field ?? "", after, requestId);
  }
}

/** Returns what an answer that is no success means: the server's problem, or that of a proxy before it. */
export async function errorOf(answer: Response, url: string): Promise<RooError> {
  const requestId = answer.headers.get("x-request-id") ?? "";
  const seconds = Number(answer.headers.get("retry-after") ?? NaN);
  const after = Number.isFinite(seconds) ? seconds : undefined;
  if (answer.headers.get("content-type")?.startsWith("application/problem+json")) {
    try {
      return RooError.of((await answer.json()) as components["schemas"]["Problem"], requestId, after);
    } catch {
      // It is no problem in spite of its name, or was cut: its status is left.
    }
  }
  return new RooError(
    `${url} answers with status ${answer.status}, unlike a MuseAroo server: check the address and what is before it.`,
    answer.status >= 500 ? "server_failed" : "bad_answer",
    answer.status,
    "",
    after,
    requestId,
  );
}

/** Returns the error for a connection that ended before its answer. */
export function lost(): RooError {
  return new RooError("The connection was lost before the answer came: see what is there, then ask again.", "connection_lost");
}

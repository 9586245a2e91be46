/** A client of `musearoo serve`: REST and the live connection, typed by the server's specification. */

export { RooClient, type Options } from "./client.js";
export { RooError } from "./errors.js";
export { Live, type EventName, type LiveOptions } from "./live.js";
export type { AnyEvent, AnyRequest, Answer, BodyOf, Outcome, Schema } from "./types.js";
export type { components, operations, paths } from "./schema.js";

/** What the specification says of paths, as types for calls. */

import type { components, paths } from "./schema.js";

export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];
export type Outcome = Schema<"Outcome">;

/** The events of a session, told apart by `event`. */
export type AnyEvent =
  | Schema<"SetChanged">
  | Schema<"Progress">
  | Schema<"JobChanged">
  | Schema<"Judged">
  | Schema<"Joined">
  | Schema<"LiveChanged">
  | Schema<"TransportMoved">
  | Schema<"SessionClosed">;

/** The requests to a session, told apart by `do`. */
export type AnyRequest =
  | Schema<"Generate">
  | Schema<"Band">
  | Schema<"Song">
  | Schema<"Refine">
  | Schema<"RefineSeveral">
  | Schema<"Edit">
  | Schema<"Mix">
  | Schema<"Split">
  | Schema<"Imagine">
  | Schema<"Analyze">
  | Schema<"Say">
  | Schema<"Undo">
  | Schema<"Redo">
  | Schema<"Act">;

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** The paths that take a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

type OperationOf<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;

type Json<R> = R extends { content: { "application/json": infer Body } } ? Body : undefined;
type Good<R> = { [Status in keyof R]: Status extends 200 | 201 | 202 | 204 ? Json<R[Status]> : never }[keyof R];

/** What a path answers. */
export type Answer<P extends keyof paths, M extends Method> =
  OperationOf<P, M> extends { responses: infer R } ? Good<R> : never;

/** The JSON that a path takes. `do` stands in the path already. */
export type BodyOf<P extends keyof paths, M extends Method> =
  OperationOf<P, M> extends { requestBody?: infer B }
    ? NonNullable<B> extends { content: { "application/json": infer Body } }
      ? Omit<Body, "do">
      : undefined
    : undefined;

type Parameters<P extends keyof paths, M extends Method> =
  OperationOf<P, M> extends { parameters: infer Given } ? Given : never;

type PathPart<G> = G extends { path: infer Path } ? { path: Path } : { path?: undefined };
type QueryPart<G> = G extends { query?: infer Query } ? { query?: Query } : { query?: undefined };
type BodyPart<B> = B extends undefined ? { body?: undefined } : { body?: B };

/** What a call takes besides method and path. */
export type CallOptions<P extends keyof paths, M extends Method> = PathPart<Parameters<P, M>> &
  QueryPart<Parameters<P, M>> &
  BodyPart<BodyOf<P, M>> & { headers?: Record<string, string>; signal?: AbortSignal };

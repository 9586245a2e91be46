/** The server's types, by the names that the page uses. They are generated from the specification. */

import type { components } from "../../api/typescript/src/schema.js";

type Schemas = components["schemas"];

export type AmbienceInfo = Schemas["AmbienceInfo"];
export type AmbientPresetInfo = Schemas["AmbientPresetInfo"];
export type ClipDetail = Schemas["ClipDetail"];
export type ClipView = Schemas["ClipView"];
export type EngineInfo = Schemas["EngineInfo"];
export type JobState = Schemas["JobState"];
export type NoteRow = [start: number, pitch: number, duration: number, velocity: number];
export type Outcome = Schemas["Outcome"];
export type Problem = Schemas["Problem"];
export type SceneView = Schemas["SceneView"];
export type SessionState = Schemas["SessionState"];
export type SetChanges = Schemas["SetChanges"];
export type SongView = Schemas["SongView"];
export type StepState = Schemas["StepState"];
export type StyleInfo = Schemas["StyleInfo"];
export type Peaks = Schemas["Peaks"];
export type Take = Schemas["Take"];
export type TrackView = Schemas["TrackView"];
export type TransportView = Schemas["TransportView"];
export type Welcome = Schemas["Welcome"];
export type AnyEvent =
  | Schemas["SetChanged"]
  | Schemas["Progress"]
  | Schemas["JobChanged"]
  | Schemas["Judged"]
  | Schemas["Joined"]
  | Schemas["LiveChanged"]
  | Schemas["TransportMoved"]
  | Schemas["SessionClosed"];
export type AnyRequest = { do: string } & Record<string, unknown>;

export { Fragment, createContext, createRef, render } from "preact";
export type { ComponentChildren, JSX, RefObject, VNode } from "preact";
export {
  useCallback, useContext, useEffect, useErrorBoundary, useId, useLayoutEffect, useMemo, useRef, useState,
} from "preact/hooks";
export { batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect } from "@preact/signals";
export type { ReadonlySignal, Signal } from "@preact/signals";

import type { VNode } from "preact";

/** A template: components by `<${Name} …/>`, attributes as in HTML. */
export declare function html(strings: TemplateStringsArray, ...values: unknown[]): VNode;

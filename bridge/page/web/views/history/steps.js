/** The steps of the set: who changed it and how, what was taken back, and the way back to any of them. */

/** @import { StepState } from "../../../types/api.js" */
/** @import { Way } from "../../core/past.js" */
import { isTravel, wayTo } from "../../core/past.js";
import { ago, counted } from "../../core/words.js";
import { Button, Empty } from "../../parts/controls.js";
import { Dialog } from "../../parts/dialog.js";
import { VirtualList } from "../../parts/virtual_list.js";
import { hrefOf } from "../../route.js";
import { canMake, request, session, toast } from "../../store.js";
import { html, signal } from "../../vendor/preact.js";
import { allSteps, hasAllSteps, isRead, readMoreSteps } from "./past.js";

const ROW = 60;

const asked = signal(/** @type {{ step: StepState, way: Way } | null} */ (null));

const WORDS = /** @type {Record<string, string>} */ ({
  generate: "Played", band: "Band", song: "Song", refine: "Changed", refine_several: "Changed", edit: "Edited", mix: "Mix", split: "Split",
  imagine: "Imagined", analyze: "Analysed", say: "Said", act: "Set", undo: "Undo", redo: "Redo", turn: "Turned",
});

export function Steps() {
  const steps = allSteps.value;
  if (isRead.value && !steps.length) return html`<${Empty} title="No steps yet">Each change that MuseAroo makes in this set comes here. You can go back to any of them.<//>`;
  return html`<p class="note small" role="status">${counted(steps.length, "step")}${hasAllSteps.value ? "" : " so far"}</p>
    <${VirtualList}
      label="Steps, newest first"
      count=${steps.length}
      total=${hasAllSteps.value ? steps.length : -1}
      rowHeight=${ROW}
      keyOf=${(/** @type {number} */ index) => steps[index]?.version ?? index}
      row=${(/** @type {number} */ index) => {
        const step = steps[index];
        return step ? html`<${StepRow} step=${step} />` : html`<span></span>`;
      }}
      onEnd=${() => hasAllSteps.value || void readMoreSteps()}
    />
    ${asked.value && html`<${AskFirst} ...${asked.value} />`}`;
}

/** @param {{ step: StepState }} props */
function StepRow({ step }) {
  const [take] = step.takes ?? [];
  const count = step.takes?.length ?? 0;
  return html`<div class=${`step-row ${step.undone ? "undone" : ""} ${isTravel(step) ? "travel" : ""}`}>
    <span class="small number">${step.version}</span>
    <div class="what">
      <span class="name" dir="auto" title=${step.label}>${step.undone ? html`<s>${step.label}</s><span class="heard">, undone</span>` : step.label}</span>
      <span class="note small">${[WORDS[step.do] ?? step.do, ago(step.made), step.by ? `by ${step.by}` : "", step.undone ? "undone" : ""].filter(Boolean).join(" · ")}</span>
    </div>
    <div class="row controls">
      ${take && html`<a class="button quiet only-wide" href=${hrefOf("take", take)} aria-label=${`Open the first take of ${step.label}`}>${counted(count, "take")}</a>`}
      ${!isTravel(step) && html`<${Travel} step=${step} />`}
    </div>
  </div>`;
}

/** @param {{ step: StepState }} props */
function Travel({ step }) {
  const way = wayTo(allSteps.value, step.version);
  const isHere = !step.undone && !way.do;
  const cannot = canMake.value ? "" : "Nothing can be changed here now.";
  const noRedo = way.do === "redo" && session.value?.set === "live" ? "Redo in Live itself." : "";
  const gone = !way.do && !isHere ? "The set was changed otherwise since: restore its takes instead." : "";
  if (isHere) return html`<span class="here">The set is here</span>`;
  const label = way.do === "redo" ? `Redo up to ${step.label}` : `Go back to ${step.label}`;
  return html`<${Button} icon=${way.do || "undo"} label=${label} why=${cannot || noRedo || gone} onPress=${() => void (asked.value = { step, way })} />`;
}

/**
 * Goes the way, step by step; another's change in between ends it.
 * @param {Way} way
 */
async function travel(way) {
  let version = allSteps.value[0]?.version ?? 0;
  let count = 0;
  for (const _ of way.steps) {
    const outcome = await request({ do: way.do, ...(session.value?.set === "live" ? {} : { version }) });
    if (!outcome) break;
    version = outcome.version ?? version + 1;
    count++;
  }
  toast(`${counted(count, "step")} ${way.do === "undo" ? "undone" : "redone"}${count < way.steps.length ? `, ${way.steps.length - count} not` : ""}.`);
}

/** @param {{ step: StepState, way: Way }} props */
function AskFirst({ step, way }) {
  const close = () => void (asked.value = null);
  const start = async () => {
    await travel(way);
    close();
  };
  const words = `${way.do === "undo" ? "Undo" : "Redo"} ${counted(way.steps.length, "step")}`;
  return html`<${Dialog} title=${`${words}?`} onClose=${close}>
    <p>Then the set is as it was after this step: <strong dir="auto">${step.label}</strong></p>
    <ol class="way">${way.steps.slice(0, 8).map((each) => html`<li key=${each.version} dir="auto">${each.label}</li>`)}${way.steps.length > 8 && html`<li>and ${way.steps.length - 8} more</li>`}</ol>
    <div class="row"><${Button} kind="main" onPress=${start}>${words}<//><${Button} onPress=${close}>Cancel<//></div>
  <//>`;
}

/** A job while it is under way or has failed: what it does, how far it is, cancel. And files that are saved. */

/** @import { JobState } from "../../types/api.js" */
/** @import { ComponentChildren, VNode } from "../vendor/preact.js" */
import { etaWords, isUnderWay, phaseWords } from "../core/jobs.js";
import { cancelJob, rest, showError } from "../store.js";
import { html } from "../vendor/preact.js";
import { Button, Progress } from "./controls.js";

/**
 * @param {{ job: JobState, title: string, children?: ComponentChildren }} props `children`: what else can be pressed
 */
export function JobCard({ job, title, children }) {
  const isOn = isUnderWay(job);
  const words = [phaseWords(job), job.state === "running" ? `${Math.round(100 * job.fraction)} %` : "", etaWords(job)].filter(Boolean).join(" · ");
  const why = job.phase === "writing" ? "It is writing what it has made, and ends in a moment." : "";
  return html`<section class="panel job" aria-label=${title} data-state=${job.state}>
    <div class="row apart">
      <div class="what"><strong dir="auto">${title}</strong><span class="note small" role=${isOn ? "status" : undefined} dir="auto">${words}</span></div>
      ${isOn && html`<${Button} icon="close" onPress=${() => cancelJob(job.id)} why=${why}>Cancel<//>`}
    </div>
    ${isOn && html`<${Progress} fraction=${job.fraction} label=${`${title}: ${phaseWords(job)}`} />`}
    ${job.fault && html`<p class="fault" dir="auto">${job.fault.detail}</p>`}
    ${children}
  </section>`;
}

/**
 * Fetches a file with the token, and lets the browser save it. Says why where that fails.
 * @param {{ path: string, name: string } | (() => Promise<{ path: string, name: string }>)} wanted `path` is below /api/v3
 * @returns {Promise<boolean>}
 */
export async function save(wanted) {
  try {
    const { path, name } = typeof wanted === "function" ? await wanted() : wanted;
    const url = URL.createObjectURL(await rest.value.file(path));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    // The browser reads it after the click.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    return true;
  } catch (error) {
    showError(error);
    return false;
  }
}

/**
 * @param {{ path: string, name: string, children?: ComponentChildren, why?: string }} props without `children` an icon
 * @returns {VNode}
 */
export const Save = ({ path, name, children, why = "" }) => html`<${Button}
  icon="download"
  label=${children ? undefined : `Download ${name}`}
  kind=${children ? undefined : "quiet"}
  why=${why}
  onPress=${() => save({ path, name })}
  >${children}<//
>`;

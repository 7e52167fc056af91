import type { BegunRun } from '@mate-bench/store'
import { type Html, html } from '../report/html.ts'
import { plural } from '../report/page-numbers.ts'

/** Every run that was ever started, with what became of it, so that omitted runs show. */
export function begunSection(begun: readonly BegunRun[]): Html {
  if (begun.length === 0) return html`<p class="soft">The ledger has no record of its runs.</p>`
  const count = (standing: BegunRun['standing']) => begun.filter((run) => run.standing === standing).length
  const unseen = begun.filter(({ registered }) => !registered).length
  const rows = begun.map(
    ({ seed, runId, standing, registered, reason }) =>
      html`<tr><td class="number">${seed}</td><td><code>${runId}</code></td><td>${standing === 'started' ? 'not heard from since' : standing}</td><td>${registered ? 'before training' : 'not before training'}</td><td class="wrap">${reason ?? ''}</td></tr>`,
  )
  return html`<p>${plural(begun.length, 'run')} started: ${count('finished')} finished, ${count('failed')} failed, ${count('withdrawn')} withdrawn, ${count('started')} not heard from since. ${unseen} of them not registered before training.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Runs started"><table>
<thead><tr><th scope="col" class="number">seed</th><th scope="col">run</th><th scope="col">became</th><th scope="col">registered</th><th scope="col">reason</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}

import type { VerdictSummary } from '@mate-bench/store'
import { type Html, html } from '../report/html.ts'

/** How checks of an entry's runs ended, newest first: what each found, who made it, and whose signature it bears. */
export function checksSection(verdicts: readonly VerdictSummary[]): Html {
  if (verdicts.length === 0) return html`<p>They have not been checked since they were published.</p>`
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Checks"><table>
<thead><tr><th scope="col">run</th><th scope="col">check</th><th scope="col">verdict</th><th scope="col">how far off</th><th scope="col">by</th><th scope="col">when</th><th scope="col">signed with</th></tr></thead>
<tbody>${verdicts.map(row)}</tbody></table></div>`
}

function row(verdict: VerdictSummary): Html {
  const { runId, check, summary, cause, createdAt, key } = verdict
  return html`<tr><td><code>${runId}</code></td><td>${check}</td><td>${verdict.verdict}${standing(verdict)}</td><td class="wrap">${summary}${cause === null ? '' : ` ${cause}`}</td><td>${by(verdict)}</td><td>${createdAt.toISOString().slice(0, 10)}</td><td class="wrap">${key === null ? 'not signed' : html`<code>${key}</code>`}</td></tr>`
}

function standing({ effect, ruling, rulingNote }: VerdictSummary): string {
  if (ruling !== null) return `, ${ruling}: ${rulingNote ?? ''}`
  if (effect === 'disputes') return ', disputes the run'
  return effect === 'none' ? ', raises nothing' : ''
}

function by({ worker, checker, thirdParty }: VerdictSummary): string {
  if (worker !== null) return `worker ${worker}, for ${checker}`
  return thirdParty ? `${checker}, a third party` : checker
}

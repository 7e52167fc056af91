import type { RunEvent } from '@mate-bench/harness'
import { duration, integer, percent } from '../format/numbers.ts'
import type { Painter } from '../format/paint.ts'
import type { RunProgress } from './run-progress.ts'

const barWidth = 12

/** One line for the live view: `quickstart-mate seed 1  ██████░░░░░░  epoch 4/8 step 21/85  loss 1.234 ...`. */
export function formatRunLine(run: RunProgress, labelWidth: number, paint: Painter): string {
  const label = run.label.padEnd(labelWidth)
  switch (run.state) {
    case 'waiting':
      return `${label}  ${paint('dim', 'waiting')}`
    case 'starting':
      return `${label}  ${paint('dim', 'starting')}`
    case 'evaluating':
      return `${label}  ${bar(1, paint)}  judging every exit on validation and test images`
    case 'finished':
      return `${label}  ${paint('green', '✓ finished')}  test top-1 ${exits(run.top1)}`
    case 'complete':
      return `${label}  ${paint('green', '✓ complete already')}`
    case 'failed':
      return `${label}  ${paint('red', '✗ failed')}`
    case 'stopped':
      return `${label}  ${paint('yellow', 'stopped')}`
    case 'training': {
      const steps = run.epochs * run.stepsPerEpoch
      const done = run.epoch * run.stepsPerEpoch + run.step
      const parts = [
        bar(steps === 0 ? 0 : done / steps, paint),
        `epoch ${Math.min(run.epoch + 1, run.epochs)}/${run.epochs} step ${run.step}/${run.stepsPerEpoch}`,
      ]
      if (run.loss !== undefined) parts.push(`loss ${run.loss.toFixed(3)}`, `train ${exits(run.top1)}`)
      if (run.imagesPerSecond !== undefined) parts.push(`${integer(Math.round(run.imagesPerSecond))} img/s`)
      if (run.secondsLeft !== undefined) parts.push(`${duration(run.secondsLeft)} left`)
      return `${label}  ${parts.join('  ')}`
    }
  }
}

function bar(share: number, paint: Painter): string {
  const full = Math.round(barWidth * Math.min(1, Math.max(0, share)))
  return paint('cyan', '█'.repeat(full)) + paint('dim', '░'.repeat(barWidth - full))
}

/** `71.2 / 80.1 / 82.5 %`, shallowest exit first. */
export function exits(top1: readonly number[]): string {
  if (top1.length === 0) return '-'
  return `${top1.map((value) => (100 * value).toFixed(1)).join(' / ')} %`
}

/** The plain line of an event, for logs: at most one an epoch, besides start and end. */
export function formatEventLine(label: string, event: RunEvent): string | undefined {
  switch (event.type) {
    case 'started': {
      const { resumedAt } = event
      const where = resumedAt ? `goes on in epoch ${resumedAt.epoch + 1}, step ${resumedAt.step}` : 'begins'
      return `${label}: ${where} (${event.epochs} epochs of ${event.stepsPerEpoch} steps)`
    }
    case 'epoch': {
      const validation =
        event.validationTop1.length === 0 ? '' : `, validation top-1 ${exits(event.validationTop1)}`
      return `${label}: epoch ${event.epoch}, loss ${event.loss.toFixed(3)}, train top-1 ${exits(event.trainTop1)}${validation}, ${duration(event.wallSeconds)}`
    }
    case 'finished':
      return `${label}: finished in ${duration(event.wallSeconds)}, test top-1 ${event.top1
        .map((top1) => percent(top1))
        .join(', ')}`
    case 'warning':
      return `${label}: warning: ${event.message}`
    case 'step':
    case 'evaluating':
      return undefined
  }
}

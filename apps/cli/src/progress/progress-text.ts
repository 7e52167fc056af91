import { exits, type RunProgress } from '@mate-bench/worker'
import { decimal, duration, integer } from '../format/numbers.ts'
import type { Painter } from '../format/paint.ts'

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
      return `${label}  ${bar(1, paint)}  evaluating every exit on validation and test images`
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
      if (run.loss !== undefined) parts.push(`loss ${decimal(run.loss, 3)}`, `train ${exits(run.top1)}`)
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

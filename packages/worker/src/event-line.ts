import type { RunEvent } from '@mate-bench/harness'
import { decimal, numbersIn, percent } from '@mate-bench/schema/numbers'

const { duration, percentText, quantity } = numbersIn('plain')

/** `71.2 / 80.1 / 82.5 %`, shallowest exit first. */
export function exits(top1: readonly number[]): string {
  if (top1.length === 0) return '-'
  return quantity(top1.map((value) => percent(value, 1)).join(' / '), '%')
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
      return `${label}: epoch ${event.epoch}, loss ${decimal(event.loss, 3)}, train top-1 ${exits(event.trainTop1)}${validation}, ${duration(event.wallSeconds)}`
    }
    case 'finished':
      return `${label}: finished in ${duration(event.wallSeconds)}, test top-1 ${event.top1
        .map((top1) => percentText(top1))
        .join(', ')}`
    case 'warning':
      return `${label}: warning: ${event.message}`
    case 'step':
    case 'checkpoint':
    case 'evaluating':
      return undefined
  }
}

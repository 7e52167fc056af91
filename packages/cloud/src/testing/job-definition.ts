import { z } from 'zod'

/** A job definition, as far as it decides what runs and what happens when that ends (AWS Batch API reference). */
export const jobDefinitionSchema = z.object({
  containerProperties: z.object({
    command: z.array(z.string()).min(1),
    environment: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    secrets: z.array(z.object({ name: z.string(), valueFrom: z.string() })).default([]),
  }),
  retryStrategy: z
    .object({
      attempts: z.int().min(1).max(10),
      evaluateOnExit: z
        .array(
          z.object({
            action: z.enum(['RETRY', 'EXIT', 'retry', 'exit']),
            onReason: z.string().optional(),
            onStatusReason: z.string().optional(),
            onExitCode: z.string().optional(),
          }),
        )
        .max(5)
        .default([]),
    })
    .default({ attempts: 1, evaluateOnExit: [] }),
  timeout: z.object({ attemptDurationSeconds: z.int().min(60) }).optional(),
})

export type JobDefinition = z.output<typeof jobDefinitionSchema>

/** How one attempt ended. */
export interface AttemptEnd {
  readonly exitCode: number | undefined
  readonly reason: string
  readonly statusReason: string
}

/**
 * Whether the service tries again, by its rules: the first rule of which every condition holds decides; without
 * one, a failure is tried again.
 */
export function isRetried({ retryStrategy }: JobDefinition, attempt: number, end: AttemptEnd): boolean {
  if (attempt >= retryStrategy.attempts) return false
  const rule = retryStrategy.evaluateOnExit.find(
    ({ onReason, onStatusReason, onExitCode }) =>
      matches(onReason, end.reason) &&
      matches(onStatusReason, end.statusReason) &&
      matches(onExitCode, end.exitCode === undefined ? undefined : String(end.exitCode)),
  )
  return rule === undefined || rule.action.toUpperCase() === 'RETRY'
}

/** A pattern may end in an asterisk; none is a condition that holds. */
function matches(pattern: string | undefined, value: string | undefined): boolean {
  if (pattern === undefined) return true
  if (value === undefined) return false
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern
}

/** The command with `Ref::name` replaced by the job's parameters. */
export function resolveCommand(
  { containerProperties }: JobDefinition,
  parameters: Readonly<Record<string, string>>,
): string[] {
  return containerProperties.command.map((word) => {
    const name = /^Ref::(\w+)$/.exec(word)?.[1]
    if (name === undefined) return word
    const value = parameters[name]
    if (value === undefined) throw new RangeError(`the job has no parameter ${name}`)
    return value
  })
}

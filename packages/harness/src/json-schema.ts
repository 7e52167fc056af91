import { methods } from '@mate-bench/methods'
import { z } from 'zod'
import { specSchema } from './spec.ts'

/** The JSON Schema of a spec as it is written by hand (defaults may be left out), for editors. */
export function specJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(specSchema, { io: 'input', target: 'draft-2020-12' })
  addPresets(schema.properties?.method)
  return {
    ...schema,
    title: 'MATE Bench spec, schemaVersion 1',
    description:
      'What to train and how to evaluate it. Rules between sections (exits that exist, batch against split, ...) are checked by `mate-bench plan`.',
  }
}

/** Presets are no option of a method: a parsed spec holds what they stand for, so zod's schema does not know them. */
function addPresets(method: unknown): void {
  const variants = (method as { oneOf?: { properties: Record<string, { const?: string }> }[] }).oneOf ?? []
  for (const { properties } of variants) {
    const presets = methods.find(({ name }) => name === properties.name?.const)?.presets ?? []
    if (presets.length === 0) continue
    const described = presets.map(({ name, summary }) => `${name}: ${summary}`).join(' ')
    Object.assign(properties, { preset: { enum: presets.map(({ name }) => name), description: described } })
  }
}

/** The one way the schema file is written. */
export function formatSpecJsonSchema(): string {
  return `${JSON.stringify(specJsonSchema(), null, 2)}\n`
}

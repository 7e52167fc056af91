import { z } from 'zod'
import { specSchema } from './spec.ts'

/** The JSON Schema of a spec as it is written by hand (defaults may be left out), for editors. */
export function specJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(specSchema, { io: 'input', target: 'draft-2020-12' })
  return {
    ...schema,
    title: 'MATE Bench spec, schemaVersion 1',
    description:
      'What to train and how to judge it. Rules between sections (exits that exist, batch against split, ...) are checked by `mate-bench plan`.',
  }
}

/** The one way the schema file is written. */
export function formatSpecJsonSchema(): string {
  return `${JSON.stringify(specJsonSchema(), null, 2)}\n`
}

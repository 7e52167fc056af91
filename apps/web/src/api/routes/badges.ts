import { createRoute, z } from '@hono/zod-openapi'
import { BenchError } from '@mate-bench/schema'
import { intervalText, numbersIn } from '@mate-bench/schema/numbers'
import { findEntry } from '@mate-bench/store'
import { type ApiApp, newApiApp } from '../api-app.ts'
import { badgeSvg } from '../badge-svg.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { entryAnswer } from '../entry-answer.ts'
import { problemResponses } from '../problem.ts'

// Badges are drawn with whatever font is there.
const { percentText } = numbersIn('plain')

const one = createRoute({
  method: 'get',
  path: '/badges/{id}',
  operationId: 'getBadge',
  tags: ['badges'],
  summary:
    'A badge to embed: an entry’s top-1 at the last exit with its 95 % interval, and how far it has been checked',
  request: {
    params: z.object({
      id: z.string().regex(/^entry_[0-9a-f]{20}(\.svg)?$/, 'Expected entry_, 20 hex digits and perhaps .svg'),
    }),
  },
  responses: {
    200: { description: 'The badge.', content: { 'image/svg+xml': { schema: { type: 'string' } } } },
    ...problemResponses(400, 404, 503),
  },
})

/** Labels of entries as SVG, made anew for each request: they follow the entry. */
export function badgeRoutes(deps: ApiDependencies): ApiApp {
  const app = newApiApp()
  app.openapi(one, async (c) => {
    const id = c.req.valid('param').id.replace(/\.svg$/, '')
    const db = await deps.db()
    const entry = await findEntry(db, id)
    if (!entry) throw new BenchError({ code: 'not-found', message: `There is no entry ${id}.` })
    const last = (await entryAnswer(db, entry)).exits.at(-1)
    if (!last) throw new BenchError({ code: 'not-found', message: `The entry ${id} has no exits.` })
    const { mean, n } = last.top1
    const interval = intervalText(last.interval)
    const mark = entry.synthetic ? 'synthetic, ' : ''
    const standing = entry.disputed ? 'disputed' : entry.tier
    const message = `${mark}${percentText(mean)} ${interval} top-1, n = ${n}, ${standing}`
    return c.body(badgeSvg(`${entry.name} on ${entry.dataset}`, message), 200, {
      'content-type': 'image/svg+xml',
    })
  })
  return app
}

import type { ApiApp } from './api-app.ts'

/** The API described in OpenAPI 3.1, from the very routes that answer. */
export function openApiDocument(app: ApiApp) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token made with `mate-bench token create`: mb_ID_SECRET.',
  })
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'MATE Bench',
      version: '1',
      description:
        'Entries, runs and predictions of multi-exit image classifiers, and submissions of specs to be trained. ' +
        'Lists are paged by cursor; answers carry ETags; what is refused is explained by RFC 9457 problem details.',
      license: { name: 'MIT' },
    },
    tags: [
      { name: 'entries', description: 'The runs of one spec, aggregated.' },
      { name: 'runs', description: 'One spec trained with one seed.' },
      { name: 'tracks', description: 'What must be equal for entries to share a table.' },
      { name: 'specs', description: 'What was trained and how it was evaluated.' },
      { name: 'methods' },
      { name: 'datasets' },
      { name: 'published results', description: 'Numbers printed in papers.' },
      { name: 'submissions', description: 'Specs to train here.' },
      { name: 'verdicts', description: 'How checks of published runs ended.' },
      { name: 'ledger', description: 'Which runs were begun, and what became of each, with proofs.' },
      { name: 'badges' },
      { name: 'health' },
    ],
  })
}

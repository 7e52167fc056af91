import { artifactFiles, BenchError } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { parseManifest } from './read-manifest.ts'
import { syntheticRun, syntheticSpec } from './testing/synthetic-run.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document that is changed at will
type Document = any

const { manifest } = syntheticRun({ spec: syntheticSpec('tiny'), seed: 1, top1: [0.5, 0.6, 0.7] })

function problemsOf(change: (document: Document) => void): readonly { path: string; message: string }[] {
  const document = structuredClone(manifest) as Document
  document.artifacts = (['spec', 'log'] as const).map((role) => ({
    role,
    ...artifactFiles[role],
    bytes: 1,
    sha256: '0'.repeat(64),
  }))
  change(document)
  try {
    parseManifest(JSON.stringify(document), 'manifest.json')
  } catch (thrown) {
    if (thrown instanceof BenchError && thrown.code === 'bad-input') return thrown.problems
    throw thrown
  }
  return []
}

describe('a manifest', () => {
  it('is taken as the harness writes it', () => {
    expect(problemsOf(() => {})).toEqual([])
  })

  const refusals: [string, (document: Document) => void, string, RegExp][] = [
    [
      'a log that is a web page',
      (m) => {
        m.artifacts[1].mediaType = 'text/html'
      },
      'artifacts[1].mediaType',
      /media type of log\.jsonl is application\/jsonl/,
    ],
    [
      'a media type with a line break',
      (m) => {
        m.artifacts[1].mediaType = 'text/plain\r\nx: y'
      },
      'artifacts[1].mediaType',
      /U\+000D/,
    ],
    [
      'a role that is listed twice',
      (m) => {
        m.artifacts.push(m.artifacts[0])
      },
      'artifacts[2].role',
      /"spec" is listed twice/,
    ],
    [
      'the file of another role',
      (m) => {
        m.artifacts[0].file = 'log.jsonl'
      },
      'artifacts[0].file',
      /is spec\.json/,
    ],
    [
      'the year 1',
      (m) => {
        m.timing.startedAt = '0001-01-01T00:00:00.000Z'
      },
      'timing.startedAt',
      /from 2020 to 2099/,
    ],
    [
      'the year 2999',
      (m) => {
        m.timing.finishedAt = '2999-01-01T00:00:00.000Z'
      },
      'timing.finishedAt',
      /from 2020 to 2099/,
    ],
    [
      'a terminal escape in a processor',
      (m) => {
        m.environment.cpu = '\u001b[31mred'
      },
      'environment.cpu',
      /U\+001B \(escape\)/,
    ],
    [
      'markup in a container',
      (m) => {
        m.environment.container = '<script>alert(1)</script>'
      },
      'environment.container',
      /angle brackets/,
    ],
    [
      'a mark of direction in a library',
      (m) => {
        m.environment.backend.libraries.x = '\u202e1'
      },
      'environment.backend.libraries.x',
      /U\+202E/,
    ],
    [
      'a backend of several words',
      (m) => {
        m.environment.backend.name = 'my wasm'
      },
      'environment.backend.name',
      /joined by/,
    ],
    [
      'a commit that is no digest',
      (m) => {
        m.code.commit = 'x'.repeat(65)
      },
      'code.commit',
      /digits of a commit/,
    ],
    [
      'attention of another shape',
      (m) => {
        m.results.attention = [
          [1, 0],
          [0, 1],
        ]
      },
      'results.attention',
      /3 rows of 3/,
    ],
    [
      'agreement of another shape',
      (m) => {
        m.results.agreement[1].pop()
      },
      'results.agreement',
      /3 rows of 3/,
    ],
    [
      'an exit that is left out',
      (m) => {
        m.results.exits.shift()
      },
      'results.exits',
      /exits 1 to 3, in order/,
    ],
    [
      'validation of other exits',
      (m) => {
        m.results.validation[0].k = 2
      },
      'results.validation',
      /exits 1 to 3, in order/,
    ],
    [
      'a checksum of another length',
      (m) => {
        m.data.files = [{ name: 'x', bytes: 1, sha256: '0' }]
      },
      'data.files[0].sha256',
      /64 hex digits/,
    ],
    [
      'a seed beyond 32 bits',
      (m) => {
        m.seed = 2 ** 40
      },
      'seed',
      /at most 4294967295/,
    ],
    [
      'images of no size',
      (m) => {
        m.track.preprocessing.imageShape = [0, 28, 1]
      },
      'track.preprocessing.imageShape[0]',
      /at least 1/,
    ],
    [
      'a note without end',
      (m) => {
        m.training.notes = ['x'.repeat(1000)]
      },
      'training.notes[0]',
      /at most 500 characters/,
    ],
  ]
  it.each(refusals)('is refused with %s', (_, change, path, message) => {
    expect(problemsOf(change)).toEqual([
      expect.objectContaining({ path, message: expect.stringMatching(message) }),
    ])
  })
})

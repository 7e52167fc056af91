import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { citeEntry, citeTrack } from './citation.ts'

beforeEach(() => void vi.stubEnv('MATE_BENCH_URL', 'https://bench.example'))
afterEach(() => void vi.unstubAllEnvs())

const track = {
  ...{ dataset: 'cifar100', key: '6fc0d434', entries: 22, synthetic: false },
  updatedAt: '2026-03-04T10:00:00.000Z',
}

it('cites a view of a track with its day, and shortens its address without losing the view', () => {
  const shortOf = (path: string) => citeTrack({ ...track, path }).short
  const { text, bibtex, href } = citeTrack({ ...track, path: '/?track=6fc0d434&method=mate#board' })
  expect(text).toBe(
    'MATE Bench, multi-exit networks on cifar100 (track 6fc0d434). 22 entries, as of 2026-03-04',
  )
  expect(bibtex).toContain('@misc{mate-bench-6fc0d434-2026-03-04,')
  expect(bibtex).toContain('title        = {{MATE Bench: multi-exit networks on cifar100}}')
  expect(href).toBe('https://bench.example/?track=6fc0d434&method=mate#board')
  expect(shortOf('/?track=6fc0d434#board')).toBe('https://bench.example/t/6fc0d434')
  expect(shortOf('/?track=6fc0d434&method=mate&page=2#board')).toBe(
    'https://bench.example/t/6fc0d434?method=mate&page=2',
  )
  expect(shortOf('/tracks/6fc0d434?at=2026-01-01')).toBe(
    'https://bench.example/tracks/6fc0d434?at=2026-01-01',
  )
  expect(shortOf('/?track=6fc0d434&at=2026-01-01#board')).toBe(
    'https://bench.example/t/6fc0d434?at=2026-01-01',
  )
  const past = citeTrack({ ...track, day: '2026-01-01', path: '/?track=6fc0d434&at=2026-01-01#board' })
  expect(past.text).toMatch(/\(track 6fc0d434\)\. Frontier at the end of 2026-01-01$/)
  expect(past.bibtex).toContain('@misc{mate-bench-6fc0d434-2026-01-01,')
})

it('cites an entry with its seeds', () => {
  const entry = { id: 'entry_0123456789abcdef0123', name: 'a', specDigest: 'sha256:00', seeds: [1, 2] }
  const { text, short } = citeEntry({ ...entry, synthetic: false, updatedAt: track.updatedAt })
  expect(text).toBe('MATE Bench, a. Spec sha256:00, seeds 1, 2, as of 2026-03-04')
  expect(short).toBe('https://bench.example/e/01234567')
})

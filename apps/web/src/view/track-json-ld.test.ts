import { describe, expect, it } from 'vitest'
import { trackDataset } from './track-json-ld.ts'

describe('trackDataset', () => {
  it('names the track and leads to its files by absolute addresses', () => {
    const digest = `sha256:${'ab'.repeat(32)}`
    const track = {
      digest,
      document: {
        digest,
        dataset: 'cifar100',
        splits: {
          train: { count: 45_000, digest: `sha256:${'1'.repeat(64)}` },
          validation: { count: 5_000, digest: `sha256:${'2'.repeat(64)}` },
          test: { count: 10_000, digest: `sha256:${'3'.repeat(64)}` },
        },
        preprocessing: { imageShape: [32, 32, 3] as [number, number, number], mean: [0], std: [1] },
        protocol: { metrics: 'top1-top5-nll-ece15-auroc' as const, version: 1 as const },
        costConvention: 'macs' as const,
      },
      entries: 3,
      runs: 7,
      frontierShares: {},
      changedAt: new Date(0),
      best: null,
      version: '1',
    }
    const document = trackDataset(track, { key: 'abababab', synthetic: false })
    expect(document).toMatchObject({ '@type': 'Dataset', identifier: track.digest })
    const urls = JSON.stringify(document).match(/http:[^"]+board\.(csv|json)\?track=abababab/g)
    expect(urls).toHaveLength(2)
    expect(document).toMatchObject({ description: expect.stringMatching(/^Top-1 .* 3 networks .* 7 runs,/) })
    const made = trackDataset({ ...track, entries: 1, runs: 1 }, { key: 'abababab', synthetic: true })
    expect(made).toMatchObject({
      description: expect.stringMatching(/^Synthetic data, .* 1 network on .* 1 run,/),
    })
  })
})

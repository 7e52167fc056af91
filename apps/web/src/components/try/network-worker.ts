import { createBatchPreparer } from '@mate-bench/datasets/in-memory'
import { describeDataset } from '@mate-bench/datasets/registry'
import { decodePredictions } from '@mate-bench/harness/predictions-file'
import { answerExitByExit, openPublishedNetwork } from '@mate-bench/harness/published-network'
import { parseSpec, type Spec } from '@mate-bench/harness/spec'
import { artifactFiles, benchErrorFromUnknown } from '@mate-bench/schema'
import { ready } from '../talk-to-worker.ts'
import { type BackendChoice, chooseBackend } from './choose-backend.ts'
import { fetchBytes } from './fetch-bytes.ts'
import { fetchMiniTest } from './mini-images.ts'
import { miniPositions } from './mini-positions.ts'
import type { NetworkNews, NetworkOrder, Samples, TriedRun } from './network-messages.ts'

type Network = ReturnType<typeof openPublishedNetwork>

const tell = (news: NetworkNews) => self.postMessage(news)

/** One order after the other: an image waits until the network is there, and the one before is answered. */
let busy: Promise<unknown> = Promise.resolve()
let opened: { readonly network: Network; readonly spec: Spec } | undefined

self.addEventListener('message', ({ data }: MessageEvent<NetworkOrder>) => {
  const work = data.type === 'open' ? () => open(data.run, data.backend) : () => answer(data.id, data.bytes)
  busy = busy.then(work).catch((thrown) => report('network', thrown))
})
self.postMessage(ready)

async function open(run: TriedRun, choice: BackendChoice): Promise<void> {
  const spec = parseSpec(run.spec, 'the spec of the run')
  const file = (name: string) => `/runs/${run.runId}/files/${name}`
  const weights = fetchBytes(file(artifactFiles.model.file))
  const [backend, bytes] = await Promise.all([chooseBackend(choice), weights])
  const network = openPublishedNetwork(spec, bytes, run.weightsSha256)
  opened = { network, spec }
  await warmUp(network)
  tell({ type: 'opened', backend })
  if (run.hasSamples) {
    const predictions = run.hasPredictions ? fetchBytes(file(artifactFiles.predictions.file)) : undefined
    await samples(spec, predictions).then(
      (found) => tell({ type: 'samples', samples: found }),
      (thrown) => report('samples', thrown),
    )
  }
}

/** The first pass of a GPU compiles its programs: what is measured is what comes after. */
async function warmUp(network: Network): Promise<void> {
  const size = network.network.inputShape.reduce((product, extent) => product * extent, 1)
  for (let pass = 0; pass < 3; pass++) {
    for await (const _ of answerExitByExit(network, new Float32Array(size)));
  }
}

async function answer(id: number, bytes: Uint8Array): Promise<void> {
  if (opened === undefined) return
  const { imageShape, normalisation } = describeDataset(opened.spec.dataset)
  // As the loader prepares a test image, to the bit.
  const prepare = createBatchPreparer({
    set: { images: bytes, labels: Uint8Array.of(0) },
    imageShape,
    normalisation,
  })
  const { images } = prepare(Uint32Array.of(0), 0)
  for await (const one of answerExitByExit(opened.network, images)) tell({ type: 'exit', id, answer: one })
}

/** The test images that ship with the project, with the rows that the run published of them. */
async function samples({ dataset }: Spec, predictions: Promise<Uint8Array> | undefined): Promise<Samples> {
  const [{ images, labels }, bytes, positions] = await Promise.all([
    fetchMiniTest(),
    predictions,
    miniPositions(dataset.name),
  ])
  if (bytes === undefined) return { images, labels: Array.from(labels), published: [] }
  const { indices, table } = await decodePredictions(bytes, artifactFiles.predictions.file)
  const rowOf = new Map([...indices].map((index, row) => [index, row]))
  const rows = Array.from(labels, (_, i) => rowOf.get(positions?.[i] ?? i) ?? -1)
  const pick = (values: ArrayLike<number>) => rows.map((row) => values[row] ?? Number.NaN)
  const published = table.exits.map(({ predicted, confidence }) => ({
    predicted: pick(predicted),
    confidence: pick(confidence),
  }))
  return { images, labels: Array.from(labels), published }
}

function report(what: 'network' | 'samples', thrown: unknown): void {
  const { message, hint, problems } = benchErrorFromUnknown(thrown)
  tell({ type: 'failed', what, message: problems[0]?.message ?? message, hint })
}

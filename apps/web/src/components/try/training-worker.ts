import { fashionMnistMini, openRecords } from '@mate-bench/datasets/in-memory'
import { exitsOf, phaseAt } from '@mate-bench/harness/phases'
import { parseSpecText } from '@mate-bench/harness/spec'
import { trainInMemory } from '@mate-bench/harness/train-in-memory'
import { digestBytes } from '@mate-bench/provenance'
import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'
import { ready } from '../talk-to-worker.ts'
import { type BackendChoice, chooseBackend } from './choose-backend.ts'
import { fetchMini } from './mini-images.ts'
import { nextTurn } from './next-turn.ts'
import type { TrainingNews, TrainingOrder } from './training-messages.ts'

const tell = (news: TrainingNews) => self.postMessage(news)

let stop = new AbortController()

self.addEventListener('message', ({ data }: MessageEvent<TrainingOrder>) => {
  if (data.type === 'stop') stop.abort()
  else train(data.text, data.backend).catch(report)
})
self.postMessage(ready)

/** The first seed of the spec, as `mate-bench run` trains it. */
async function train(text: string, choice: BackendChoice): Promise<void> {
  stop = new AbortController()
  const spec = parseSpecText(text, 'the spec')
  const [seed] = spec.seeds
  if (spec.dataset.name !== fashionMnistMini.name || seed === undefined) {
    throw new BenchError({
      code: 'bad-input',
      message: `This page can train on ${fashionMnistMini.name} only, not on ${spec.dataset.name}.`,
      path: 'dataset.name',
      hint: 'To train on another dataset, submit the spec, or train it from a terminal with `mate-bench run`.',
    })
  }
  tell({ type: 'opening', what: 'images' })
  const hash = (bytes: Uint8Array) => digestBytes(bytes).replace('sha256:', '')
  const dataset = openRecords(fashionMnistMini, spec.dataset, await fetchMini(), hash)
  tell({ type: 'opening', what: 'backend' })
  const backend = await chooseBackend(choice)
  const { epochs, batchSize } = spec.training
  const stepsPerEpoch = Math.ceil(dataset.splits.train.indices.length / batchSize)
  const exits = spec.model.exits.length
  tell({ type: 'began', backend, epochs, stepsPerEpoch, exits, seed })
  const trained = await trainInMemory({
    spec,
    seed,
    dataset,
    nextTurn,
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type !== 'step' && event.type !== 'epoch' && event.type !== 'evaluating') return
      const done = event.type === 'step' ? event.epoch : event.type === 'epoch' ? event.epoch - 1 : epochs - 1
      tell({ type: 'event', event, exits: exitsOf(phaseAt(spec.training, done), exits) })
    },
  })
  tell({ type: 'trained', ...trained })
}

function report(thrown: unknown): void {
  const { code, message, hint, problems } = benchErrorFromUnknown(thrown)
  if (code === 'interrupted') {
    tell({ type: 'stopped' })
    return
  }
  const first = problems[0]
  tell({
    type: 'failed',
    message: first ? `${first.path}: ${first.message}` : message,
    hint: first?.hint ?? hint,
  })
}

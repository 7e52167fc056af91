import type { Metadata } from 'next'
import joint from '../../../../../../bench-specs/quickstart/joint.json'
import mate from '../../../../../../bench-specs/quickstart/mate.json'
import { NeedsReact } from '../../../components/needs-react.tsx'
import { checkSpec } from '../../../components/spec/check-spec.ts'
import { TrainInBrowser } from '../../../components/try/train-in-browser.tsx'

export const metadata: Metadata = {
  title: 'Train in your browser',
  description: 'Train a multi-exit network on real images in your own browser, with nothing to install.',
}

/** `$schema` is a path for editors on disk. One seed is what a page trains. */
const textOf = ({ $schema: _, ...spec }: { readonly $schema?: string | undefined }) =>
  `${JSON.stringify({ ...spec, seeds: [1] }, null, 2)}\n`

const first = { name: 'joint', text: textOf(joint) }
const examples = [first, { name: 'MATE', text: textOf(mate) }] as const

export default function TrainPage() {
  return (
    <>
      <p className="text-soft">
        <a className="link" href="/try">
          Try it in your browser
        </a>{' '}
        / train
      </p>
      <h1 className="mt-1">Train in your browser</h1>
      <p className="mt-1 mb-5 max-w-[75ch] text-soft">
        Train a multi-exit network on Fashion-MNIST mini, 6,000 real images, with the same code as the command
        line. It runs on your own machine, on WebGPU or WebAssembly: nothing leaves your browser, and nothing
        is kept when you close the page. Start from an example and change its epochs, network or method.
      </p>
      <noscript>
        <p className="card mb-5 p-4">
          Training in the page needs JavaScript. Without it, <code>npm ci && npm run quickstart</code> in a
          checkout of the project trains the same spec from a terminal.
        </p>
      </noscript>
      <NeedsReact />
      <TrainInBrowser examples={examples} initialCheck={checkSpec(first.text)} />
    </>
  )
}

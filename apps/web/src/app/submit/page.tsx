import { findSpec } from '@mate-bench/store'
import type { Metadata } from 'next'
import cifar100 from '../../../../../bench-specs/cifar100/resnet18-mate.json'
import fashionMnist from '../../../../../bench-specs/fashion-mnist/resnet8-mate.json'
import quickstart from '../../../../../bench-specs/quickstart/mate.json'
import { limitsFromEnvironment } from '../../api/limits.ts'
import { CodeBlock } from '../../components/code-block.tsx'
import { NeedsReact } from '../../components/needs-react.tsx'
import { checkSpec } from '../../components/spec/check-spec.ts'
import { SpecEditor } from '../../components/submit/spec-editor.tsx'
import { TokenSource } from '../../components/token-source.tsx'
import { siteUrl } from '../../data/site-url.ts'
import { getStore } from '../../data/store.ts'
import { getTrainingSpeed } from '../../data/training-speed.ts'
import type { SearchParams } from '../../view/board-params.ts'
import { parseDigest } from '../../view/digest.ts'
import { startingSpec } from '../../view/starting-spec.ts'

export const metadata: Metadata = {
  title: 'Submit a spec',
  description: 'Write a spec, see what it costs, and submit it for training.',
}

/** `$schema` is a path for editors on disk. */
const textOf = ({ $schema: _, ...spec }: { readonly $schema?: string | undefined }) =>
  `${JSON.stringify(spec, null, 2)}\n`

const examples = [
  { name: 'quickstart', text: textOf(quickstart) },
  { name: 'Fashion-MNIST', text: textOf(fashionMnist) },
  { name: 'CIFAR-100', text: textOf(cifar100) },
]

const one = (value: string | string[] | undefined) => (typeof value === 'string' ? value : value?.[0])

export default async function SubmitPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { spec: digest, ...asked } = await searchParams
  const wanted = typeof digest === 'string' ? parseDigest(digest) : undefined
  const found = wanted === undefined ? undefined : await findSpec((await getStore()).db, wanted)
  const limits = limitsFromEnvironment()
  const started = startingSpec({ method: one(asked.method), backbone: one(asked.backbone) })
  const document = found?.document ?? started
  const text = document ? textOf(document) : (examples[0]?.text ?? '')
  return (
    <>
      <h1>Submit a spec</h1>
      <p className="mt-1 mb-5 max-w-[75ch] text-soft">
        A spec says what to train and how to evaluate it. It is checked as you type, against the schema that
        the workers use. New here?{' '}
        <a className="link" href="/docs/submit">
          From an idea to an entry, step by step
        </a>
        . A small spec can be{' '}
        <a className="link" href="/try/train">
          trained in your browser
        </a>{' '}
        first.
      </p>
      <noscript>
        <div className="card mb-5 space-y-2 p-4">
          <p>Editing needs JavaScript. Without it, save the spec to a file and send it from a terminal:</p>
          <CodeBlock label="Submit from a terminal">
            {`npx mate-bench plan spec.json\nnpx mate-bench submit spec.json --url ${siteUrl().origin}`}
          </CodeBlock>
        </div>
      </noscript>
      <NeedsReact />
      <SpecEditor
        examples={examples}
        initialText={text}
        initialCheck={checkSpec(text)}
        tokenSource={<TokenSource scope="submit" />}
        speed={await getTrainingSpeed()}
        limits={{ macs: limits.macsPerSubmission, bytes: limits.bytesPerRun }}
      />
    </>
  )
}

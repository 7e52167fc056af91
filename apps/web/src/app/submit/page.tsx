import { findSpec } from '@mate-bench/store'
import type { Metadata } from 'next'
import cifar100 from '../../../../../bench-specs/cifar100/resnet18-mate.json'
import fashionMnist from '../../../../../bench-specs/fashion-mnist/resnet8-mate.json'
import quickstart from '../../../../../bench-specs/quickstart/mate.json'
import { limitsFromEnvironment } from '../../api/limits.ts'
import { SpecEditor } from '../../components/submit/spec-editor.tsx'
import { getStore } from '../../data/store.ts'
import { getTrainingSpeed } from '../../data/training-speed.ts'
import type { SearchParams } from '../../view/board-params.ts'

export const metadata: Metadata = {
  title: 'Submit a spec',
  description: 'Write a bench spec, see what it needs, and have it trained.',
}

/** `$schema` is a path for editors on disk. */
const textOf = ({ $schema: _, ...spec }: { readonly $schema?: string | undefined }) =>
  `${JSON.stringify(spec, null, 2)}\n`

const examples = [
  { name: 'quickstart', text: textOf(quickstart) },
  { name: 'Fashion-MNIST', text: textOf(fashionMnist) },
  { name: 'CIFAR-100', text: textOf(cifar100) },
]

export default async function SubmitPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { spec: digest } = await searchParams
  const isDigest = typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest)
  const found = isDigest ? await findSpec((await getStore()).db, `sha256:${digest}`) : undefined
  const limits = limitsFromEnvironment()
  return (
    <>
      <h1>Submit a spec</h1>
      <p className="mt-1 mb-5 max-w-[75ch] text-soft">
        A spec says what to train and how to evaluate it. It is checked here by the same schema that the
        worker uses. From a terminal: <code>npx mate-bench submit spec.json --url SITE</code>.
      </p>
      <noscript>
        <p className="card mb-5 p-4">
          The editor needs JavaScript. Without it, write the spec in a file and submit it from a terminal.
        </p>
      </noscript>
      <SpecEditor
        examples={examples}
        initialText={found ? textOf(found.document) : (examples[0]?.text ?? '')}
        speed={await getTrainingSpeed()}
        limits={{ macs: limits.macsPerSubmission, bytes: limits.bytesPerRun }}
      />
    </>
  )
}

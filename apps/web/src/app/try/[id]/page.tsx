import type { Metadata } from 'next'
import { notFound, permanentRedirect } from 'next/navigation'
import { NeedsReact } from '../../../components/needs-react.tsx'
import { TryNetwork } from '../../../components/try/try-network.tsx'
import { getEntryDetail } from '../../../data/entry-detail.ts'
import { presentRoles } from '../../../data/run-files.ts'
import type { SearchParams } from '../../../view/board-params.ts'
import { percentText, si } from '../../../view/numbers.ts'
import { tryableRun } from '../../../view/tryable.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
  readonly searchParams: Promise<SearchParams>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const detail = await getEntryDetail((await params).id)
  if (!detail) return {}
  const { name } = detail.entry
  return { title: `Try ${name}`, description: `Run ${name} on an image in your own browser, exit by exit.` }
}

export default async function TryPage({ params, searchParams }: Props) {
  const { id } = await params
  const detail = await getEntryDetail(id)
  if (!detail) notFound()
  const { entry, runs } = detail
  if (entry.id !== id) permanentRedirect(`/try/${entry.id}`)
  const { seed } = await searchParams
  const run = runs.find((candidate) => String(candidate.seed) === seed) ?? runs[0]
  if (!run) notFound()
  const { manifest } = run
  const tried = tryableRun(manifest, await presentRoles(manifest))
  return (
    <>
      <p className="text-soft">
        <a className="link" href={`/entries/${entry.id}`}>
          {entry.name}
        </a>{' '}
        /{' '}
        <a className="link" href={`/runs/${run.id}`}>
          seed {run.seed}
        </a>{' '}
        /{' '}
        <a className="link" href="/try">
          try it
        </a>
      </p>
      <h1 className="mt-1">Try {entry.name} in your browser</h1>
      <p className="mt-1 mb-5 max-w-[75ch] text-soft">
        The published weights of seed {run.seed} run on your own machine, with WebGPU or WebAssembly: the
        image stays in your browser. Exits answer one after the other, as on a device that may stop at any of
        them. Times are measured on your machine, from the image to the exit’s answer; a warm-up pass is not
        counted.
        {runs.length > 1 ? ' Other seeds: ' : null}
        {runs
          .filter((other) => other.id !== run.id)
          .map((other) => (
            <a key={other.id} className="link mr-2" href={`/try/${entry.id}?seed=${other.seed}`}>
              {other.seed}
            </a>
          ))}
      </p>
      {tried ? (
        <>
          <noscript>
            <p className="card mb-5 p-4">
              Running the network needs JavaScript. Without it:{' '}
              {manifest.model.exits
                .map(({ sequentialMacs }, i) => {
                  const top1 = manifest.results.exits[i]?.top1 ?? 0
                  return `exit ${i + 1} takes ${si(sequentialMacs)} MACs and is right for ${percentText(top1, 1)} of the test images`
                })
                .join('; ')}
              .
            </p>
          </noscript>
          <NeedsReact />
          <TryNetwork {...tried} />
        </>
      ) : (
        <p className="card p-4">
          This network cannot run in the browser: either its weights are not stored on this site, or the
          network or its images are too large.{' '}
          <a className="link" href="/try">
            Networks that can run here
          </a>
        </p>
      )}
    </>
  )
}

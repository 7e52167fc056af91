import type { ArtifactRole, Manifest } from '@mate-bench/schema'
import { bytes } from '../../view/numbers.ts'
import { Checkout } from '../checkout.tsx'
import { CodeBlock } from '../code-block.tsx'
import { DataTable } from '../data-table.tsx'

interface Props {
  readonly manifest: Manifest
  /** Files that are here. */
  readonly present: ReadonlySet<ArtifactRole>
}

/** The files of a run with their digests, and what makes those that are not here. */
export function ArtifactTable({ manifest, present }: Props) {
  const missing = manifest.artifacts.filter(({ role }) => !present.has(role))
  return (
    <div className="card">
      <DataTable
        label={`Files of seed ${manifest.seed}`}
        caption={`Files of seed ${manifest.seed}`}
        columns={['File', { number: 'Size' }, 'SHA-256']}
      >
        {manifest.artifacts.map(({ role, file, bytes: size, sha256 }) => (
          <tr key={role}>
            <th scope="row">
              {present.has(role) ? (
                <a className="link" href={`/runs/${manifest.runId}/files/${file}`} download>
                  {file}
                </a>
              ) : (
                <>
                  {file} <span className="tag ml-1">not here</span>
                </>
              )}
            </th>
            <td className="num">{bytes(size)}</td>
            <td className="font-mono text-[0.82em]">{sha256}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">
            <a className="link" href={`/runs/${manifest.runId}/files/manifest.json`} download>
              manifest.json
            </a>
          </th>
          <td />
          <td className="font-mono text-[0.82em]" title="Digest of its content, without the digest itself">
            {manifest.manifestDigest.replace('sha256:', '')}
          </td>
        </tr>
        <tr>
          <th scope="row">
            <a className="link" href={`/runs/${manifest.runId}/files/ro-crate-metadata.json`} download>
              ro-crate-metadata.json
            </a>
          </th>
          <td />
          <td>describes these files to programs (RO-Crate)</td>
        </tr>
      </DataTable>
      {missing.length === 0 ? null : <MissingFiles manifest={manifest} hasWeights={present.has('model')} />}
    </div>
  )
}

/** For a run that ships: the manifest has the digests of these files too, so that recreated ones can be compared. */
function MissingFiles({
  manifest,
  hasWeights,
}: {
  readonly manifest: Manifest
  readonly hasWeights: boolean
}) {
  const { runId } = manifest
  return (
    <div className="space-y-2 px-4 pt-1 pb-4">
      <p className="max-w-[80ch] text-[0.92rem]">
        {hasWeights
          ? 'The predictions follow from the weights.'
          : 'Weights and predictions follow from training.'}{' '}
        In <Checkout />, this command{' '}
        {hasWeights
          ? 'computes them again, compares their digests and keeps them:'
          : 'trains the run again and compares their digests:'}
      </p>
      <CodeBlock label="Command that recreates the missing files">
        {hasWeights ? `npx mate-bench evaluate ${runId} --record` : `npx mate-bench reproduce ${runId}`}
      </CodeBlock>
    </div>
  )
}

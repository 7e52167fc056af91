import type { Manifest } from '@mate-bench/schema'
import { bytes } from '../../view/numbers.ts'
import { TableScroll } from '../table-scroll.tsx'

/** The files of a run with their digests. */
export function ArtifactTable({ manifest }: { manifest: Manifest }) {
  return (
    <div className="card">
      <TableScroll label={`Files of seed ${manifest.seed}`}>
        <table className="data">
          <caption className="sr-only">Files of seed {manifest.seed}</caption>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col" className="num">
                Size
              </th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {manifest.artifacts.map(({ role, file, bytes: size, sha256 }) => (
              <tr key={role}>
                <th scope="row">
                  <a className="link" href={`/runs/${manifest.runId}/files/${file}`} download>
                    {file}
                  </a>
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
              <td
                className="font-mono text-[0.82em]"
                title="Digest of its content, without the digest itself"
              >
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
          </tbody>
        </table>
      </TableScroll>
    </div>
  )
}

import { formatManifest } from '@mate-bench/harness/manifest'
import { formatEnvelope } from '@mate-bench/harness/signing'
import { digestJson } from '@mate-bench/provenance'
import { artifactFiles, companionFiles } from '@mate-bench/schema'
import { findRun, parseSha256, signatureOfRun } from '@mate-bench/store'
import { etagOf, notModified } from '../../../../../api/conditional.ts'
import { reportFault } from '../../../../../data/report-fault.ts'
import { presentRoles } from '../../../../../data/run-files.ts'
import { getArtifacts, getStore } from '../../../../../data/store.ts'

interface Context {
  readonly params: Promise<{ readonly id: string; readonly file: string }>
}

/** A file that a run's manifest lists, or the manifest. Names lead to digests, never to paths. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { id, file } = await params
  const run = await findRun((await getStore()).db, id)
  if (!run) return new Response('There is no such run.\n', { status: 404 })
  const { manifest } = run
  if (file === 'manifest.json') {
    const digest = manifest.manifestDigest
    return answer(request, formatManifest(manifest), { file, digest, mediaType: 'application/json' })
  }
  if (file === companionFiles.signature.file) {
    const signature = await signatureOfRun((await getStore()).db, run.id)
    if (!signature) return new Response('This run is not signed.\n', { status: 404 })
    const { envelope } = signature
    return answer(request, formatEnvelope(envelope), {
      ...companionFiles.signature,
      digest: digestJson(envelope),
    })
  }
  const listed = manifest.artifacts.find((artifact) => artifact.file === file)
  if (!listed) return new Response('The run has no such file.\n', { status: 404 })
  try {
    const present = run.tier === 'reported' ? await presentRoles(manifest) : undefined
    if (present?.has('metrics') && !present.has(listed.role)) {
      return new Response('This file is not stored here; the page of the run says what makes it.\n', {
        status: 404,
      })
    }
    const bytes = await (await getArtifacts()).get(parseSha256(listed.sha256))
    const served = { ...artifactFiles[listed.role], digest: `sha256:${listed.sha256}` }
    return answer(request, new Uint8Array(bytes), served)
  } catch (thrown) {
    // Where files are kept, and what is wrong there, is for who runs the server.
    reportFault(thrown)
    return new Response('The file cannot be read at the moment.\n', { status: 503 })
  }
}

interface Served {
  /** Its name for whoever saves it. */
  readonly file: string
  readonly digest: string
  readonly mediaType: string
}

/**
 * What has a digest never changes: kept by any cache, for good. A file's type follows from its role, whatever a manifest
 * says; it is saved, and its policy (`proxy.ts`) lets it do nothing.
 */
function answer(request: Request, body: BodyInit, { file, digest, mediaType }: Served): Response {
  const headers = {
    etag: etagOf(digest),
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': mediaType,
    'x-content-type-options': 'nosniff',
    'content-disposition': `attachment; filename="${file}"`,
  }
  if (notModified(request.headers, headers.etag)) return new Response(null, { status: 304, headers })
  return new Response(body, { headers })
}

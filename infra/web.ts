import { launchQueue, launchWake } from './api.ts'
import { secrets } from './secrets.ts'
import { settingsOf } from './stage.ts'
import { artifacts, publishedArtifacts } from './storage.ts'

/** Stands before the site and is made before it, so that the site can be told where it is reached. */
const router = new sst.aws.Router('Site', {
  edge: {
    viewerRequest: {
      // CloudFront knows the viewer's address; what the viewer itself sent under this name is overwritten.
      injection: 'event.request.headers["x-client-address"] = { value: event.viewer.ip };',
    },
  },
})

/** The site and its API. It reads what is published, and wakes the launch function; it cannot train or publish. */
export const web = new sst.aws.Nextjs('Web', {
  path: 'apps/web',
  router: { instance: router },
  openNextVersion: '3.9.14',
  // Builds with that version, and puts before the function what answers methods that Next.js can't be asked with.
  buildCommand: 'npm run build:aws',
  link: [secrets.postgresUrl, secrets.siteSigningKey, publishedArtifacts, launchWake],
  environment: {
    MATE_BENCH_URL: router.url,
    TRUSTED_PROXY: 'x-client-address',
    MATE_BENCH_LAUNCHER: 'aws-batch',
    MATE_BENCH_MAX_MACS: String(settingsOf($app.stage).maximumMacs),
    MATE_BENCH_LAUNCH_QUEUE_URL: launchQueue.url,
    MATE_BENCH_ARTIFACTS: $interpolate`s3://${artifacts.name}/artifacts`,
    ...toldByOperator(),
  },
})

/** What the site says of itself where whoever deploys it names it; public, like the pages that show it. */
function toldByOperator(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const names = ['MATE_BENCH_REPOSITORY', 'MATE_BENCH_CONTACT', 'MATE_BENCH_LICENCE'] as const
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}

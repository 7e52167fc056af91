import { launchQueue, launchWake } from './api.ts'
import { secrets } from './secrets.ts'
import { artifacts, publishedArtifacts } from './storage.ts'

/** The site and its API. It reads what is published, and wakes the launch function; it can not train or publish. */
export const web = new sst.aws.Nextjs('Web', {
  path: 'apps/web',
  openNextVersion: '3.9.14',
  link: [secrets.postgresUrl, publishedArtifacts, launchWake],
  environment: {
    MATE_BENCH_LAUNCHER: 'aws-batch',
    MATE_BENCH_LAUNCH_QUEUE_URL: launchQueue.url,
    MATE_BENCH_ARTIFACTS: $interpolate`s3://${artifacts.name}/artifacts`,
  },
})

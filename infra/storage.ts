import { settingsOf } from './stage.ts'

const settings = settingsOf($app.stage)

/**
 * One bucket: `artifacts/` holds what is published, under digests and never changed; `checkpoints/` what unfinished
 * runs need to go on; `datasets/` published files, so that each is downloaded from its origin once.
 */
export const artifacts = new sst.aws.Bucket('Artifacts', {
  versioning: true,
  lifecycle: [{ id: 'checkpoints', prefix: 'checkpoints/', expiresIn: `${settings.checkpointDays} days` }],
  transform: {
    // Each epoch's checkpoint takes the place of the one before, which versioning would keep, and bill, for ever.
    lifecycle: (args) => {
      args.rules = $output(args.rules ?? []).apply((rules) =>
        rules.map((rule) => ({
          ...rule,
          noncurrentVersionExpiration: { noncurrentDays: 1 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        })),
      )
    },
  },
})

/** Reading what is published, and no other file: the component's own link would give every right on the bucket. */
export const publishedArtifacts = new sst.Linkable('PublishedArtifacts', {
  properties: { name: artifacts.name, prefix: 'artifacts' },
  include: [
    sst.aws.permission({
      actions: ['s3:GetObject'],
      resources: [$interpolate`${artifacts.arn}/artifacts/*`],
    }),
    // Without it S3 answers 403 for a missing object, not 404. No condition on `s3:prefix`: reading an object has no prefix.
    sst.aws.permission({ actions: ['s3:ListBucket'], resources: [artifacts.arn] }),
  ],
})

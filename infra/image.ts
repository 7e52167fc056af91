import { settingsOf } from './stage.ts'

const settings = settingsOf($app.stage)

const repository = new aws.ecr.Repository('TrainerRepository', {
  imageTagMutability: 'IMMUTABLE',
  imageScanningConfiguration: { scanOnPush: true },
  forceDelete: !settings.production,
})
new aws.ecr.LifecyclePolicy('TrainerRepositoryLifecycle', {
  repository: repository.name,
  policy: $jsonStringify({
    rules: [
      {
        rulePriority: 1,
        description: 'keep the last ten images',
        selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 },
        action: { type: 'expire' },
      },
    ],
  }),
})
const login = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId })

/** Tags are immutable: a new commit is a new tag. What runs is named by its digest in any case. */
const tag = process.env.MATE_BENCH_IMAGE_TAG ?? `${$app.stage}-${Date.now()}`

export const image = new dockerbuild.Image('TrainerImage', {
  context: { location: $cli.paths.root },
  dockerfile: { location: `${$cli.paths.root}/functions/trainer/trainer.Dockerfile` },
  ...(process.env.MATE_BENCH_BASE_IMAGE
    ? { buildArgs: { BASE_IMAGE: process.env.MATE_BENCH_BASE_IMAGE } }
    : {}),
  platforms: ['linux/amd64'],
  push: true,
  // `sst diff` would build the whole image otherwise.
  buildOnPreview: false,
  tags: [$interpolate`${repository.repositoryUrl}:${tag}`],
  registries: [{ address: repository.repositoryUrl, username: login.userName, password: login.password }],
})

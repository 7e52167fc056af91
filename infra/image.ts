import { codeVersion } from './code-version.ts'
import { settingsOf } from './stage.ts'

const settings = settingsOf($app.stage)

const repository = new aws.ecr.Repository(
  'TrainerRepository',
  {
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    forceDelete: !settings.production,
  },
  // Entries name the image that they were trained in by its digest: in production all of them stay.
  { retainOnDelete: settings.production },
)
if (settings.imagesKept !== 'all') {
  new aws.ecr.LifecyclePolicy('TrainerRepositoryLifecycle', {
    repository: repository.name,
    policy: $jsonStringify({
      rules: [
        {
          rulePriority: 1,
          description: 'keep the newest images',
          selection: {
            tagStatus: 'any',
            countType: 'imageCountMoreThan',
            countNumber: settings.imagesKept,
          },
          action: { type: 'expire' },
        },
      ],
    }),
  })
}
const login = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId })

const baseImage = process.env.MATE_BENCH_BASE_IMAGE
const { commit, dirty, tag } = codeVersion($cli.paths.root, baseImage)

export const image = new dockerbuild.Image('TrainerImage', {
  context: { location: $cli.paths.root },
  dockerfile: { location: `${$cli.paths.root}/functions/trainer/trainer.Dockerfile` },
  buildArgs: {
    // In the image there is no git to ask.
    MATE_BENCH_COMMIT: commit,
    ...(dirty === null ? {} : { MATE_BENCH_DIRTY: String(dirty) }),
    ...(baseImage ? { BASE_IMAGE: baseImage } : {}),
  },
  platforms: ['linux/amd64'],
  push: true,
  // `sst diff` would build the whole image otherwise.
  buildOnPreview: false,
  tags: [$interpolate`${repository.repositoryUrl}:${tag}`],
  registries: [{ address: repository.repositoryUrl, username: login.userName, password: login.password }],
})

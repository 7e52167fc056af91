import { codeVersion } from '../../code-version.ts'
import { settingsOf } from '../../stage.ts'
import { at, container, ofType, only, types } from '../graph.ts'
import { mockCommit, root } from '../synth.ts'
import { editingContainer, first, setting } from './mistakes.ts'
import { type Rule, valuesRule } from './rule.ts'

const { bucket, logGroup, repository } = types
const lifecycle = 'aws:ecr/lifecyclePolicy:LifecyclePolicy'
const kept = [
  [bucket, 'ArtifactsBucket'],
  [repository, 'TrainerRepository'],
  [logGroup, 'TrainerLogs'],
] as const

export const keepingRules: readonly Rule[] = [
  {
    name: 'logs are kept for their stage’s time',
    problems: (graph) => {
      const groups = ofType(graph, logGroup)
      const days = settingsOf(graph.stage).logRetentionDays
      // SST's own functions of the site have a time of their own.
      const ours = groups.filter(({ name }) => !name.startsWith('Web'))
      return [
        ...(ours.length === 4 ? [] : [`${ours.length} log groups`]),
        ...groups
          .filter(({ name, inputs }) =>
            name.startsWith('Web') ? !inputs.retentionInDays : inputs.retentionInDays !== days,
          )
          .map(({ name, inputs }) => `${name}: ${inputs.retentionInDays} days`),
      ]
    },
    mistakes: [
      {
        what: 'for ever',
        make: setting(logGroup, 'retentionInDays', 0, 'TrainerLogs'),
        finds: 'TrainerLogs: 0',
      },
      {
        what: 'a function’s for ever',
        make: setting(logGroup, 'retentionInDays', 0, 'ReconcileHandler'),
        finds: 'ReconcileHandlerLogGroup: 0',
      },
      {
        what: 'one that is not seen',
        make: (graph) => {
          first(graph, logGroup, 'TrainerLogs').type = 'other'
        },
        finds: '3 log groups',
      },
    ],
  },
  valuesRule('the bucket is closed to the public, and keeps versions', [
    {
      type: 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
      name: 'Artifacts',
      count: 1,
      values: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    },
    {
      type: 'aws:s3/bucketVersioning:BucketVersioning',
      name: 'Artifacts',
      count: 1,
      values: { 'versioningConfiguration.status': 'Enabled' },
    },
  ]),
  valuesRule(
    'checkpoints expire, with the versions that each epoch leaves, and nothing that is published does',
    [
      {
        type: 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
        name: 'Artifacts',
        count: 1,
        values: {
          'rules.0.filter.prefix': 'checkpoints/',
          'rules.0.status': 'Enabled',
          'rules.0.expiration.days': (graph) => settingsOf(graph.stage).checkpointDays,
          'rules.0.noncurrentVersionExpiration.noncurrentDays': 1,
        },
      },
    ],
  ),
  valuesRule('images cannot be changed once pushed, and are scanned', [
    {
      type: repository,
      count: 1,
      values: { imageTagMutability: 'IMMUTABLE', 'imageScanningConfiguration.scanOnPush': true },
    },
  ]),
  {
    name: 'as many images are kept as their stage says',
    problems: (graph) => {
      const { imagesKept } = settingsOf(graph.stage)
      const policies = ofType(graph, lifecycle).map(({ inputs }) => {
        const { rules } = JSON.parse(String(inputs.policy)) as {
          rules: { selection: { countNumber: number } }[]
        }
        return rules.map(({ selection }) => selection.countNumber).join()
      })
      const kept = policies.join('; ') || 'all'
      return kept === String(imagesKept) ? [] : [`kept: ${kept}, not ${imagesKept}`]
    },
    mistakes: [
      {
        what: 'the last ten',
        make: ({ resources }) =>
          resources.push({
            type: lifecycle,
            name: 'TrainerRepositoryLifecycle',
            inputs: { policy: JSON.stringify({ rules: [{ selection: { countNumber: 10 } }] }) },
            secretAt: [],
            retained: false,
          }),
        finds: 'kept: 10, not all',
      },
    ],
  },
  valuesRule('the image is not built by a preview, and knows its commit', [
    {
      type: 'docker-build:index:Image',
      count: 1,
      values: {
        buildOnPreview: false,
        push: true,
        platforms: ['linux/amd64'],
        'buildArgs.MATE_BENCH_COMMIT': mockCommit,
        // The same whenever the same is deployed: a second deployment has nothing to build.
        'tags.0': `111111111111.dkr.ecr.us-east-1.amazonaws.com/trainerrepository:${codeVersion(root, '', mockCommit).tag}`,
      },
    },
  ]),
  {
    name: 'the container is named by its digest, and says so in every manifest',
    problems: (graph) => {
      const definition = container(graph)
      const image = String(at(definition, 'image'))
      const told = (at(definition, 'environment') as { name: string; value: string }[]).find(
        ({ name }) => name === 'MATE_BENCH_CONTAINER',
      )
      return [
        ...(/@sha256:[0-9a-f]{64}$/.test(image) ? [] : [`image ${image}`]),
        ...(told?.value === image ? [] : [`it says ${told?.value}`]),
      ]
    },
    mistakes: [
      {
        what: 'by its tag',
        make: editingContainer((definition) => {
          definition.image = 'trainer:latest'
        }),
        finds: 'image trainer:latest',
      },
      {
        what: 'the trainer is not told',
        make: editingContainer((definition) => {
          definition.environment = []
        }),
        finds: 'it says undefined',
      },
    ],
  },
  {
    name: 'a removal leaves what a production stage has published, with its images and logs, and nothing of another',
    problems: (graph) => {
      const production = graph.stage === 'production'
      const { removal, protect } = graph.app
      return [
        ...(removal === (production ? 'retain' : 'remove') ? [] : [`removal ${removal}`]),
        ...(protect === production ? [] : [`protect ${protect}`]),
        ...kept.flatMap(([type, name]) =>
          only(graph, type, name).retained === production ? [] : [`${name} ${production ? 'goes' : 'stays'}`],
        ),
        // A repository with images in it cannot be deleted otherwise.
        ...(only(graph, repository).inputs.forceDelete === !production ? [] : ['forceDelete']),
      ]
    },
    mistakes: [
      {
        what: 'the other removal',
        make: ({ app }) => {
          app.removal = app.removal === 'retain' ? 'remove' : 'retain'
        },
        finds: 'removal ',
      },
      {
        what: 'the other protection',
        make: ({ app }) => {
          app.protect = !app.protect
        },
        finds: 'protect ',
      },
      ...kept.map(([type, name]) => ({
        what: `the other for ${name}`,
        make: (graph: Parameters<typeof first>[0]) => {
          const resource = first(graph, type, name)
          resource.retained = !resource.retained
        },
        finds: `${name} `,
      })),
      { what: 'the other for images', make: setting(repository, 'forceDelete', null), finds: 'forceDelete' },
    ],
  },
]

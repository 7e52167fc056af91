import { image } from './image.ts'
import { executionRole, instanceProfile, jobRole, postgresUrlParameter } from './roles.ts'
import { attempts, settingsOf } from './stage.ts'
import { artifacts } from './storage.ts'
import { trainerContainer } from './trainer.ts'

const settings = settingsOf($app.stage)
const tags = { 'mate-bench:stage': $app.stage }

// Public subnets give the machines addresses of their own: no NAT gateway to pay for.
const vpc = new sst.aws.Vpc('Vpc', { az: 2 })
const securityGroup = new aws.ec2.SecurityGroup('BatchSecurityGroup', {
  vpcId: vpc.id,
  description: 'Training machines: nothing comes in',
  egress: [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }],
})
const launchTemplate = new aws.ec2.LaunchTemplate('BatchLaunchTemplate', {
  metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
  blockDeviceMappings: [
    {
      deviceName: '/dev/xvda',
      ebs: { volumeSize: 100, volumeType: 'gp3', encrypted: 'true', deleteOnTermination: 'true' },
    },
  ],
  tagSpecifications: [{ resourceType: 'instance', tags }],
})

/**
 * No name and no service role: only so can the service update an environment in place, and one that has to be
 * replaced can not be deleted while a queue names it.
 */
function computeEnvironment(name: string, type: 'SPOT' | 'EC2') {
  return new aws.batch.ComputeEnvironment(name, {
    type: 'MANAGED',
    computeResources: {
      type,
      allocationStrategy: type === 'SPOT' ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE',
      // T4 and A10G: what the CUDA 11 libraries of tfjs-node-gpu were built for.
      instanceTypes: ['g4dn', 'g5'],
      minVcpus: 0,
      maxVcpus: settings.maximumVcpus,
      subnets: vpc.publicSubnets,
      securityGroupIds: [securityGroup.id],
      instanceRole: instanceProfile.arn,
      ec2Configurations: [{ imageType: 'ECS_AL2023_NVIDIA' }],
      launchTemplate: { launchTemplateId: launchTemplate.id, version: '$Latest' },
      tags,
    },
  })
}
const spot = computeEnvironment('GpuSpot', 'SPOT')
const onDemand = computeEnvironment('GpuOnDemand', 'EC2')

export const queue = new aws.batch.JobQueue('GpuQueue', {
  state: 'ENABLED',
  priority: 10,
  computeEnvironmentOrders: [
    { order: 1, computeEnvironment: spot.arn },
    { order: 2, computeEnvironment: onDemand.arn },
  ],
  jobStateTimeLimitActions: (
    [
      ['CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', settings.capacityWaitHours * 3600],
      ['MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', 600],
      ['MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', 600],
    ] as const
  ).map(([reason, maxTimeSeconds]) => ({ action: 'CANCEL', state: 'RUNNABLE', reason, maxTimeSeconds })),
  tags,
})

const logs = new aws.cloudwatch.LogGroup('TrainerLogs', { retentionInDays: settings.logRetentionDays })

const jobDefinition = new aws.batch.JobDefinition('Trainer', {
  type: 'container',
  platformCapabilities: ['EC2'],
  propagateTags: true,
  // A function from before a deployment still submits to the revision that it knows.
  deregisterOnNewRevision: false,
  timeout: { attemptDurationSeconds: settings.attemptHours * 3600 },
  retryStrategy: {
    attempts,
    // In this order; a failure that no rule matches would be tried again, hence the last.
    evaluateOnExits: [
      { onStatusReason: 'Host EC2*', action: 'RETRY' },
      { onReason: 'CannotPullContainerError*', action: 'RETRY' },
      // trainerExitCodes.tryAgain
      { onExitCode: '75', action: 'RETRY' },
      { onReason: '*', action: 'EXIT' },
    ],
  },
  containerProperties: $resolve([
    image.ref,
    jobRole.arn,
    executionRole.arn,
    artifacts.name,
    postgresUrlParameter.arn,
    logs.name,
    aws.getRegionOutput().region,
  ]).apply(([imageRef, jobRoleArn, executionRoleArn, bucket, postgresUrl, logGroup, region]) =>
    JSON.stringify(
      trainerContainer({
        image: imageRef,
        jobRoleArn,
        executionRoleArn,
        bucket,
        postgresUrlParameter: postgresUrl,
        logGroup,
        region,
        attemptSeconds: settings.attemptHours * 3600,
      }),
    ),
  ),
  tags,
})

/** What the functions need to submit, ask for and end jobs. */
export const gpu = new sst.Linkable('GpuBatch', {
  properties: {
    queueArn: queue.arn,
    jobDefinitionArn: jobDefinition.arn,
    logGroup: logs.name,
    maximumActiveJobs: settings.maximumActiveJobs,
  },
  include: [
    sst.aws.permission({
      actions: ['batch:SubmitJob'],
      // Needs rights on both; any revision, so that a deployment can swap it.
      resources: [queue.arn, $interpolate`${jobDefinition.arnPrefix}:*`],
    }),
    sst.aws.permission({
      actions: ['batch:TagResource', 'batch:TerminateJob'],
      resources: [
        $interpolate`arn:aws:batch:${aws.getRegionOutput().region}:${aws.getCallerIdentityOutput().accountId}:job/*`,
      ],
    }),
    // These know no rights on single jobs.
    sst.aws.permission({ actions: ['batch:DescribeJobs', 'batch:ListJobs'], resources: ['*'] }),
  ],
})

/** `cloudVariables` of packages/cloud, for a function that submits. */
export const batchVariables = {
  MATE_BENCH_BATCH_QUEUE: queue.arn,
  MATE_BENCH_BATCH_JOB_DEFINITION: jobDefinition.arn,
  MATE_BENCH_MAX_ACTIVE_JOBS: String(settings.maximumActiveJobs),
  MATE_BENCH_ATTEMPT_SECONDS: String(settings.attemptHours * 3600),
  MATE_BENCH_CAPACITY_WAIT_SECONDS: String(settings.capacityWaitHours * 3600),
  MATE_BENCH_LOG_GROUP: logs.name,
}

import { image } from './image.ts'
import { instanceTypes, maximumVcpus } from './machines.ts'
import {
  executionRole,
  instanceProfile,
  jobRole,
  postgresUrlParameter,
  signingKeyParameter,
} from './roles.ts'
import { attempts, settingsOf } from './stage.ts'
import { artifacts } from './storage.ts'
import { trainerContainer } from './trainer.ts'

const settings = settingsOf($app.stage)
const machines = instanceTypes()
const tags = { 'mate-bench:stage': $app.stage }

/** Without it the agent lets a spot machine vanish under the trainer, which would not hear of its two minutes. */
const passSpotNoticeOn = `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=="

--==
Content-Type: text/x-shellscript; charset="us-ascii"

#!/bin/bash
echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config

--==--
`

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
  userData: Buffer.from(passSpotNoticeOn).toString('base64'),
  tagSpecifications: [{ resourceType: 'instance', tags }],
})

/**
 * No name and no service role: only so can the service update an environment in place, and one that has to be
 * replaced cannot be deleted while a queue names it.
 */
function computeEnvironment(name: string, type: 'SPOT' | 'EC2') {
  return new aws.batch.ComputeEnvironment(name, {
    type: 'MANAGED',
    computeResources: {
      type,
      allocationStrategy: type === 'SPOT' ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE',
      instanceTypes: machines,
      minVcpus: 0,
      maxVcpus: maximumVcpus(machines, settings.maximumActiveJobs),
      subnets: vpc.publicSubnets,
      securityGroupIds: [securityGroup.id],
      instanceRole: instanceProfile.arn,
      ec2Configurations: [{ imageType: 'ECS_AL2023_NVIDIA' }],
      launchTemplate: {
        launchTemplateId: launchTemplate.id,
        // Its number: by `$Latest` a change of the template would be none of the environment, and never reach it.
        version: $interpolate`${launchTemplate.latestVersion}`,
      },
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

const logs = new aws.cloudwatch.LogGroup(
  'TrainerLogs',
  { retentionInDays: settings.logRetentionDays },
  { retainOnDelete: settings.production },
)

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
      // Docker, the agent or SSM failed before the trainer ran.
      { onStatusReason: 'Task failed to start*', action: 'RETRY' },
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
    signingKeyParameter.arn,
    logs.name,
    aws.getRegionOutput().region,
  ]).apply(([imageRef, jobRoleArn, executionRoleArn, bucket, postgresUrl, signingKey, logGroup, region]) =>
    JSON.stringify(
      trainerContainer({
        image: imageRef,
        jobRoleArn,
        executionRoleArn,
        bucket,
        postgresUrlParameter: postgresUrl,
        signingKeyParameter: signingKey,
        logGroup,
        region,
        attemptSeconds: settings.attemptHours * 3600,
      }),
    ),
  ),
  tags,
})

const jobs = $interpolate`arn:aws:batch:${aws.getRegionOutput().region}:${aws.getCallerIdentityOutput().accountId}:job/*`
/** `queueTag` of packages/cloud, with which every job is submitted. */
const ofThisQueue = 'aws:ResourceTag/mate-bench:queue'

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
    // Ids of jobs are not known before: the tag that each is submitted with says whose it is.
    sst.aws.permission({
      actions: ['batch:TerminateJob'],
      resources: [jobs],
      conditions: [{ test: 'StringEquals', variable: ofThisQueue, values: [queue.arn] }],
    }),
    // A job that is being submitted has no tag yet; one of another queue cannot be made one of this.
    sst.aws.permission({
      actions: ['batch:TagResource'],
      resources: [jobs],
      conditions: [{ test: 'StringEqualsIfExists', variable: ofThisQueue, values: [queue.arn] }],
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

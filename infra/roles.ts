import { secrets } from './secrets.ts'
import { artifacts } from './storage.ts'

const assumedBy = (service: string) => aws.iam.assumeRolePolicyForPrincipal({ Service: service })

/** Of the machines: join the cluster, pull images, write logs. */
const instanceRole = new aws.iam.Role('BatchInstanceRole', {
  assumeRolePolicy: assumedBy('ec2.amazonaws.com'),
  managedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role'],
})
export const instanceProfile = new aws.iam.InstanceProfile('BatchInstanceProfile', {
  role: instanceRole.name,
})

export const postgresUrlParameter = new aws.ssm.Parameter('TrainerPostgresUrl', {
  type: 'SecureString',
  value: secrets.postgresUrl.value,
})

export const signingKeyParameter = new aws.ssm.Parameter('TrainerSigningKeyParameter', {
  type: 'SecureString',
  value: secrets.trainerSigningKey.value,
})

/** Of the agent that starts the container: reads its two secrets. */
export const executionRole = new aws.iam.Role('TrainerExecutionRole', {
  assumeRolePolicy: assumedBy('ecs-tasks.amazonaws.com'),
  managedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'],
  inlinePolicies: [
    {
      name: 'secret',
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          {
            actions: ['ssm:GetParameters'],
            resources: [postgresUrlParameter.arn, signingKeyParameter.arn],
          },
        ],
      }).json,
    },
  ],
})

/** Of the code in the container. Published artifacts are never deleted by it; checkpoints are. */
export const jobRole = new aws.iam.Role('TrainerJobRole', {
  assumeRolePolicy: assumedBy('ecs-tasks.amazonaws.com'),
  inlinePolicies: [
    {
      name: 'artifacts',
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          {
            actions: ['s3:GetObject', 's3:PutObject'],
            resources: ['artifacts', 'checkpoints', 'datasets'].map(
              (prefix) => $interpolate`${artifacts.arn}/${prefix}/*`,
            ),
          },
          { actions: ['s3:DeleteObject'], resources: [$interpolate`${artifacts.arn}/checkpoints/*`] },
          // Without it a missing object reads as a forbidden one.
          { actions: ['s3:ListBucket'], resources: [artifacts.arn] },
        ],
      }).json,
    },
  ],
})

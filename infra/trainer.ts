import type { ContainerProperties } from '@aws-sdk/client-batch'

/** What the container is given; ARNs and names, and no secret itself. */
export interface TrainerPlace {
  readonly image: string
  readonly jobRoleArn: string
  readonly executionRoleArn: string
  readonly bucket: string
  /** ARN of the parameter that holds the database's URL, encrypted. */
  readonly postgresUrlParameter: string
  /** ARN of the parameter that holds the key that signs its runs, encrypted. */
  readonly signingKeyParameter: string
  readonly logGroup: string
  readonly region: string
  /** When AWS Batch ends an attempt, and does not try again. */
  readonly attemptSeconds: number
}

/**
 * The training container. One GPU exactly: tfjs-node would use the last of several and leave the others idle.
 * Memory stays below what the smallest machines (16 GiB) have left for containers.
 */
export function trainerContainer(place: TrainerPlace): ContainerProperties {
  return {
    image: place.image,
    command: ['node', 'functions/trainer/bin/trainer.js', '--run', 'Ref::runId'],
    jobRoleArn: place.jobRoleArn,
    executionRoleArn: place.executionRoleArn,
    resourceRequirements: [
      { type: 'GPU', value: '1' },
      { type: 'VCPU', value: '4' },
      { type: 'MEMORY', value: '14000' },
    ],
    environment: [
      { name: 'AWS_REGION', value: place.region },
      // It ends itself before, and is tried again.
      { name: 'MATE_BENCH_ATTEMPT_SECONDS', value: String(place.attemptSeconds) },
      { name: 'MATE_BENCH_ARTIFACTS', value: `s3://${place.bucket}/artifacts` },
      { name: 'MATE_BENCH_CHECKPOINTS', value: `s3://${place.bucket}/checkpoints` },
      { name: 'MATE_BENCH_CONTAINER', value: place.image },
      { name: 'MATE_BENCH_DATA_CACHE', value: `s3://${place.bucket}/datasets` },
      // Out of memory is then the model's doing, and said to be.
      { name: 'TF_FORCE_GPU_ALLOW_GROWTH', value: 'true' },
      { name: 'TF_CPP_MIN_LOG_LEVEL', value: '1' },
    ],
    secrets: [
      { name: 'POSTGRES_URL', valueFrom: place.postgresUrlParameter },
      { name: 'MATE_BENCH_SIGNING_KEY', valueFrom: place.signingKeyParameter },
    ],
    // A first process that passes signals on and reaps; room for the threads that prepare batches.
    linuxParameters: { initProcessEnabled: true, sharedMemorySize: 1024 },
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': place.logGroup, 'awslogs-stream-prefix': 'trainer' },
    },
  }
}

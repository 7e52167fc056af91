// Made by `npm run infra:generate` from the infrastructure: what `Resource` gives in linked functions.
import 'sst'

declare module 'sst' {
  export interface Resource {
    Artifacts: {
      name: string
      type: 'sst.aws.Bucket'
    }
    BatchEvents: {
      type: 'sst.aws.Queue'
      url: string
    }
    BatchEventsDeadLetters: {
      type: 'sst.aws.Queue'
      url: string
    }
    DefaultBus: {
      arn: string
      name: string
      type: 'sst.aws.Bus'
    }
    GpuBatch: {
      jobDefinitionArn: string
      logGroup: string
      maximumActiveJobs: number
      queueArn: string
      type: 'sst.sst.Linkable'
    }
    Launch: {
      type: 'sst.aws.Queue'
      url: string
    }
    LaunchDeadLetters: {
      type: 'sst.aws.Queue'
      url: string
    }
    LaunchQueue: {
      type: 'sst.sst.Linkable'
      url: string
    }
    OperatorEmail: {
      type: 'sst.sst.Secret'
      value: string
    }
    PostgresUrl: {
      type: 'sst.sst.Secret'
      value: string
    }
    PublishedArtifacts: {
      name: string
      prefix: string
      type: 'sst.sst.Linkable'
    }
    Site: {
      type: 'sst.aws.Router'
      url: string
    }
    SiteSigningKey: {
      type: 'sst.sst.Secret'
      value: string
    }
    TrainerSigningKey: {
      type: 'sst.sst.Secret'
      value: string
    }
    Vpc: {
      type: 'sst.aws.Vpc'
    }
    Web: {
      type: 'sst.aws.Nextjs'
      url: string
    }
  }
}

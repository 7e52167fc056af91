/// <reference path="./.sst/platform/config.d.ts" />

// Reads as a table of contents: one module a concern, under infra/. docs/deploy.md has the commands.
export default $config({
  app(input) {
    const production = input?.stage === 'production'
    return {
      name: 'mate-bench',
      version: '4.17.1',
      home: 'aws',
      removal: production ? 'retain' : 'remove',
      protect: production,
      providers: {
        aws: { region: 'us-east-1', version: '7.20.0' },
        'docker-build': '0.0.14',
      },
    }
  },
  async run() {
    const { secrets } = await import('./infra/secrets.ts')
    const { artifacts } = await import('./infra/storage.ts')
    const { gpu } = await import('./infra/batch.ts')
    const { launchQueue } = await import('./infra/api.ts')
    await import('./infra/events.ts')
    await import('./infra/budget.ts')
    const { web } = await import('./infra/web.ts')
    void secrets
    return {
      site: web.url,
      artifacts: artifacts.name,
      jobQueue: gpu.properties.queueArn,
      jobDefinition: gpu.properties.jobDefinitionArn,
      launchQueue: launchQueue.url,
      logGroup: gpu.properties.logGroup,
    }
  },
})

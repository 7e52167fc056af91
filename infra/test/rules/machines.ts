import { instances } from '@mate-bench/cloud/instance-prices'
import { settingsOf } from '../../stage.ts'
import { at, list, ofType, only, types } from '../graph.ts'
import { editing, removing, setting } from './mistakes.ts'
import { type Rule, valuesRule } from './rule.ts'

const { computeEnvironment, jobQueue, launchTemplate } = types
/** Those that `plan --cloud` says: each has one GPU, which a job of one GPU fills. */
const oneGpuEach = instances.filter(({ byDefault }) => byDefault).map(({ name }) => name)

const userData = (text: string) => setting(launchTemplate, 'userData', Buffer.from(text).toString('base64'))

export const machineRules: readonly Rule[] = [
  {
    name: 'spot comes before on-demand',
    problems: (graph) => {
      const kinds = list(only(graph, jobQueue).inputs.computeEnvironmentOrders).map((item) => {
        const arn = String(at(item, 'computeEnvironment'))
        const environment = ofType(graph, computeEnvironment).find(({ name }) => arn.endsWith(`/${name}`))
        return `${at(item, 'order')} ${at(environment?.inputs, 'computeResources.type')}`
      })
      return kinds.join() === '1 SPOT,2 EC2' ? [] : [kinds.join()]
    },
    mistakes: [
      {
        what: 'on-demand first',
        make: editing(jobQueue, 'computeEnvironmentOrders', (orders) => orders.reverse()),
        finds: '2 EC2,1 SPOT',
      },
      { what: 'no on-demand', make: removing(computeEnvironment, 'GpuOnDemand'), finds: '2 undefined' },
      {
        what: 'spot twice',
        make: setting(computeEnvironment, 'computeResources.type', 'SPOT', 'GpuOnDemand'),
        finds: '2 SPOT',
      },
    ],
  },
  valuesRule('machines have one GPU, a driver and the latest template, and can be none', [
    {
      type: computeEnvironment,
      count: 2,
      values: {
        type: 'MANAGED',
        'computeResources.minVcpus': 0,
        'computeResources.instanceTypes': oneGpuEach,
        'computeResources.ec2Configurations.0.imageType': 'ECS_AL2023_NVIDIA',
        // The number of the newest, as the mocked service has it: `$Latest` would hide a change of the template.
        'computeResources.launchTemplate.version': '7',
      },
    },
  ]),
  {
    name: 'how many GPUs run at a time is bounded, and every job that may be submitted has one',
    problems: (graph) => {
      const { maximumActiveJobs } = settingsOf(graph.stage)
      return ofType(graph, computeEnvironment).flatMap(({ name, inputs }) => {
        const most = Number(at(inputs, 'computeResources.maxVcpus'))
        return most === 4 * maximumActiveJobs ? [] : [`${name}: maxVcpus ${most}`]
      })
    },
    mistakes: [
      {
        what: 'no bound',
        make: setting(computeEnvironment, 'computeResources.maxVcpus', 10_000, 'GpuOnDemand'),
        finds: 'GpuOnDemand: maxVcpus 10000',
      },
      {
        what: 'none at all',
        make: setting(computeEnvironment, 'computeResources.maxVcpus', 0),
        finds: 'maxVcpus 0',
      },
    ],
  },
  valuesRule('disks are encrypted, and the metadata service wants a session', [
    {
      type: launchTemplate,
      count: 1,
      values: {
        'metadataOptions.httpTokens': 'required',
        'metadataOptions.httpPutResponseHopLimit': 1,
        'blockDeviceMappings.0.deviceName': '/dev/xvda',
        'blockDeviceMappings.0.ebs.encrypted': 'true',
        'blockDeviceMappings.0.ebs.deleteOnTermination': 'true',
      },
    },
  ]),
  {
    name: 'a spot machine’s notice reaches the trainer',
    problems: (graph) => {
      const text = Buffer.from(String(only(graph, launchTemplate).inputs.userData), 'base64').toString()
      // AWS Batch adds parts of its own: it takes user data in MIME parts only.
      const boundary = /^MIME-Version: 1\.0\nContent-Type: multipart\/mixed; boundary="(.+)"\n\n/.exec(
        text,
      )?.[1]
      const [, script, end] = boundary === undefined ? [] : text.split(`--${boundary}`)
      return [
        ...(end?.startsWith('--') ? [] : ['user data is no MIME archive']),
        ...(script?.includes('text/x-shellscript') && script.includes('\n\n#!/bin/bash\n')
          ? []
          : ['it has no script']),
        ...(/^echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> \/etc\/ecs\/ecs\.config$/m.test(script ?? '')
          ? []
          : ['the agent is not told to pass it on']),
      ]
    },
    mistakes: [
      {
        what: 'a bare script',
        make: userData('#!/bin/bash\necho ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config\n'),
        finds: 'no MIME archive',
      },
      {
        what: 'a part that is not run',
        make: userData(
          'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\ntext\n--b--\n',
        ),
        finds: 'it has no script',
      },
      { what: 'none', make: userData(''), finds: 'not told' },
    ],
  },
]

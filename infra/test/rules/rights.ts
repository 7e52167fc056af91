import { at, list, ofType, types } from '../graph.ts'
import type { Graph } from '../synth.ts'
import { first, type MutableGraph, type MutableValue } from './mistakes.ts'
import type { Rule } from './rule.ts'

export interface Statement {
  readonly role: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly conditions?: readonly {
    readonly test: string
    readonly variable: string
    readonly values: string[]
  }[]
}

/** Of the policies that stand in roles. Who may assume a role is another matter. */
export function allStatements(graph: Graph): Statement[] {
  return ofType(graph, types.role).flatMap(({ name, inputs }) =>
    list(inputs.inlinePolicies).flatMap((policy) => {
      const { Statement: statements } = JSON.parse(String(at(policy, 'policy')))
      return (statements as Omit<Statement, 'role'>[]).map((statement) => ({ role: name, ...statement }))
    }),
  )
}

/** Rights of the roles whose names begin so, one a line: `s3:GetObject arn:…`, with `if …` where a condition stands. */
export function rightsOf(graph: Graph, role: string): string[] {
  return linesOf(allStatements(graph).filter((statement) => statement.role.startsWith(role)))
}

export function linesOf(statements: readonly Omit<Statement, 'role'>[]): string[] {
  return statements
    .flatMap(({ actions, resources, conditions = [] }) => {
      const when = conditions.map(({ test, variable, values }) => ` if ${variable} ${test} ${values.join()}`)
      return actions.flatMap((action) => resources.map((resource) => `${action} ${resource}${when.join('')}`))
    })
    .sort()
}

/** Each the least that AWS offers for its kind of role. */
const managed = [
  'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role',
  'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy',
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
]

/** A name of its own stands before the asterisk: a bucket, a job definition for its revisions, a table for its indexes. */
const bounded =
  /^arn:aws:(s3:::[a-z0-9.-]{3,}\/([\w-]+\/)*|batch:[\w-]+:\d{12}:job-definition\/[\w-]+:|dynamodb:[\w-]+:\d{12}:table\/[\w-]+\/)\*$/
/** SST's component lets the site empty caches, and does not say which. */
const ofComponent = (role: string, actions: readonly string[]) =>
  role.startsWith('Web') && actions.join() === 'cloudfront:CreateInvalidation'
const asks = (actions: readonly string[]) =>
  actions.every((action) => /^\w+:(Describe|List)[A-Z]\w+$/.test(action))

const granting = (statement: Record<string, unknown>) => (graph: MutableGraph) => {
  const { inputs } = first(graph, types.role, 'TrainerJobRole')
  const policies = inputs.inlinePolicies as MutableValue[]
  policies.push({ name: 'x', policy: JSON.stringify({ Statement: [statement] }) })
}
const adding = (type: string, inputs: Record<string, string>) => (graph: MutableGraph) =>
  graph.resources.push({ type, name: 'Extra', inputs, secretAt: [], retained: false })

export const rightsRules: readonly Rule[] = [
  {
    name: 'no role may do anything, or anything to everything',
    problems: (graph) =>
      allStatements(graph).flatMap(({ role, actions, resources, conditions = [] }) => [
        ...actions.filter((action) => action.includes('*')).map((action) => `${role}: ${action}`),
        ...resources
          .filter((resource) => resource.includes('*') && !bounded.test(resource))
          .filter((resource) => !(resource === '*' && (asks(actions) || ofComponent(role, actions))))
          .filter(() => !conditions.some(({ variable }) => variable.startsWith('aws:ResourceTag/')))
          .map((resource) => `${role}: ${actions.join()} on ${resource}`),
      ]),
    mistakes: (
      [
        ['every right', ['s3:*'], ['arn:aws:s3:::bucket/a/*'], 'TrainerJobRole: s3:*'],
        ['some rights', ['s3:Get*'], ['arn:aws:s3:::bucket/a/*'], 'TrainerJobRole: s3:Get*'],
        ['everything', ['s3:GetObject'], ['*'], 's3:GetObject on *'],
        ['any bucket', ['s3:GetObject'], ['arn:aws:s3:::*'], 'on arn:aws:s3:::*'],
        ['any object of any bucket', ['s3:GetObject'], ['arn:aws:s3:::*/*'], 'on arn:aws:s3:::*/*'],
        ['any job', ['batch:TerminateJob'], ['arn:aws:batch:us-east-1:111111111111:job/*'], 'job/*'],
        ['asking and doing', ['batch:ListJobs', 'batch:TerminateJob'], ['*'], 'batch:TerminateJob on *'],
      ] as const
    ).map(([what, actions, resources, finds]) => ({
      what,
      make: granting({ actions, resources }),
      finds,
    })),
  },
  {
    name: 'rights come from policies that stand in roles, or from three of AWS’s own',
    problems: (graph) => [
      ...ofType(graph, types.role).flatMap(({ name, inputs }) => [
        ...list(inputs.managedPolicyArns)
          .filter((arn) => !managed.includes(String(arn)))
          .map((arn) => `${name}: ${arn}`),
        // For the functions' own SST writes a policy; a role that may do nothing would make the other rules empty.
        ...(list(inputs.inlinePolicies).length + list(inputs.managedPolicyArns).length > 0
          ? []
          : [`${name}: no policy`]),
      ]),
      ...graph.resources
        .filter(({ type }) => /^aws:iam\/(policy|rolePolic|.*Attachment|user|group)/.test(type))
        .map(({ type, name }) => `${type} ${name}`),
    ],
    mistakes: [
      {
        what: 'an administrator',
        make: (graph) => {
          first(graph, types.role, 'TrainerJobRole').inputs.managedPolicyArns = [
            'arn:aws:iam::aws:policy/AdministratorAccess',
          ]
        },
        finds: 'AdministratorAccess',
      },
      {
        what: 'none',
        make: (graph) => {
          first(graph, types.role, 'TrainerJobRole').inputs.inlinePolicies = []
        },
        finds: 'TrainerJobRole: no policy',
      },
      ...[
        'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
        'aws:iam/rolePoliciesExclusive:RolePoliciesExclusive',
        'aws:iam/rolePolicy:RolePolicy',
        'aws:iam/policy:Policy',
        'aws:iam/policyAttachment:PolicyAttachment',
        'aws:iam/userPolicy:UserPolicy',
      ].map((type) => ({ what: `beside them: ${type}`, make: adding(type, {}), finds: `${type} Extra` })),
    ],
  },
]

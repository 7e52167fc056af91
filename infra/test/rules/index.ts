import { jobRules } from './jobs.ts'
import { keepingRules } from './keeping.ts'
import { machineRules } from './machines.ts'
import { messageRules } from './messages.ts'
import { rightsRules } from './rights.ts'
import type { Rule } from './rule.ts'
import { secretRules } from './secrets.ts'
import { wiringRules } from './wiring.ts'

/** What has to hold in every stage. */
export const rules: readonly Rule[] = [
  ...machineRules,
  ...jobRules,
  ...messageRules,
  ...wiringRules,
  ...rightsRules,
  ...secretRules,
  ...keepingRules,
]

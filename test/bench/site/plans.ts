import pg from 'pg'
import type { SeenQuery } from './counting-proxy.ts'

export interface QueryPlan {
  /** First words and tables of the statement. */
  readonly query: string
  readonly milliseconds: number
  /** Every node that reads a table, such as `Index Scan exit_results (exit_results_pkey), 45 rows`. */
  readonly reads: readonly string[]
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly Plans?: readonly PlanNode[]
}

/** Runs each read once more with its own values and says how Postgres went about it. */
export async function explain(databaseUrl: string, queries: readonly SeenQuery[]): Promise<QueryPlan[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const plans: QueryPlan[] = []
    for (const { text, values } of queries) {
      if (!/^\s*select\b/i.test(text)) continue
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode; 'Execution Time': number }] }>(
        `explain (analyze, format json) ${text}`,
        [...values],
      )
      const [found] = rows[0]?.['QUERY PLAN'] ?? []
      if (!found) continue
      plans.push({ query: nameOf(text), milliseconds: found['Execution Time'], reads: readsOf(found.Plan) })
    }
    return plans
  } finally {
    await client.end()
  }
}

function readsOf(node: PlanNode): string[] {
  const { Plans: below = [] } = node
  const table = node['Relation Name']
  // A bitmap scan names its index in the node below.
  const index = node['Index Name'] ?? below.find((child) => 'Index Name' in child)?.['Index Name']
  const rows = Math.round((node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 1))
  const own =
    table === undefined
      ? []
      : [`${node['Node Type']} ${table}${index === undefined ? '' : ` (${index})`}, ${rows} rows`]
  return [...own, ...below.flatMap(readsOf)]
}

/** `from "exit_results" "runs" "entries"`: enough to know a statement again. */
function nameOf(text: string): string {
  const tables = [...text.matchAll(/\b(?:from|join) "(\w+)"/g)].flatMap(([, table]) => table ?? [])
  return [...new Set(tables)].join(', ')
}

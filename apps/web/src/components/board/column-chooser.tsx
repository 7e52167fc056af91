import { type BoardParams, type ColumnKey, columnKeys, defaultColumns } from '../../view/board-params.ts'
import { FilterForm } from './filter-form.tsx'
import { KeptFields } from './kept-fields.tsx'

const names: Readonly<Record<ColumnKey, string>> = {
  top1: 'Top-1 and interval',
  n: 'Seeds',
  method: 'Method',
  network: 'Network',
  leader: 'To the leader',
  baseline: 'To joint training',
  budgets: 'Top-1 within budgets',
  target: 'Cost of the target',
  macs: 'Sequential cost',
  isolated: 'Isolated cost',
  params: 'Parameters',
  ensemble: 'Ensemble',
  tier: 'Tier',
  updated: 'Last change',
}

/** Which columns the table has; the choice is part of the view's address. */
export function ColumnChooser({ params }: { readonly params: BoardParams }) {
  return (
    <details className="relative max-w-full">
      <summary className="button list-none">Columns</summary>
      <FilterForm
        defaults={{ columns: defaultColumns.join(',') }}
        className="card z-10 mt-1 px-4 py-3 sm:absolute sm:right-0 sm:w-max"
      >
        <fieldset className="grid grid-cols-2 gap-x-5 gap-y-1 text-[0.92rem]">
          <legend className="sr-only">Columns of the table</legend>
          {columnKeys.map((key) => (
            <label key={key} className="flex items-center gap-2">
              <input
                type="checkbox"
                name="columns"
                value={key}
                defaultChecked={params.columns.includes(key)}
                className="size-4 accent-(--accent)"
              />
              {names[key]}
            </label>
          ))}
        </fieldset>
        <KeptFields params={{ ...params, columns: defaultColumns }} />
        <noscript>
          <button type="submit" className="button mt-2">
            Apply
          </button>
        </noscript>
      </FilterForm>
    </details>
  )
}

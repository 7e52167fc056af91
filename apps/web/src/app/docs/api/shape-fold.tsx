import { Fold } from '../../../components/fold.tsx'
import { CodeText } from './code-text.tsx'
import { FieldTable } from './field-table.tsx'
import { fieldsOf, typeText } from './json-schema.ts'
import type { Shape } from './reference.ts'

/** A document that answers are made of. */
export function ShapeFold({ shape: { name, description, schema } }: { shape: Shape }) {
  const fields = fieldsOf(schema)
  return (
    <Fold
      summary={
        <>
          <code>{name}</code>
          {description ? <span className="font-normal text-soft"> {description}</span> : null}
        </>
      }
    >
      {/* Within the fold: a browser that is sent to it opens it. The summary above stays in view. */}
      <div id={`shape-${name}`} className="scroll-mt-24">
        {fields.length === 0 ? (
          <p>{typeText(schema)}</p>
        ) : (
          <FieldTable
            label={`Fields of ${name}`}
            heads={['Field', 'Type', 'Presence']}
            rows={fields.map((field) => ({
              name: field.path,
              type: field.type,
              note: field.required ? 'always' : 'may be absent',
              description: <CodeText text={field.description ?? ''} />,
            }))}
          />
        )}
      </div>
    </Fold>
  )
}

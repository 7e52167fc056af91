import { type ExitRule, exitRules } from '@mate-bench/stats'

export const ruleNames: Readonly<Record<ExitRule, string>> = {
  confidence: 'Confidence',
  entropy: 'Entropy',
  patience: 'Patience',
}

const explanations: Readonly<Record<ExitRule, string>> = {
  confidence:
    'An image leaves at the first exit whose largest softmax probability reaches the threshold (MSDNet, Shallow-Deep Networks).',
  entropy: 'An image leaves at the first exit whose softmax has an entropy below the threshold (BranchyNet).',
  patience:
    'An image leaves once its predicted class has stayed the same for that many exits in a row (PABEE).',
}

interface RuleChoiceProps {
  readonly rule: ExitRule
  readonly onChange: (rule: ExitRule) => void
}

/** Which rule decides where an image leaves. */
export function RuleChoice({ rule, onChange }: RuleChoiceProps) {
  return (
    <fieldset>
      <legend className="font-semibold">Exit rule</legend>
      <div className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
        {exitRules.map((name) => (
          <label key={name} className="flex items-center gap-1.5">
            <input
              type="radio"
              name="rule"
              value={name}
              checked={name === rule}
              onChange={() => onChange(name)}
              className="accent-(--accent)"
            />
            {ruleNames[name]}
          </label>
        ))}
      </div>
      <p className="mt-1 text-[0.88rem] text-soft">{explanations[rule]}</p>
    </fieldset>
  )
}

import type { ComponentChildren } from 'preact';

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  value: string | number;
  onText: (text: string) => void;
  type?: 'text' | 'password' | 'email' | 'url' | 'number' | 'date';
  required?: boolean;
  maxLength?: number;
  min?: number;
  max?: number;
  placeholder?: string;
  /** The id of a datalist. */
  list?: string;
}

export function Field({ label, hint, onText, ...input }: FieldProps) {
  const attributes: Record<string, unknown> = input;
  return (
    <label>
      {label}
      <input autoComplete="off" spellcheck={false} {...attributes} onInput={event => onText(event.currentTarget.value)} />
      {hint ? <small>{hint}</small> : null}
    </label>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  choices: ReadonlyArray<readonly [T, string]>;
  hint?: ComponentChildren;
  onChoice: (value: T) => void;
}

export function Choice<T extends string>({ label, value, choices, hint, onChoice }: ChoiceProps<T>) {
  return (
    <label>
      {label}
      <select value={value} onChange={event => onChoice(event.currentTarget.value as T)}>
        {choices.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
      {hint ? <small>{hint}</small> : null}
    </label>
  );
}

export function Check({ label, hint, checked, onCheck }: { label: string; hint?: ComponentChildren; checked: boolean; onCheck: (checked: boolean) => void }) {
  return (
    <label class="inline">
      <input type="checkbox" checked={checked} onChange={event => onCheck(event.currentTarget.checked)} />
      <span>
        {label}
        {hint ? (
          <>
            <br />
            <small>{hint}</small>
          </>
        ) : null}
      </span>
    </label>
  );
}

/** A number, or null for an empty field. */
export function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}

/** A text, or null for an empty field. */
export function textOf(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

import { useId } from "react";

interface Props {
  label: string;
  describedAs: string;
  accept: string;
  testId: string;
  disabled?: boolean;
  onFile: (file: File) => void;
}

/** A file field that looks like a button and is reached like one. */
export function FileButton({ label, describedAs, accept, testId, disabled, onFile }: Props) {
  const id = useId();
  return (
    <span className="file-button">
      <input
        id={id}
        type="file"
        accept={accept}
        disabled={disabled}
        aria-label={describedAs}
        data-testid={testId}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onFile(file);
          event.target.value = "";
        }}
      />
      <label htmlFor={id} aria-hidden="true">
        {label}
      </label>
    </span>
  );
}

import { useId } from "react";

interface Props {
  label: string;
  describedAs: string;
  accept: string;
  testId: string;
  /** A file is on its way; another is not taken meanwhile. */
  busy?: boolean;
  onFile: (file: File) => void;
}

/** A file field that looks like a button and is reached like one. */
export function FileButton({ label, describedAs, accept, testId, busy = false, onFile }: Props) {
  const id = useId();
  return (
    <span className="file-button">
      <input
        id={id}
        type="file"
        accept={accept}
        // Not disabled meanwhile: a disabled field loses the keyboard.
        aria-disabled={busy}
        aria-label={describedAs}
        data-testid={testId}
        onClick={(event) => {
          if (busy) event.preventDefault();
        }}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file && !busy) onFile(file);
          event.target.value = "";
        }}
      />
      <label htmlFor={id} aria-hidden="true">
        {label}
      </label>
    </span>
  );
}
